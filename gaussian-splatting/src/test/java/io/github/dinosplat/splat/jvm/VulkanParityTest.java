package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.scene.testing.RealData;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.SplatView;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.splat.gpu.EngineProbe;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.VulkanTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The kernels against the oracle in double, an independent implementation and the JVM engine. A test makes one engine for
 * all its scenes: with the validation layer's instrumentation kernels take long to compile.
 */
@VulkanTest
class VulkanParityTest {

    private static final RenderOptions PLAIN = new RenderOptions(3, new Colour(0.1f, 0.6f, 0.3f));
    private static final RenderOptions MIP = PLAIN.withMip(true);

    /** Of a projected Gaussian on the device, in the order of {@code shared/splat.glsl}. */
    private static final int STRIDE = 16;

    private static final int DEPTH = 9;
    private static final int HALF_WIDTH = 10;
    private static final int SLOPE = 12;

    private record Case(SplatView view, RenderOptions options, int count, double size) {

        Gaussians gaussians() {
            PinholeView near = RandomScene.view(view.width(), view.height());
            return RandomScene.gaussians(count, count, near, size);
        }
    }

    private static final List<Case> CASES = List.of(
            new Case(RandomScene.view(40, 33), PLAIN, 1, 4),
            new Case(RandomScene.view(17, 16), PLAIN, 30, 3),
            new Case(RandomScene.view(50, 35), MIP, 200, 2),
            new Case(RandomScene.view(64, 48), PLAIN, 150, 12),
            new Case(RandomScene.view(70, 21), PLAIN, 300, 0.3),
            new Case(RandomScene.view(70, 21), MIP, 300, 0.3),
            new Case(RandomScene.view(33, 70), new RenderOptions(1, Colour.BLACK), 257, 3),
            new Case(RandomScene.orthographic(45, 38), PLAIN, 200, 3),
            new Case(RandomScene.orthographic(45, 38), MIP, 150, 1));

    /** Observed on Mesa 22.3: pictures within 3e-6, gradients within 2e-5 of their length. */
    @Test
    void picturesAndGradientsAgreeWithTheOracle(VulkanContext context) {
        try (EngineProbe probe = new EngineProbe(context)) {
            for (Case c : CASES) {
                compareWithOracle(probe, c, c.gaussians());
            }
            // Negative control: a slight fault is noticed in every case.
            for (Case c : CASES) {
                Gaussians faulty = c.gaussians();
                for (int i = 0; i < c.count(); i++) {
                    faulty.logScales()[3 * i] += 0.02f;
                }
                assertThatThrownBy(() -> compareWithOracle(probe, c, faulty)).isInstanceOf(AssertionError.class);
            }
        }
    }

    private static void compareWithOracle(EngineProbe probe, Case c, Gaussians gaussians) {
        int pixels = c.view().width() * c.view().height();
        double[] byRgb = RandomScene.weights(7, 3 * pixels);
        double[] byDepth = RandomScene.weights(8, pixels);
        double[] byAlpha = RandomScene.weights(9, pixels);
        ReferenceSplatting reference = ReferenceSplatting.of(c.gaussians(), c.view(), c.options());
        reference.forward();
        reference.backward(byRgb, byDepth, byAlpha, new double[0]);
        Rendering rendering = probe.render(gaussians, c.view(), c.options());
        new ParityAssert(c + " rgb", 1e-4, 0.002).compare(rendering.rgb(), reference.rgb);
        new ParityAssert(c + " depth", 1e-4, 0.002).compare(rendering.accumulatedDepth(), reference.depth);
        new ParityAssert(c + " alpha", 1e-4, 0.002).compare(rendering.alpha(), reference.alpha);
        Gaussians g = probe.gradients(gaussians, c.view(), c.options(), byRgb, byDepth, byAlpha, new double[0]);
        new ParityAssert(c + " means", 1e-3, 0.01).compare(g.means(), reference.meansGradient);
        new ParityAssert(c + " scales", 1e-3, 0.01).compare(g.logScales(), reference.logScalesGradient);
        new ParityAssert(c + " quaternions", 1e-3, 0.01).compare(g.quaternions(), reference.quaternionsGradient);
        new ParityAssert(c + " logits", 1e-3, 0.01).compare(g.logitOpacities(), reference.logitsGradient);
        new ParityAssert(c + " sh", 1e-3, 0.01).compare(g.sh(), reference.shGradient);
        comparePose(c.toString(), probe.poseGradient(), reference.poseGradient());
    }

    private static void comparePose(String what, double[] actual, double[] expected) {
        double length = 0;
        for (double value : expected) {
            length += value * value;
        }
        assertThat(length).isPositive();
        for (int k = 0; k < expected.length; k++) {
            assertThat(actual[k])
                    .as("%s: pose %d", what, k)
                    .isCloseTo(expected[k], Offset.offset(2e-3 * Math.sqrt(length)));
        }
    }

    @Test
    void agreesWithAnIndependentImplementation(VulkanContext context) {
        Optional<Path> folder = RealData.folder("splat-golden");
        Assumptions.assumeTrue(folder.isPresent(), RealData.absence("splat-golden"));
        try (EngineProbe probe = new EngineProbe(context)) {
            for (String name : List.of("few", "many", "opaque", "mip", "ortho")) {
                GoldenScene golden = new GoldenScene(folder.get().resolve(name));
                RenderOptions options = golden.options();
                Rendering rendering = probe.render(golden.gaussians(), golden.view(), options);
                new ParityAssert(name + " rgb", 1e-4, 0.001).compare(rendering.rgb(), golden.read("rgb"));
                new ParityAssert(name + " depth", 1e-4, 0.001)
                        .compare(rendering.accumulatedDepth(), golden.read("depth"));
                new ParityAssert(name + " alpha", 1e-4, 0.001).compare(rendering.alpha(), golden.read("alpha"));
                ReferenceSplatting reference = golden.reference();
                new ParityAssert(name + " features", 1e-4, 0.001)
                        .compare(rendering.features(), golden.read("feature_image"));
                double[] byFeatures = golden.read("w_feature");
                reference.forward();
                reference.backward(golden.read("w_rgb"), golden.read("w_depth"), golden.read("w_alpha"), byFeatures);
                Gaussians g = probe.gradients(
                        golden.gaussians(),
                        golden.view(),
                        options,
                        golden.read("w_rgb"),
                        golden.read("w_depth"),
                        golden.read("w_alpha"),
                        byFeatures);
                new ParityAssert(name + " means", 1e-3, 0.01).compare(g.means(), golden.read("grad_means"));
                new ParityAssert(name + " scales", 1e-3, 0.01).compare(g.logScales(), golden.read("grad_log_scales"));
                new ParityAssert(name + " quaternions", 1e-3, 0.01)
                        .compare(g.quaternions(), golden.read("grad_quats_wxyz"));
                new ParityAssert(name + " logits", 1e-3, 0.01)
                        .compare(g.logitOpacities(), golden.read("grad_logit_opacities"));
                new ParityAssert(name + " sh", 1e-3, 0.01).compare(g.sh(), golden.read("grad_sh"));
                new ParityAssert(name + " by features", 1e-3, 0.01).compare(g.features(), golden.read("grad_features"));
                comparePose(name, probe.poseGradient(), reference.poseGradient());
            }
        }
    }

    @Test
    void featuresAreBlendedLikeColours(VulkanContext context) {
        try (EngineProbe probe = new EngineProbe(context)) {
            for (int channels : new int[] {1, 4, 16}) {
                Case c = CASES.get(3);
                Gaussians gaussians = RandomScene.withFeatures(c.gaussians(), channels, 5);
                RenderOptions options = c.options().withFeatures(true);
                ReferenceSplatting reference = ReferenceSplatting.of(gaussians, c.view(), options);
                reference.forward();
                Rendering rendering = probe.render(gaussians, c.view(), options);
                assertThat(rendering.featureChannels()).isEqualTo(channels);
                new ParityAssert("features", 1e-4, 0.002).compare(rendering.features(), reference.featureImage);
                gaussians.features()[0] += 1;
                reference.forward();
                float[] faulty = probe.render(gaussians, c.view(), options).features();
                assertThatThrownBy(
                                () -> new ParityAssert("features", 1e-4, 0.002).compare(faulty, reference.featureImage))
                        .isInstanceOf(AssertionError.class);
                assertThat(probe.render(gaussians, c.view(), c.options()).featureChannels())
                        .isZero();
            }
        }
    }

    /** The one kernel that depends on the size of subgroups gives the same bits with any. */
    @Test
    void subgroupsOfAnySizeGiveTheSameSums(VulkanContext context) {
        Case c = CASES.get(3);
        int pixels = c.view().width() * c.view().height();
        try (EngineProbe probe = new EngineProbe(context)) {
            probe.gradients(
                    c.gaussians(),
                    c.view(),
                    c.options(),
                    RandomScene.weights(7, 3 * pixels),
                    RandomScene.weights(8, pixels),
                    RandomScene.weights(9, pixels),
                    new double[0]);
            float[] expected = probe.hitSums(32, c.view());
            assertThat(expected.length).isGreaterThan(10 * c.count());
            for (float value : expected) {
                assertThat(value).isFinite();
            }
            assertThat(probe.hitSums(64, c.view())).isEqualTo(expected);
            assertThat(probe.hitSums(128, c.view())).isEqualTo(expected);
        }
    }

    /** From the projected floats on, all integers are exactly those of the JVM engine's functions and of a plain sort. */
    @Test
    void integerStagesAreExact(VulkanContext context) {
        try (EngineProbe probe = new EngineProbe(context)) {
            for (Case c : List.of(CASES.get(2), CASES.get(3), CASES.get(4), CASES.get(6))) {
                probe.render(c.gaussians(), c.view(), c.options());
                compareIntegers(probe, c);
            }
        }
    }

    private static void compareIntegers(EngineProbe probe, Case c) {
        int tilesX = (c.view().width() + 15) / 16;
        int tilesY = (c.view().height() + 15) / 16;
        float[] s = probe.splats();
        int[] counts = probe.hitCounts();
        List<List<Integer>> lists = new ArrayList<>();
        IntStream.range(0, tilesX * tilesY).forEach(t -> lists.add(new ArrayList<>()));
        int[] order = IntStream.range(0, c.count())
                .filter(i -> counts[i] > 0)
                .boxed()
                .sorted(Comparator.comparing(i -> s[STRIDE * i + DEPTH]))
                .mapToInt(i -> i)
                .toArray();
        assertThat(order.length).isGreaterThan(c.count() / 4);
        assertThat(probe.order()).isEqualTo(order);
        int[] tiles = new int[tilesX * tilesY];
        for (int i : order) {
            int at = STRIDE * i;
            int listed = TileCover.list(
                    s[at],
                    s[at + 1],
                    s[at + HALF_WIDTH],
                    s[at + HALF_WIDTH + 1],
                    s[at + SLOPE],
                    s[at + SLOPE + 1],
                    tilesX,
                    tilesY,
                    tiles,
                    0);
            assertThat(counts[i]).as("tiles of Gaussian %d", i).isEqualTo(listed);
            for (int k = 0; k < listed; k++) {
                lists.get(tiles[k]).add(i);
            }
        }
        int[] ranges = probe.ranges(tilesX * tilesY);
        int[] gaussians = probe.listedGaussians();
        for (int t = 0; t < lists.size(); t++) {
            int[] own = IntStream.range(ranges[2 * t], ranges[2 * t + 1])
                    .map(k -> gaussians[k])
                    .toArray();
            assertThat(own)
                    .as("tile %d", t)
                    .isEqualTo(lists.get(t).stream().mapToInt(i -> i).toArray());
        }
    }

    private static final PinholeView VIEW = RandomScene.view(70, 53);
    private static final LearningRates RATES = new LearningRates(1e-3, 5e-3, 1e-3, 0.05, 2.5e-3, 1.25e-4, 1e-3, 0);

    /** All terms of a step, over ten steps: losses, parameters, moments, statistics, photos. */
    @Test
    void stepsAgreeWithTheJvmEngine(VulkanContext context) {
        TrainingView plain = photo();
        boolean[] mask = new boolean[70 * 53];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % 7 != 0;
        }
        TrainingView full = plain.withMask(mask).withDepth(depths()).withPhoto(1);
        StepOptions noisy = StepOptions.mcmc(PLAIN, RATES, 77L << 33 | 5);
        try (JvmEngine jvm = new JvmEngine(1);
                EngineProbe probe = new EngineProbe(context)) {
            compareSteps(jvm, probe, plain, plain, StepOptions.plain(PLAIN, LearningRates.defaults(2)));
            compareSteps(jvm, probe, plain.withMask(mask), plain.withMask(mask), noisy);
            compareSteps(jvm, probe, full, full, noisy.withDepthWeight(0.5).withDropout(0.2));
            StepOptions penalties = new StepOptions(MIP, RATES, 0, 0.1, 0.1, 0, 0, 0, 0, false);
            compareSteps(jvm, probe, plain, plain, penalties);
            // Negative control: each part that is left out is noticed.
            for (TrainingView other : List.of(plain, full.withMask(new boolean[70 * 53]), full.withPhoto(0))) {
                assertThatThrownBy(() -> compareSteps(jvm, probe, full, other, noisy.withDepthWeight(0.5)))
                        .isInstanceOf(AssertionError.class);
            }
        }
    }

    private static TrainingView photo() {
        try (JvmEngine jvm = new JvmEngine(1)) {
            jvm.load(TrainingState.start(RandomScene.gaussians(6, 300, VIEW, 5)));
            return new TrainingView(VIEW, jvm.render(VIEW, PLAIN).image());
        }
    }

    private static DepthTarget depths() {
        Random random = new Random(1);
        float[] nearness = new float[70 * 53];
        float[] weights = new float[70 * 53];
        for (int i = 0; i < nearness.length; i++) {
            nearness[i] = 0.3f * random.nextFloat();
            weights[i] = random.nextFloat();
        }
        return new DepthTarget(70, 53, 1.5, nearness, weights);
    }

    private static void compareSteps(
            JvmEngine jvm, EngineProbe probe, TrainingView forJvm, TrainingView forVulkan, StepOptions options) {
        Gaussians start = RandomScene.gaussians(5, 250, VIEW, 4);
        jvm.load(TrainingState.start(start.copy(), 2));
        probe.engine().load(TrainingState.start(start.copy(), 2));
        for (int s = 0; s < 10; s++) {
            double expected = jvm.step(forJvm, options);
            assertThat(probe.engine().step(forVulkan, options)).isCloseTo(expected, Offset.offset(2e-6));
        }
        TrainingState a = probe.engine().state();
        TrainingState e = jvm.state();
        assertThat(a.iteration()).isEqualTo(10);
        assertThat(a.visibleSteps()).isEqualTo(e.visibleSteps());
        compareClouds("parameters", a.gaussians(), e.gaussians(), 1e-4);
        compareClouds("first moments", a.firstMoments(), e.firstMoments(), 2e-3);
        compareClouds("second moments", a.secondMoments(), e.secondMoments(), 2e-3);
        new ParityAssert("norms", 1e-3, 0.01).compare(a.gradientNormSums(), e.gradientNormSums());
        new ParityAssert("photos", 1e-5, 0)
                .compare(a.photos().values(), e.photos().values());
        assertThat(a.photos().steps()).isEqualTo(e.photos().steps());
    }

    static void compareClouds(String what, Gaussians a, Gaussians e, double tolerance) {
        new ParityAssert(what + ": means", tolerance, 0.01).compare(a.means(), e.means());
        new ParityAssert(what + ": scales", tolerance, 0.01).compare(a.logScales(), e.logScales());
        new ParityAssert(what + ": quaternions", tolerance, 0.01).compare(a.quaternions(), e.quaternions());
        new ParityAssert(what + ": logits", tolerance, 0.01).compare(a.logitOpacities(), e.logitOpacities());
        new ParityAssert(what + ": sh", tolerance, 0.01).compare(a.sh(), e.sh());
        compareWhereAny(what + ": features", tolerance, 0.01, a.features(), e.features());
    }

    /** Where all that is expected is zero, nothing else may be there. */
    static void compareWhereAny(String what, double tolerance, double share, float[] actual, float[] expected) {
        for (float value : expected) {
            if (value != 0) {
                new ParityAssert(what, tolerance, share).compare(actual, expected);
                return;
            }
        }
        assertThat(actual).as(what).isEqualTo(expected);
    }
}
