package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.testing.RealData;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.SplatView;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures and gradients of the engine against the oracle in double, with faults planted to see that they are noticed. */
class EngineParityTest {

    private static final RenderOptions PLAIN = new RenderOptions(3, new Colour(0.1f, 0.6f, 0.3f));
    private static final RenderOptions FULL = PLAIN.withMip(true).withFeatures(true);

    private static RenderOptions degree(int degree) {
        return new RenderOptions(degree, PLAIN.background());
    }

    /** Code path, view, options, number of Gaussians, their size in pixels, feature channels. */
    static Stream<Arguments> scenes() {
        return Stream.of(CodePath.values())
                .flatMap(path -> Stream.of(
                        Arguments.of(path, RandomScene.view(40, 33), PLAIN, 1, 4.0, 0),
                        Arguments.of(path, RandomScene.view(17, 16), PLAIN, 30, 3.0, 8),
                        Arguments.of(path, RandomScene.view(50, 35), FULL, 200, 2.0, 16),
                        Arguments.of(path, RandomScene.view(64, 48), PLAIN, 150, 12.0, 0),
                        Arguments.of(path, RandomScene.view(70, 21), PLAIN, 300, 0.3, 0),
                        Arguments.of(path, RandomScene.view(70, 21), FULL, 300, 0.3, 3),
                        Arguments.of(path, RandomScene.view(40, 33), degree(0), 60, 3.0, 0),
                        Arguments.of(path, RandomScene.view(40, 33), degree(1), 60, 3.0, 0),
                        Arguments.of(path, RandomScene.view(40, 33), degree(2), 60, 3.0, 0),
                        Arguments.of(path, RandomScene.orthographic(45, 38), PLAIN, 200, 3.0, 0),
                        Arguments.of(path, RandomScene.orthographic(45, 38), FULL, 150, 1.0, 8)));
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void agreesWithTheOracle(
            CodePath codePath, SplatView view, RenderOptions options, int count, double size, int channels) {
        Gaussians gaussians = gaussians(count, view, size, channels);
        ReferenceSplatting reference = reference(gaussians, view, options);
        EngineGradients engine = EngineGradients.of(codePath, 1, gaussians, view, options, 7);

        assertThat(difference(engine.rgb, reference.rgb)).isLessThan(2e-4);
        assertThat(difference(engine.depth, reference.depth)).isLessThan(2e-4);
        assertThat(difference(engine.alpha, reference.alpha)).isLessThan(2e-4);
        assertGradients(engine, reference, 2e-3);
        assertThat(difference(engine.gradients.sh(), reference.shGradient)).isLessThan(2e-4);
        if (options.features() && channels > 0) {
            assertThat(difference(engine.features, reference.featureImage)).isLessThan(2e-4);
            assertThat(difference(engine.gradients.features(), reference.featuresGradient))
                    .isLessThan(2e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void noticesAPlantedFault(
            CodePath codePath, SplatView view, RenderOptions options, int count, double size, int channels) {
        Gaussians gaussians = gaussians(count, view, size, channels);
        ReferenceSplatting reference = reference(gaussians, view, options);
        for (int i = 0; i < count; i++) {
            gaussians.logScales()[3 * i] += 0.02f;
        }
        for (int k = 0; k < gaussians.features().length; k++) {
            gaussians.features()[k] *= 1.002f;
        }
        EngineGradients engine = EngineGradients.of(codePath, 1, gaussians, view, options, 7);
        assertThat(difference(engine.rgb, reference.rgb)).isGreaterThan(2e-4);
        assertThat(difference(engine.gradients.means(), reference.meansGradient))
                .isGreaterThan(2e-3);
        assertThat(difference(engine.gradients.logScales(), reference.logScalesGradient))
                .isGreaterThan(2e-3);
        assertThat(difference(engine.pose, reference.poseGradient())).isGreaterThan(2e-3);
        if (options.features() && channels > 0) {
            assertThat(difference(engine.features, reference.featureImage)).isGreaterThan(2e-4);
        }
    }

    /** The independent renders and autograd gradients themselves; code path and scene. */
    static Stream<Arguments> goldens() {
        return Stream.of(CodePath.values())
                .flatMap(path ->
                        Stream.of("few", "many", "opaque", "mip", "ortho").map(name -> Arguments.of(path, name)));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void agreesWithAnIndependentImplementation(CodePath codePath, String name) {
        Optional<Path> folder = RealData.folder("splat-golden");
        Assumptions.assumeTrue(folder.isPresent(), RealData.absence("splat-golden"));
        GoldenScene golden = new GoldenScene(folder.get().resolve(name));
        EngineGradients engine = new EngineGradients(
                codePath,
                1,
                golden.gaussians(),
                golden.view(),
                golden.options(),
                golden.read("w_rgb"),
                golden.read("w_depth"),
                golden.read("w_alpha"),
                golden.read("w_feature"));
        assertThat(difference(engine.rgb, golden.read("rgb"))).isLessThan(1e-4);
        assertThat(difference(engine.depth, golden.read("depth"))).isLessThan(1e-4);
        assertThat(difference(engine.alpha, golden.read("alpha"))).isLessThan(1e-4);
        assertThat(difference(engine.features, golden.read("feature_image"))).isLessThan(1e-4);
        ReferenceSplatting reference = golden.reference();
        reference.forward();
        reference.backward(
                golden.read("w_rgb"), golden.read("w_depth"), golden.read("w_alpha"), golden.read("w_feature"));
        assertGradients(engine, reference, 1e-4);
        assertThat(difference(engine.gradients.sh(), golden.read("grad_sh"))).isLessThan(1e-4);
        assertThat(difference(engine.gradients.features(), golden.read("grad_features")))
                .isLessThan(1e-4);

        // Negative control: another scene's gradients, or signs, would be seen.
        engine.gradients.means()[1] += 0.01f * largest(reference.meansGradient);
        assertThatThrownBy(() -> assertGradients(engine, reference, 1e-4)).isInstanceOf(AssertionError.class);
    }

    /** Beside the camera the linear projection spreads a wide Gaussian over the whole picture, here as in every engine. */
    @ParameterizedTest
    @EnumSource(CodePath.class)
    void whatLiesBesideTheCameraIsSeenAlike(CodePath path) {
        PinholeView view = new PinholeView(40, 40, 24, 24, 48, 48, Rigid3.IDENTITY);
        for (float x : new float[] {-60, -8, 5, 60}) {
            Gaussians large = Gaussians.zeros(1, 0);
            large.means()[0] = x;
            large.means()[2] = 3;
            large.quaternions()[0] = 1;
            Arrays.fill(large.logScales(), (float) Math.log(30));
            ReferenceSplatting reference = reference(large, view, PLAIN);
            EngineGradients engine = EngineGradients.of(path, 1, large, view, PLAIN, 7);
            assertThat(reference.alpha[24 * 48 + 24]).isGreaterThan(0.03);
            assertThat(difference(engine.rgb, reference.rgb)).isLessThan(2e-4);
            assertThat(difference(engine.gradients.means(), reference.meansGradient))
                    .isLessThan(2e-3);
        }
    }

    /** No pixel gets more than 99 % of any Gaussian, and what is cut off has no gradient. */
    @ParameterizedTest
    @EnumSource(CodePath.class)
    void opaqueGaussiansAreCutOffAlike(CodePath path) {
        SplatView view = RandomScene.view(40, 33);
        Gaussians gaussians = gaussians(25, view, 5, 0);
        for (int i = 0; i < 25; i++) {
            gaussians.logitOpacities()[i] = 6 + i % 3;
        }
        ReferenceSplatting reference = reference(gaussians, view, PLAIN);
        EngineGradients engine = EngineGradients.of(path, 1, gaussians, view, PLAIN, 7);
        assertThat(Arrays.stream(reference.alpha).max().orElseThrow()).isGreaterThan(0.9995);
        assertThat(difference(engine.rgb, reference.rgb)).isLessThan(2e-4);
        assertThat(difference(engine.alpha, reference.alpha)).isLessThan(2e-4);
        assertGradients(engine, reference, 2e-3);
    }

    /** Far below a pixel the dimming is at its least and does not change with the size. */
    @ParameterizedTest
    @EnumSource(CodePath.class)
    void theSmallestAreDimmedAlike(CodePath path) {
        SplatView view = RandomScene.view(40, 33);
        RenderOptions mip = PLAIN.withMip(true);
        Gaussians gaussians = gaussians(80, view, 1e-3, 0);
        Arrays.fill(gaussians.logitOpacities(), 6);
        ReferenceSplatting reference = reference(gaussians, view, mip);
        EngineGradients engine = EngineGradients.of(path, 1, gaussians, view, mip, 7);
        assertThat(difference(engine.alpha, reference.alpha)).isLessThan(2e-4);
        assertThat(difference(engine.gradients.means(), reference.meansGradient))
                .isLessThan(2e-3);
        assertThat(difference(engine.gradients.logScales(), reference.logScalesGradient))
                .isLessThan(2e-3);
    }

    private static float largest(double[] values) {
        return (float) Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    private static void assertGradients(EngineGradients engine, ReferenceSplatting reference, double tolerance) {
        assertThat(difference(engine.gradients.means(), reference.meansGradient))
                .isLessThan(tolerance);
        assertThat(difference(engine.gradients.logScales(), reference.logScalesGradient))
                .isLessThan(tolerance);
        assertThat(difference(engine.gradients.quaternions(), reference.quaternionsGradient))
                .isLessThan(tolerance);
        assertThat(difference(engine.gradients.logitOpacities(), reference.logitsGradient))
                .isLessThan(tolerance);
        assertThat(difference(engine.pose, reference.poseGradient())).isLessThan(tolerance);
    }

    private static Gaussians gaussians(int count, SplatView view, double size, int channels) {
        PinholeView near = RandomScene.view(view.width(), view.height());
        return RandomScene.withFeatures(RandomScene.gaussians(count, count, near, size), channels, count);
    }

    private static ReferenceSplatting reference(Gaussians gaussians, SplatView view, RenderOptions options) {
        ReferenceSplatting reference = ReferenceSplatting.of(gaussians, view, options);
        int pixels = view.width() * view.height();
        reference.forward();
        reference.backward(
                RandomScene.weights(7, 3 * pixels),
                RandomScene.weights(8, pixels),
                RandomScene.weights(9, pixels),
                RandomScene.weights(10, reference.channels * pixels));
        return reference;
    }

    private static double difference(float[] actual, double[] expected) {
        double[] values = new double[actual.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = actual[i];
        }
        return difference(values, expected);
    }

    /** Length of the difference, relative to the length of what was expected. */
    private static double difference(double[] actual, double[] expected) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            length += expected[i] * expected[i];
        }
        assertThat(length).isGreaterThan(0);
        return Math.sqrt(difference / length);
    }
}
