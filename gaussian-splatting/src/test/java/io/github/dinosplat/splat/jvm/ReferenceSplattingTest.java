package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.scene.testing.RealData;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.SplatView;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is itself checked: against an independent implementation's renders and autograd, and by differences. */
class ReferenceSplattingTest {

    @ParameterizedTest
    @ValueSource(strings = {"few", "many", "opaque", "mip", "ortho"})
    void agreesWithAnIndependentImplementation(String name) {
        Optional<Path> goldens = RealData.folder("splat-golden");
        Assumptions.assumeTrue(goldens.isPresent(), RealData.absence("splat-golden"));
        GoldenScene golden = new GoldenScene(goldens.get().resolve(name));
        ReferenceSplatting reference = golden.reference();
        reference.forward();
        double[] margin = golden.read("threshold_margin");
        assertPlanes(reference.rgb, golden.read("rgb"), margin, 3);
        assertPlanes(reference.depth, golden.read("depth"), margin, 1);
        assertPlanes(reference.alpha, golden.read("alpha"), margin, 1);
        assertPlanes(reference.featureImage, golden.read("feature_image"), margin, 8);

        reference.backward(
                golden.read("w_rgb"), golden.read("w_depth"), golden.read("w_alpha"), golden.read("w_feature"));
        assertSame(reference.meansGradient, golden.read("grad_means"));
        assertSame(reference.logScalesGradient, golden.read("grad_log_scales"));
        assertSame(reference.quaternionsGradient, golden.read("grad_quats_wxyz"));
        assertSame(reference.logitsGradient, golden.read("grad_logit_opacities"));
        assertSame(reference.shGradient, golden.read("grad_sh"));
        assertSame(reference.featuresGradient, golden.read("grad_features"));
        assertSame(reference.viewGradient, golden.read("grad_viewmat"));

        // Negative control: a millionth is seen.
        Arrays.setAll(reference.logScales, k -> reference.logScales[k] + 1e-6);
        reference.forward();
        reference.backward(
                golden.read("w_rgb"), golden.read("w_depth"), golden.read("w_alpha"), golden.read("w_feature"));
        assertThatThrownBy(() -> assertPlanes(reference.rgb, golden.read("rgb"), margin, 3))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertSame(reference.meansGradient, golden.read("grad_means")))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertSame(reference.viewGradient, golden.read("grad_viewmat")))
                .isInstanceOf(AssertionError.class);
    }

    private static void assertPlanes(double[] actual, double[] expected, double[] margin, int channels) {
        for (int i = 0; i < expected.length; i++) {
            if (margin[i / channels] > 1e-3) {
                assertThat(actual[i]).isCloseTo(expected[i], Offset.offset(1e-9));
            }
        }
    }

    private static void assertSame(double[] actual, double[] expected) {
        double largest = 0;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], Offset.offset(1e-9 * largest));
        }
    }

    /** Random gradients of all pictures of 24x20 pixels with two feature channels. */
    private record Weights(double[] rgb, double[] depth, double[] alpha, double[] features) {

        static Weights random() {
            return new Weights(
                    RandomScene.weights(1, 24 * 20 * 3),
                    RandomScene.weights(2, 24 * 20),
                    RandomScene.weights(3, 24 * 20),
                    RandomScene.weights(4, 24 * 20 * 2));
        }

        double loss(ReferenceSplatting reference) {
            reference.forward();
            return dot(reference.rgb, rgb)
                    + dot(reference.depth, depth)
                    + dot(reference.alpha, alpha)
                    + dot(reference.featureImage, features);
        }
    }

    private static ReferenceSplatting reference(String kind, SplatView view) {
        Gaussians gaussians = RandomScene.withFeatures(RandomScene.gaussians(5, 6, RandomScene.view(24, 20), 5), 2, 6);
        RenderOptions options = new RenderOptions(3, new Colour(0.2f, 0.5f, 0.8f)).withFeatures(true);
        ReferenceSplatting reference = ReferenceSplatting.of(gaussians, view, options.withMip(kind.contains("mip")));
        reference.nearnessOffset = kind.contains("inverse") ? 0 : kind.contains("nearness") ? 1.5 : -1;
        return reference;
    }

    private static SplatView view(String kind) {
        return kind.contains("parallel") ? RandomScene.orthographic(24, 20) : RandomScene.view(24, 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pinhole", "pinhole, inverse depth", "pinhole, nearness", "pinhole, mip", "parallel, mip"})
    void gradientsAreThoseOfCentralDifferences(String kind) {
        ReferenceSplatting reference = reference(kind, view(kind));
        Weights weights = Weights.random();
        reference.forward();
        reference.backward(weights.rgb, weights.depth, weights.alpha, weights.features);
        int compared = compare(reference, reference.means, reference.meansGradient, weights)
                + compare(reference, reference.logScales, reference.logScalesGradient, weights)
                + compare(reference, reference.quaternions, reference.quaternionsGradient, weights)
                + compare(reference, reference.logits, reference.logitsGradient, weights)
                + compare(reference, reference.features, reference.featuresGradient, weights)
                + compare(reference, reference.sh, reference.shGradient, weights);
        // Steps that carry a pixel over a threshold give no usable difference; nearly all must.
        assertThat(compared).isGreaterThan(6 * 61 * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pinhole, mip", "parallel"})
    void poseGradientIsThatOfCentralDifferences(String kind) {
        Weights weights = Weights.random();
        ReferenceSplatting reference = reference(kind, view(kind));
        reference.forward();
        reference.backward(weights.rgb, weights.depth, weights.alpha, weights.features);
        double[] motion = new double[6];
        int compared = CentralDifferences.compare(
                motion,
                reference.poseGradient(),
                1e-6,
                () -> weights.loss(reference(kind, RandomScene.moved(view(kind), motion))));
        assertThat(compared).isGreaterThanOrEqualTo(5);
    }

    private static int compare(ReferenceSplatting reference, double[] parameters, double[] gradients, Weights weights) {
        return CentralDifferences.compare(parameters, gradients, 1e-5, () -> weights.loss(reference));
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
