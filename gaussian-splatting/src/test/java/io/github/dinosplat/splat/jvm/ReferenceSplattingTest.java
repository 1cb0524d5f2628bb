package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.testing.RealData;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.PinholeView;
import java.nio.file.Path;
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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsAreThoseOfCentralDifferences(boolean inverseDepth) {
        PinholeView view = RandomScene.view(24, 20);
        ReferenceSplatting reference =
                ReferenceSplatting.of(RandomScene.gaussians(5, 6, view, 5), view, new Colour(0.2f, 0.5f, 0.8f));
        reference.inverseDepth = inverseDepth;
        double[] byRgb = RandomScene.weights(1, 24 * 20 * 3);
        double[] byDepth = RandomScene.weights(2, 24 * 20);
        double[] byAlpha = RandomScene.weights(3, 24 * 20);
        reference.forward();
        reference.backward(byRgb, byDepth, byAlpha, new double[0]);
        int compared = compare(reference, reference.means, reference.meansGradient, byRgb, byDepth, byAlpha)
                + compare(reference, reference.logScales, reference.logScalesGradient, byRgb, byDepth, byAlpha)
                + compare(reference, reference.quaternions, reference.quaternionsGradient, byRgb, byDepth, byAlpha)
                + compare(reference, reference.logits, reference.logitsGradient, byRgb, byDepth, byAlpha)
                + compare(reference, reference.sh, reference.shGradient, byRgb, byDepth, byAlpha);
        // Steps that carry a pixel over a threshold give no usable difference; nearly all must.
        assertThat(compared).isGreaterThan(6 * 59 * 9 / 10);
    }

    private static int compare(
            ReferenceSplatting reference,
            double[] parameters,
            double[] gradients,
            double[] byRgb,
            double[] byDepth,
            double[] byAlpha) {
        int compared = 0;
        double scale = 0;
        for (double gradient : gradients) {
            scale = Math.max(scale, Math.abs(gradient));
        }
        assertThat(scale).isGreaterThan(0.01);
        for (int i = 0; i < parameters.length; i++) {
            double kept = parameters[i];
            double h = 1e-5;
            double[] loss = new double[4];
            double[] steps = {-2 * h, -h, h, 2 * h};
            for (int s = 0; s < 4; s++) {
                parameters[i] = kept + steps[s];
                reference.forward();
                loss[s] = dot(reference.rgb, byRgb) + dot(reference.depth, byDepth) + dot(reference.alpha, byAlpha);
            }
            parameters[i] = kept;
            double near = (loss[2] - loss[1]) / (2 * h);
            double far = (loss[3] - loss[0]) / (4 * h);
            if (Math.abs(near - far) < 1e-6 * scale) {
                compared++;
                assertThat(gradients[i]).isCloseTo((4 * near - far) / 3, Offset.offset(1e-6 * scale));
            }
        }
        return compared;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
