package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.splat.EngineException;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.SplatView;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.splat.gpu.ColourStorage;
import io.github.dinosplat.splat.gpu.EngineProbe;
import io.github.dinosplat.splat.io.PlyFiles;
import io.github.dinosplat.splat.jvm.JvmEngine;
import io.github.dinosplat.splat.train.TrainingMethod.Background;
import io.github.dinosplat.splat.train.TrainingMethod.Exposure;
import io.github.dinosplat.splat.train.TrainingMethod.Refinement;
import io.github.dinosplat.vulkan.ContextOptions;
import io.github.dinosplat.vulkan.DeviceInfo;
import io.github.dinosplat.vulkan.LostDevice;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.VulkanTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole training runs on the Vulkan engine, and what happens when it fails. */
@VulkanTest
class VulkanTrainingTest {

    private static final TrainingScenes WALL = TrainingScenes.wall(9, 1, new Vector3d());
    private static final TrainOptions SHORT = TrainOptions.defaults()
            .withIterations(80)
            .withMaxGaussians(600)
            .withCheckpointEvery(20)
            .withEvaluations(2);
    private static final EngineChoice VULKAN = new EngineChoice(EngineChoice.Kind.VULKAN, Optional.empty());
    private static final EngineChoice JVM = EngineChoice.JVM;

    @TempDir
    Path temp;

    private static byte[] bytes(TrainResult result, Path file) throws IOException {
        PlyFiles.write(result.gaussians(), file);
        return Files.readAllBytes(file);
    }

    private static TrainResult train(TrainOptions options, Optional<Path> checkpoints, EngineChoice choice)
            throws IOException {
        return SplatTrainer.train(WALL.scene(), WALL, options.withEngine(choice), checkpoints, Progress.NONE);
    }

    @Test
    void trainsAsWellAsTheJvmEngineAndGivesTheSameFileTwice() throws IOException {
        TrainResult vulkan = train(SHORT, Optional.empty(), VULKAN);
        TrainResult jvm = train(SHORT, Optional.empty(), JVM);
        assertThat(vulkan.engine()).isEqualTo("vulkan");
        assertThat(vulkan.device()).contains("Vulkan");
        assertThat(jvm.engine()).isEqualTo("jvm");
        assertThat(vulkan.heldOutPsnr()).isCloseTo(jvm.heldOutPsnr(), Offset.offset(0.1));
        assertThat(vulkan.trainPsnr()).isCloseTo(jvm.trainPsnr(), Offset.offset(0.1));
        assertThat(vulkan.gaussians().count()).isEqualTo(jvm.gaussians().count());
        // The same file again, also after a stop in the middle.
        byte[] expected = bytes(vulkan, temp.resolve("a.ply"));
        Path checkpoints = Files.createDirectory(temp.resolve("checkpoints"));
        assertThatThrownBy(() -> SplatTrainer.train(
                        WALL.scene(), WALL, SHORT.withEngine(VULKAN), Optional.of(checkpoints), new StopsAt(47)))
                .isInstanceOf(java.util.concurrent.CancellationException.class);
        assertThat(bytes(train(SHORT, Optional.of(checkpoints), VULKAN), temp.resolve("b.ply")))
                .isEqualTo(expected);
        // Negative control: the other engine's file differs in its last bits.
        assertThat(bytes(jvm, temp.resolve("c.ply"))).isNotEqualTo(expected);
        // A checkpoint of one engine is not taken over by another that was asked for by name.
        assertThatThrownBy(() -> train(SHORT, Optional.of(checkpoints), JVM))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("engine");
    }

    @Test
    void coloursInSixteenBitsTrainAsWell() throws IOException {
        EngineChoice half = new EngineChoice(EngineChoice.Kind.VULKAN, Optional.empty(), ColourStorage.BITS_16);
        TrainResult result = train(SHORT, Optional.empty(), half);
        TrainResult jvm = train(SHORT, Optional.empty(), JVM);
        assertThat(result.heldOutPsnr()).isGreaterThan(jvm.heldOutPsnr() - 0.1);
        assertThat(result.trainPsnr()).isGreaterThan(jvm.trainPsnr() - 0.1);
    }

    /** Each variant of training, and all terms from networks at once. */
    static Stream<Arguments> variants() {
        TrainingTerms plain = TrainingTerms.defaults();
        return Stream.of(
                arguments(
                        "adc", new TrainingMethod(Refinement.ADC, Background.BLACK, false, Exposure.OFF, false), plain),
                arguments("background", with(Background.LEARNED, false, false, false), plain),
                arguments("poses", with(Background.BLACK, false, false, true), plain),
                arguments("exposure, mip", with(Background.BLACK, true, true, false), plain),
                arguments("terms", TrainingMethod.DEFAULT, PriorTrainingTest.ALL),
                arguments(
                        "all",
                        new TrainingMethod(Refinement.ADC, Background.LEARNED, true, Exposure.ON, true),
                        PriorTrainingTest.ALL));
    }

    private static TrainingMethod with(Background background, boolean mip, boolean exposure, boolean poses) {
        return new TrainingMethod(Refinement.MCMC, background, mip, exposure ? Exposure.ON : Exposure.OFF, poses);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("variants")
    void variantsTrainAsOnTheJvmEngine(String name, TrainingMethod method, TrainingTerms terms) throws IOException {
        TrainResult vulkan = trainVariant(method, terms, Optional.empty(), VULKAN, Progress.NONE);
        TrainResult jvm = trainVariant(method, terms, Optional.empty(), JVM, Progress.NONE);
        assertThat(vulkan.engine()).isEqualTo("vulkan");
        assertThat(vulkan.heldOutPsnr()).isCloseTo(jvm.heldOutPsnr(), Offset.offset(0.1));
        assertThat(vulkan.trainPsnr()).isCloseTo(jvm.trainPsnr(), Offset.offset(0.1));
        assertThat(vulkan.gaussians().featureChannels())
                .isEqualTo(jvm.gaussians().featureChannels());
        // Negative control: the variant is not the plain method.
        TrainResult plain =
                trainVariant(TrainingMethod.DEFAULT, TrainingTerms.defaults(), Optional.empty(), JVM, Progress.NONE);
        assertThat(vulkan.heldOutPsnr()).isNotCloseTo(plain.heldOutPsnr(), Offset.offset(1e-3));
        if (name.equals("all")) {
            // The same bits after a stop.
            Path checkpoints = Files.createDirectory(temp.resolve("variant"));
            assertThatThrownBy(() -> trainVariant(method, terms, Optional.of(checkpoints), VULKAN, new StopsAt(23)))
                    .isInstanceOf(java.util.concurrent.CancellationException.class);
            TrainResult resumed = trainVariant(method, terms, Optional.of(checkpoints), VULKAN, Progress.NONE);
            assertThat(bytes(resumed, temp.resolve("b.ply"))).isEqualTo(bytes(vulkan, temp.resolve("a.ply")));
            assertThat(resumed.gaussians().features())
                    .isEqualTo(vulkan.gaussians().features());
            assertThat(resumed.rendering()).isEqualTo(vulkan.rendering());
        }
    }

    private static TrainResult trainVariant(
            TrainingMethod method,
            TrainingTerms terms,
            Optional<Path> checkpoints,
            EngineChoice choice,
            Progress progress)
            throws IOException {
        TrainOptions options = SHORT.withIterations(30)
                .withEvaluations(1)
                .withMethod(method)
                .withTerms(terms)
                .withEngine(choice);
        return SplatTrainer.train(
                WALL.scene(),
                WALL,
                new PriorTrainingTest.Priors(WALL),
                options,
                checkpoints,
                progress,
                HeldOutPictures.NONE);
    }

    private record StopsAt(int iteration, int[] seen) implements Progress {
        StopsAt(int iteration) {
            this(iteration, new int[1]);
        }

        @Override
        public void update(String stage, long done, long total, String detail) {
            seen[0] = stage.equals("splats") ? (int) done : 0;
        }

        @Override
        public boolean isCancelled() {
            return seen[0] >= iteration;
        }
    }

    /** The Vulkan engine on a device that is lost when some step is started. */
    private record Failing(VulkanContext context, EngineProbe probe, int step, int[] started) implements SplatEngine {

        static Failing at(int step) {
            VulkanContext context = VulkanContext.open(ContextOptions.defaults());
            return new Failing(context, new EngineProbe(context), step, new int[1]);
        }

        @Override
        public String name() {
            return probe.engine().name();
        }

        @Override
        public String device() {
            return probe.engine().device();
        }

        @Override
        public void load(TrainingState state) {
            probe.engine().load(state);
        }

        @Override
        public TrainingState state() {
            return probe.engine().state();
        }

        @Override
        public Rendering render(SplatView view, RenderOptions options) {
            return probe.engine().render(view, options);
        }

        @Override
        public double step(TrainingView view, StepOptions options) {
            return start(view, options).getAsDouble();
        }

        @Override
        public DoubleSupplier start(TrainingView view, StepOptions options) {
            if (started[0]++ == step) {
                LostDevice.lose(context);
            }
            return probe.engine().start(view, options);
        }

        @Override
        public int refine(int target, long seed) {
            return probe.engine().refine(target, seed);
        }

        @Override
        public void close() {
            probe.close();
            context.close();
            assertThat(context.openHandles()).isEmpty();
        }
    }

    private static Supplier<SplatEngine> failingAt(int step) {
        return () -> Failing.at(step);
    }

    @Test
    void theJvmEngineGoesOnFromTheLastCheckpointAndSaysSo() throws IOException {
        Path checkpoints = Files.createDirectory(temp.resolve("checkpoints"));
        List<String> said = new ArrayList<>();
        List<Long> steps = new ArrayList<>();
        Progress progress = (stage, done, total, detail) -> {
            if (detail.contains("VK_ERROR_DEVICE_LOST")) {
                said.add(detail);
            } else if (stage.equals("splats") && !said.isEmpty()) {
                steps.add(done);
            }
        };
        TrainResult result = SplatTrainer.train(
                WALL.scene(),
                WALL,
                PhotoPriors.NONE,
                SHORT,
                Optional.of(checkpoints),
                progress,
                HeldOutPictures.NONE,
                failingAt(53),
                Optional.of(() -> new JvmEngine(1)));
        assertThat(said).hasSize(1);
        assertThat(said.get(0)).contains("JVM engine");
        assertThat(steps.get(0)).isEqualTo(41);
        assertThat(result.engine()).isEqualTo("vulkan, then jvm");
        assertThat(result.device()).contains("(to iteration 40)", "(to iteration 80)");
        TrainResult jvm = train(SHORT, Optional.empty(), JVM);
        assertThat(result.heldOutPsnr()).isCloseTo(jvm.heldOutPsnr(), Offset.offset(0.1));
        // Going on with such a run is left to the choice that allows any engine.
        assertThatThrownBy(() -> train(SHORT, Optional.of(checkpoints), VULKAN)).isInstanceOf(IOException.class);
        assertThat(train(SHORT, Optional.of(checkpoints), EngineChoice.FASTEST).engine())
                .isEqualTo("vulkan, then jvm");
    }

    @Test
    void withoutACheckpointTheJvmEngineStartsAnewAndIsNamedAlone() throws IOException {
        TrainOptions options = SHORT.withIterations(30);
        TrainResult result = SplatTrainer.train(
                WALL.scene(),
                WALL,
                PhotoPriors.NONE,
                options,
                Optional.empty(),
                Progress.NONE,
                HeldOutPictures.NONE,
                failingAt(3),
                Optional.of(() -> new JvmEngine(1)));
        assertThat(result.engine()).isEqualTo("jvm");
        assertThat(bytes(result, temp.resolve("a.ply")))
                .isEqualTo(bytes(train(options, Optional.empty(), JVM), temp.resolve("b.ply")));
    }

    @Test
    void anEngineThatWasAskedForByNameFails() {
        assertThatThrownBy(() -> SplatTrainer.train(
                        WALL.scene(),
                        WALL,
                        PhotoPriors.NONE,
                        SHORT,
                        Optional.empty(),
                        Progress.NONE,
                        HeldOutPictures.NONE,
                        failingAt(3),
                        Optional.empty()))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("VK_ERROR_DEVICE_LOST");
        EngineChoice absent = new EngineChoice(EngineChoice.Kind.VULKAN, Optional.of("no such card"));
        assertThatThrownBy(() -> train(SHORT, Optional.empty(), absent))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("no such card");
    }

    @Test
    void theFastestEngineIsNeverVulkanInSoftware() {
        Optional<DeviceInfo> device = EngineChoice.FASTEST.deviceToUse();
        assertThat(device.map(DeviceInfo::kind)).isNotEqualTo(Optional.of(DeviceInfo.Kind.CPU));
        assertThat(VULKAN.deviceToUse()).isPresent();
        assertThat(JVM.deviceToUse()).isEmpty();
        try (SplatEngine engine = EngineChoice.FASTEST.open(1)) {
            assertThat(engine.name()).isEqualTo(device.isPresent() ? "vulkan" : "jvm");
        }
    }
}
