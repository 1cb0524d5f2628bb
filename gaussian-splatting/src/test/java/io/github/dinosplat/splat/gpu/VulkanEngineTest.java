package io.github.dinosplat.splat.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.EngineException;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PinholeView;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

/** What the engine promises as a whole: the same bits, memory that grows, nothing left behind, no hazard. */
@VulkanTest
class VulkanEngineTest {

    private static final int WIDTH = 61;
    private static final int HEIGHT = 43;
    private static final RenderOptions RENDER = new RenderOptions(2, new Colour(0.2f, 0.1f, 0.4f));
    private static final StepOptions OPTIONS = StepOptions.mcmc(RENDER, LearningRates.defaults(3), 11);

    private static Gaussians cloud(int count) {
        Random random = new Random(count);
        Gaussians g = Gaussians.zeros(count, 3);
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < 3; k++) {
                g.means()[3 * i + k] = (float) (2 * random.nextDouble() - 1);
                g.logScales()[3 * i + k] = (float) (-2.5 + 0.5 * random.nextGaussian());
            }
            g.quaternions()[4 * i] = 1;
            g.logitOpacities()[i] = (float) random.nextGaussian();
            for (int k = 0; k < 48; k++) {
                g.sh()[48 * i + k] = (float) (0.3 * random.nextGaussian());
            }
        }
        return g;
    }

    private static TrainingView photo(int seed) {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (128 + 100 * Math.sin(0.01 * i * (seed + 1)));
        }
        Rigid3 pose = new Rigid3(new Quaterniond().rotationY(0.2 * seed), new Vector3d(0, 0, 3));
        PinholeView view = new PinholeView(60, 62, 30, 22, WIDTH, HEIGHT, pose);
        return new TrainingView(view, new Image(WIDTH, HEIGHT, rgb));
    }

    private static final List<TrainingView> PHOTOS = List.of(photo(0), photo(1), photo(2), photo(3));

    private static void steps(VulkanEngine engine, int from, int to) {
        for (int s = from; s < to; s++) {
            engine.step(PHOTOS.get(s % PHOTOS.size()), OPTIONS);
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
        }
        return 31 * hash + Arrays.hashCode(state.gradientNormSums());
    }

    @Test
    void theSameStepsGiveTheSameBitsAlsoAfterAStop(VulkanContext context) {
        int expected;
        TrainingState halfWay;
        long photoUploads;
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.empty())) {
            engine.load(TrainingState.start(cloud(300)));
            steps(engine, 0, 6);
            halfWay = engine.state().copy();
            steps(engine, 6, 12);
            expected = bits(engine.state());
            photoUploads = engine.queue().photos().uploads();
            engine.load(TrainingState.start(cloud(300)));
            steps(engine, 0, 12);
            assertThat(bits(engine.state())).isEqualTo(expected);
            steps(engine, 12, 13);
            assertThat(bits(engine.state())).isNotEqualTo(expected);
        }
        assertThat(photoUploads).isEqualTo(PHOTOS.size());
        // Another engine goes on from a copy; with room for one photo it has to fetch each anew.
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.of(4L * WIDTH * HEIGHT))) {
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
            engine.load(TrainingState.start(cloud(200)));
            steps(engine, 0, 3);
            int grown = frame.hitRoom();
            assertThat(grown).isGreaterThan(200);
            int expected = bits(engine.state());
            assertThat(engine.state().iteration()).isEqualTo(3);
            engine.load(TrainingState.start(cloud(200)));
            steps(engine, 0, 3);
            assertThat(frame.hitRoom()).isEqualTo(grown);
            assertThat(bits(engine.state())).isEqualTo(expected);
            assertThat(Arrays.stream(engine.state().visibleSteps()).max()).hasValue(3);
        }
    }

    @Test
    void emptySmallAndUnevenCountsWork(VulkanContext context) {
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.empty())) {
            for (int count : new int[] {0, 1, 63, 64, 65, 257}) {
                engine.load(TrainingState.start(cloud(count)));
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
            engine.load(TrainingState.start(cloud(100)));
            steps(engine, 0, 1);
            StepQueue.Request request = new StepQueue.Request(PHOTOS.get(0), OPTIONS, 2, Optional.empty());
            try (StepRecordings recordings = new StepRecordings(context, engine.frame(), engine.stages())) {
                Commands commands = recordings.of(engine.deviceState(), request.block(WIDTH * HEIGHT));
                CommandTrace trace = commands.trace();
                assertThat(trace.entries()).hasSizeGreaterThan(40);
                assertThat(trace.hazards()).isEmpty();
                for (int barrier = 0; barrier < trace.barriers(); barrier++) {
                    assertThat(trace.withoutBarrier(barrier).hazards())
                            .as("without barrier %d", barrier)
                            .isNotEmpty();
                }
            }
        }
    }

    /** In a context that compares every buffer around each command. */
    @Test
    void noKernelWritesWhatItDidNotDeclare(@CheckedWrites VulkanContext context) {
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.of(0L))) {
            engine.load(TrainingState.start(cloud(70)));
            steps(engine, 0, 2);
            assertThat(engine.state().iteration()).isEqualTo(2);
            engine.render(PHOTOS.get(0).view(), RENDER.withMip(true));
        }
    }

    @Test
    void stateTakesAtMost720BytesAGaussian() {
        assertThat(DeviceState.BYTES_PER_GAUSSIAN).isEqualTo(716);
    }

    @Test
    void aDeviceThatIsNotThereIsAnOrdinaryAnswer() {
        ContextOptions absent = ContextOptions.defaults().withDevice(DeviceSelector.parse("no such device"));
        assertThatThrownBy(() -> VulkanEngine.open(absent))
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
