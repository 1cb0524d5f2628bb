package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.StepOptions;

/**
 * Moves faint Gaussians at random along their own shape (Kheradmand et al. 2024, eq. 8 and 9). Goes over a run of Gaussians
 * once for each part of the work, so that what one waits for, exponentials and divisions, overlaps with the next one's. One
 * object per worker.
 */
final class ExplorationNoise {

    /** Above this opacity the noise is below a billionth of the Gaussian's size. */
    private static final float MAX_OPACITY = 0.2f;

    private final Gaussians gaussians;
    private final long seed;
    private final long iteration;
    private final float scale;

    /** The faint ones of a run, how far each moves, and where to. */
    private final int[] faint = new int[GaussianGradient.CHUNK];

    private final float[] factors = new float[GaussianGradient.CHUNK];
    private final float[] normals = new float[3 * GaussianGradient.CHUNK];

    /**
     * The noise of a step.
     *
     * @param iteration number of the step, from 1
     */
    ExplorationNoise(Gaussians gaussians, StepOptions options, long iteration) {
        this.gaussians = gaussians;
        this.seed = options.seed();
        this.iteration = iteration;
        this.scale = (float) (options.noise() * options.rates().means());
    }

    /** Moves those of Gaussians {@code first} to {@code first + count - 1} that are faint. */
    void run(int first, int count) {
        int found = 0;
        for (int i = first; i < first + count; i++) {
            float opacity = FloatMath.sigmoid(gaussians.logitOpacities()[i]);
            faint[found] = i;
            factors[found] = opacity;
            // One more unless the difference is negative; a branch would be guessed wrongly half of the time.
            found += 1 + (Float.floatToRawIntBits(MAX_OPACITY - opacity) >> 31);
        }
        for (int k = 0; k < found; k++) {
            factors[k] = scale / (1 + FloatMath.exp(100 * (factors[k] - 0.005f)));
        }
        for (int k = 0; k < found; k++) {
            CounterNoise.normal(seed, iteration, faint[k], normals, 3 * k);
        }
        for (int k = 0; k < found; k++) {
            Covariance.multiply(gaussians, faint[k], normals, 3 * k);
        }
        float[] means = gaussians.means();
        for (int k = 0; k < found; k++) {
            for (int axis = 0; axis < 3; axis++) {
                means[3 * faint[k] + axis] += factors[k] * normals[3 * k + axis];
            }
        }
    }
}
