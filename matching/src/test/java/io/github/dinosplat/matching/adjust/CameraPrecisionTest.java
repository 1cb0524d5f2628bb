package io.github.dinosplat.matching.adjust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CameraPrecisionTest {

    private static final Camera CAMERA = new Camera(CameraModel.SIMPLE_RADIAL, 1000, 750, 900, 500, 375, -0.05);
    private static final int RUNS = 24;
    private static final int[] CENTRE = {1, 2};

    /** Root mean square of the principal point's true errors, and of the standard errors, over many samples of noise. */
    private static double[] spreadAndStandardError(double noise, double bendNoise) {
        double[] sum = new double[2];
        for (int run = 0; run < RUNS; run++) {
            SyntheticBundle bundle = new SyntheticBundle(CAMERA, 12, 150, 6, noise, run);
            SplittableRandom random = new SplittableRandom(1000 + run);
            double[] bend = new double[12];
            for (int v = 0; v < bend.length; v++) {
                bend[v] = bendNoise * SyntheticBundle.gaussian(random);
            }
            for (int o = 0; o < bundle.observationView.length; o++) {
                double x = (bundle.pixels[2 * o] - 500) / 900;
                double y = (bundle.pixels[2 * o + 1] - 375) / 900;
                double z = 900 * bend[bundle.observationView[o]] * (x * x + y * y);
                bundle.pixels[2 * o] += z * x;
                bundle.pixels[2 * o + 1] += z * y;
            }
            BundleProblem problem = bundle.disturbed(CAMERA, 0.002, run);
            problem.refineCamera(0, new boolean[] {true, true, true, true});
            AdjustmentOptions options = AdjustmentOptions.defaults().withLimits(60, 1e-10);
            BundleAdjustment.adjust(problem, options);
            double[] errors = CameraPrecision.standardErrors(problem, 0, CENTRE, options);
            double dx = problem.camera(0).cx() - 500;
            double dy = problem.camera(0).cy() - 375;
            sum[0] += (dx * dx + dy * dy) / (2 * RUNS);
            sum[1] += (errors[0] * errors[0] + errors[1] * errors[1]) / (2 * RUNS);
        }
        return new double[] {Math.sqrt(sum[0]), Math.sqrt(sum[1])};
    }

    @Test
    void standardErrorsAreTheSpreadOverSamplesOfNoise() {
        double[] little = spreadAndStandardError(0.3, 0);
        double[] much = spreadAndStandardError(0.9, 0);
        assertThat(little[1] / little[0]).isBetween(0.6, 1.6);
        assertThat(much[1] / much[0]).isBetween(0.6, 1.6);
        assertThat(much[1] / little[1]).isBetween(2.0, 4.5);
    }

    @Test
    void errorsThatAViewSharesCount() {
        double[] independent = spreadAndStandardError(0.1, 0);
        double[] shared = spreadAndStandardError(0.1, 0.04);
        assertThat(shared[0]).isGreaterThan(2 * independent[0]);
        assertThat(shared[1] / shared[0]).isBetween(0.4, 1.6);
    }

    @Test
    void keptParametersHaveNoError() {
        SyntheticBundle bundle = new SyntheticBundle(CAMERA, 4, 20, 3, 0.3, 1);
        BundleProblem problem = bundle.disturbed(CAMERA, 0, 1);
        problem.refineCamera(0, new boolean[] {true, false, false, true});
        assertThatThrownBy(() -> CameraPrecision.standardErrors(problem, 0, CENTRE, AdjustmentOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parameter 1 of camera 0");
    }
}
