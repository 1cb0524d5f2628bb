package io.github.dinosplat.splat.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.EngineException;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.vulkan.CheckedWrites;
import io.github.dinosplat.vulkan.CommandTrace;
import io.github.dinosplat.vulkan.Commands;
import io.github.dinosplat.vulkan.ContextOptions;
import io.github.dinosplat.vulkan.DeviceSelector;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.VulkanTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the engine promises as a whole: the same bits, memory that grows, nothing left behind, no hazard. */
@VulkanTest
class VulkanEngineTest {

    private static final RenderOptions RENDER = new RenderOptions(2, new Colour(0.2f, 0.1f, 0.4f));
    private static final StepOptions OPTIONS = StepOptions.mcmc(RENDER, LearningRates.defaults(3), 11);

    private static final List<TrainingView> PHOTOS = Clouds.PHOTOS;

    private static void steps(VulkanEngine engine, int from, int to) {
        for (int s = from; s < to; s++) {
            engine.step(PHOTOS.get(s % PHOTOS.size()), OPTIONS);
        }
    }

    private static final StepOptions EVERYTHING = Clouds.everything(OPTIONS);
    private static final List<TrainingView> RICH_PHOTOS = IntStream.range(0, PHOTOS.size())
            .mapToObj(k -> Clouds.withEverything(k, PHOTOS.get(k)))
            .toList();

    private static TrainingState rich(int count) {
        return TrainingState.start(Clouds.cloudWithFeatures(count), PHOTOS.size());
    }

    private static void richSteps(VulkanEngine engine, int from, int to) {
        for (int s = from; s < to; s++) {
            engine.step(RICH_PHOTOS.get(s % PHOTOS.size()), EVERYTHING);
        }
    }

    private static int bits(TrainingState state) {
        int hash = 0;
        for (Gaussians g : List.of(state.gaussians(), state.firstMoments(), state.secondMoments())) {
            hash = 31 * hash + Arrays.hashCode(g.means());
            hash = 31 * hash + Arrays.hashCode(g.logScales());
            hash = 31 * hash + Arrays.hashCode(g.quaternions());
            hash = 31 * hash + Arrays.hashCode(g.logitOpacities());
            hash = 31 * hash + Arrays.hashCode(g.sh());
            hash = 31 * hash + Arrays.hashCode(g.features());
        }
        hash = 31 * hash + Arrays.hashCode(state.photos().values());
        hash = 31 * hash + Arrays.hashCode(state.photos().firstMoments());
        hash = 31 * hash + Arrays.hashCode(state.photos().backgroundValues());
        return 31 * hash + Arrays.hashCode(state.gradientNormSums());
    }

    /** With every stage there is: the same bits, also after a stop and behind a step that had no room. */
    @Test
    void stepsWithEverythingGiveTheSameBitsAlsoAfterAStop(VulkanContext context) {
        int expected;
        TrainingState halfWay;
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.empty())) {
            engine.load(rich(300));
            richSteps(engine, 0, 5);
            halfWay = engine.state().copy();
            engine.refine(310, 1);
            richSteps(engine, 5, 9);
            expected = bits(engine.state());
            engine.load(rich(300));
            List<DoubleSupplier> started = new ArrayList<>();
            for (int s = 0; s < 5; s++) {
                started.add(engine.start(RICH_PHOTOS.get(s % PHOTOS.size()), EVERYTHING));
            }
            assertThat(bits(engine.state())).isEqualTo(bits(halfWay));
            assertThat(started.stream().map(DoubleSupplier::getAsDouble)).allMatch(Double::isFinite);
            assertThat(engine.state().photos().steps()).containsExactly(2, 1, 1, 1);
        }
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.of(0L))) {
            engine.load(halfWay);
            engine.refine(310, 1);
            richSteps(engine, 5, 9);
            assertThat(bits(engine.state())).isEqualTo(expected);
            richSteps(engine, 9, 10);
            assertThat(bits(engine.state())).isNotEqualTo(expected);
        }
    }

    @Test
    void theSameStepsGiveTheSameBitsAlsoAfterAStop(VulkanContext context) {
        int expected;
        TrainingState halfWay;
        long photoUploads;
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.empty())) {
            engine.load(TrainingState.start(Clouds.cloud(300)));
            steps(engine, 0, 6);
            halfWay = engine.state().copy();
            steps(engine, 6, 12);
            expected = bits(engine.state());
            photoUploads = engine.queue().photos().uploads();
            engine.load(TrainingState.start(Clouds.cloud(300)));
            steps(engine, 0, 12);
            assertThat(bits(engine.state())).isEqualTo(expected);
            steps(engine, 12, 13);
            assertThat(bits(engine.state())).isNotEqualTo(expected);
        }
        assertThat(photoUploads).isEqualTo(PHOTOS.size());
        // Another engine goes on from a copy; with room for one photo it has to fetch each anew.
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.of(4L * Clouds.WIDTH * Clouds.HEIGHT))) {
            engine.load(halfWay);
            steps(engine, 6, 12);
            assertThat(bits(engine.state())).isEqualTo(expected);
        }
    }

    /** The first step of an engine has room for one hit only: it must have been repeated, and not counted twice. */
    @Test
    void hitsThatHaveNoRoomGetItAndTheStepIsRepeated(VulkanContext context) {
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.empty())) {
            Frame frame = engine.frame();
            assertThat(frame.hitRoom()).isEqualTo(1);
            engine.load(TrainingState.start(Clouds.cloud(200)));
            steps(engine, 0, 3);
            int grown = frame.hitRoom();
            assertThat(grown).isGreaterThan(200);
            int expected = bits(engine.state());
            assertThat(engine.state().iteration()).isEqualTo(3);
            engine.load(TrainingState.start(Clouds.cloud(200)));
            steps(engine, 0, 3);
            assertThat(frame.hitRoom()).isEqualTo(grown);
            assertThat(bits(engine.state())).isEqualTo(expected);
            assertThat(Arrays.stream(engine.state().visibleSteps()).max()).hasValue(3);
        }
    }

    /** Steps that are on their way when one has no room do nothing, and all are done again in their order. */
    @Test
    void stepsThatWereStartedBehindOneWithoutRoomAreRepeatedToo(VulkanContext context) {
        int expected;
        List<Double> losses = new ArrayList<>();
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.empty())) {
            engine.load(TrainingState.start(Clouds.cloud(200)));
            for (int s = 0; s < 5; s++) {
                losses.add(engine.step(PHOTOS.get(s % PHOTOS.size()), OPTIONS));
            }
            expected = bits(engine.state());
        }
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.of(0L))) {
            engine.load(TrainingState.start(Clouds.cloud(200)));
            List<DoubleSupplier> started = new ArrayList<>();
            for (int s = 0; s < 5; s++) {
                started.add(engine.start(PHOTOS.get(s % PHOTOS.size()), OPTIONS));
            }
            assertThat(bits(engine.state())).isEqualTo(expected);
            assertThat(started.stream().map(DoubleSupplier::getAsDouble)).isEqualTo(losses);
            assertThat(engine.state().iteration()).isEqualTo(5);
        }
    }

    /** As beyond 65,535 groups, but with few: every kernel has to find its work on a folded grid. */
    @Test
    void foldedGridsGiveTheSameBits() {
        int[] hashes = new int[2];
        for (int k = 0; k < 2; k++) {
            ContextOptions options = ContextOptions.defaults();
            try (VulkanContext context = VulkanContext.open(k == 0 ? options : options.withGroupLimit(21));
                    VulkanEngine engine = VulkanEngine.on(context, Optional.empty())) {
                engine.load(TrainingState.start(cloud6000()));
                List<TrainingView> photos = Clouds.photos(103, 77);
                for (int s = 0; s < 2; s++) {
                    engine.step(photos.get(s), OPTIONS);
                }
                engine.refine(6100, 1);
                engine.step(photos.get(2), OPTIONS);
                hashes[k] = bits(engine.state());
                engine.load(TrainingState.start(Clouds.cloudWithFeatures(3000), 2));
                for (int s = 0; s < 2; s++) {
                    engine.step(Clouds.withEverything(s, photos.get(s)), EVERYTHING);
                }
                hashes[k] = 31 * hashes[k] + bits(engine.state());
            }
        }
        assertThat(hashes[1]).isEqualTo(hashes[0]);
    }

    /** Enough Gaussians that all but the smallest dispatches have more than 21 groups. */
    private static Gaussians cloud6000() {
        Gaussians gaussians = Clouds.cloud(6000);
        for (int k = 0; k < 18_000; k++) {
            gaussians.logScales()[k] -= 2;
        }
        return gaussians;
    }

    @Test
    void commandsAreRecordedOnceForAKindOfStep(VulkanContext context) {
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.empty())) {
            engine.load(TrainingState.start(Clouds.cloud(200)));
            steps(engine, 0, 8);
            long made = engine.queue().recordings().made();
            steps(engine, 8, 20);
            assertThat(engine.queue().recordings().made()).isEqualTo(made);
            engine.step(
                    PHOTOS.get(0),
                    StepOptions.plain(RENDER, LearningRates.defaults(3)).withDepthWeight(1));
            assertThat(engine.queue().recordings().made()).isEqualTo(made);
            engine.step(
                    PHOTOS.get(0),
                    new StepOptions(
                            RENDER, LearningRates.defaults(3), 0, 0, 0, 0, 0, 0, 0, false)); // without similarity
            assertThat(engine.queue().recordings().made()).isEqualTo(made + 1);
            engine.refine(200, 1);
            steps(engine, 0, 4);
            assertThat(engine.queue().recordings().made()).isEqualTo(made + 2);
        }
    }

    @Test
    void emptySmallAndUnevenCountsWork(VulkanContext context) {
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.empty())) {
            for (int count : new int[] {0, 1, 63, 64, 65, 257}) {
                engine.load(TrainingState.start(Clouds.cloud(count)));
                assertThat(engine.step(PHOTOS.get(0), OPTIONS)).isBetween(0.0, 2.0);
                assertThat(engine.state().gaussians().firstUnusable()).isEqualTo(-1);
            }
            // Nothing in sight: the background alone.
            engine.load(TrainingState.start(Gaussians.zeros(0, 3)));
            float[] rgb = engine.render(PHOTOS.get(0).view(), RENDER).rgb();
            assertThat(rgb[0]).isEqualTo(0.2f);
            assertThat(rgb[rgb.length - 1]).isEqualTo(0.4f);
        }
    }

    @Test
    void aStepHasABarrierWhereverOneIsNeededAndNoneIsInVain(VulkanContext context) {
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.empty())) {
            engine.load(TrainingState.start(Clouds.cloud(100)));
            steps(engine, 0, 1);
            assertThat(lookAtBarriers(engine, context, PHOTOS.get(0), OPTIONS)).isGreaterThan(40);
            engine.load(rich(100));
            richSteps(engine, 0, 1);
            assertThat(lookAtBarriers(engine, context, RICH_PHOTOS.get(0), EVERYTHING))
                    .isGreaterThan(55);
        }
    }

    /** Looks at all pairs of commands of a step; returns how many commands there are. */
    private static int lookAtBarriers(
            VulkanEngine engine, VulkanContext context, TrainingView photo, StepOptions options) {
        StepTerms terms = StepTerms.of(photo, options, engine.deviceState().featureChannels);
        StepQueue.Request request = new StepQueue.Request(photo, options, terms, 2, 1);
        try (StepRecordings recordings = new StepRecordings(context, engine.frame(), engine.stages())) {
            Commands commands = recordings.of(engine.deviceState(), request.block(Clouds.WIDTH * Clouds.HEIGHT));
            CommandTrace trace = commands.trace();
            assertThat(trace.hazards()).isEmpty();
            for (int barrier = 0; barrier < trace.barriers(); barrier++) {
                assertThat(trace.withoutBarrier(barrier).hazards())
                        .as("without barrier %d", barrier)
                        .isNotEmpty();
            }
            return trace.entries().size();
        }
    }

    /** In a context that compares every buffer around each command. */
    @Test
    void noKernelWritesWhatItDidNotDeclare(@CheckedWrites VulkanContext context) {
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.of(0L))) {
            engine.load(TrainingState.start(Clouds.cloud(70)));
            steps(engine, 0, 2);
            assertThat(engine.state().iteration()).isEqualTo(2);
            engine.render(PHOTOS.get(0).view(), RENDER.withMip(true));
            engine.load(rich(40));
            richSteps(engine, 0, 1);
            assertThat(engine.state().iteration()).isEqualTo(1);
        }
    }

    @Test
    void stateTakesAtMost720BytesAGaussian() {
        assertThat(ColourStorage.BITS_32.bytesPerGaussian()).isEqualTo(716);
        assertThat(ColourStorage.BITS_16.bytesPerGaussian()).isEqualTo(428);
    }

    @Test
    void aDeviceThatIsNotThereIsAnOrdinaryAnswer() {
        ContextOptions absent = ContextOptions.defaults().withDevice(DeviceSelector.parse("no such device"));
        assertThatThrownBy(() -> VulkanEngine.open(absent, ColourStorage.BITS_32))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("no such device");
    }

    @Test
    void anEngineWithoutAStateSaysSo(VulkanContext context) {
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.empty())) {
            assertThatThrownBy(engine::state).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> engine.step(PHOTOS.get(0), OPTIONS)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> engine.render(PHOTOS.get(0).view(), RENDER))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
