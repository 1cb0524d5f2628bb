package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.RenderOptions;
import java.util.Arrays;

/**
 * Takes the gradient of the loss from the screen back to the parameters of a run of Gaussians (Ye et al. 2023,
 * "Mathematical supplement for gsplat"), through the viewing direction of the colours as well. Holds the gradients of at
 * most {@link #CHUNK} Gaussians; one object per worker.
 */
final class GaussianGradient {

    /** Gaussians handled at a time; any number gives the same result. */
    static final int CHUNK = 64;

    private static final int SH = Gaussians.SH_COEFFICIENTS * 3;

    final float[] means = new float[3 * CHUNK];
    final float[] logScales = new float[3 * CHUNK];
    final float[] quaternions = new float[4 * CHUNK];
    final float[] logitOpacities = new float[CHUNK];
    final float[] sh = new float[SH * CHUNK];

    /** [CHUNK, channels] by the features, when they are rendered. */
    final float[] features;

    /**
     * Length of the gradient by the projected centre, in normalised device coordinates; of the sums of its absolute values
     * where they were asked for.
     */
    final float[] screen = new float[CHUNK];

    /**
     * Sums by the pose over all Gaussians since they were last cleared: three by the translation of the camera frame,
     * three by its rotation.
     */
    final double[] pose = new double[6];

    private final float[] hit = new float[Frame.HIT_VALUES];
    private final float[] absolute = new float[2];
    private final float[] basis = new float[Gaussians.SH_COEFFICIENTS];
    private final float[] weight = new float[Gaussians.SH_COEFFICIENTS];
    private final float[] direction = new float[3];
    private final float[] inverse = new float[3];
    private final Footprint f = new Footprint();

    private final Gaussians gaussians;
    private final Projection view;
    private final RenderOptions options;
    private final Frame frame;

    GaussianGradient(Gaussians gaussians, Projection view, RenderOptions options, Frame frame) {
        this.gaussians = gaussians;
        this.view = view;
        this.options = options;
        this.frame = frame;
        this.features = new float[frame.featureChannels * CHUNK];
    }

    /** Fills the arrays with the gradients of Gaussians {@code first} to {@code first + count - 1}. */
    void run(int first, int count) {
        Arrays.fill(means, 0);
        Arrays.fill(logScales, 0);
        Arrays.fill(quaternions, 0);
        Arrays.fill(logitOpacities, 0);
        Arrays.fill(sh, 0);
        Arrays.fill(features, 0);
        Arrays.fill(screen, 0);
        for (int g = 0; g < count; g++) {
            if (frame.hitCount[first + g] > 0 && sumHits(first + g, g)) {
                gradient(first + g, g);
            }
        }
    }

    /** Adds up a Gaussian's hits in slot order; returns whether any pixel saw it. */
    private boolean sumHits(int i, int g) {
        boolean any = false;
        int channels = frame.featureChannels;
        Arrays.fill(hit, 0);
        Arrays.fill(absolute, 0);
        for (int slot = frame.slotStart[i]; slot < frame.slotStart[i + 1]; slot++) {
            if (frame.touched[slot] != 0) {
                any = true;
                int at = slot * Frame.HIT_VALUES;
                for (int k = 0; k < Frame.HIT_VALUES; k++) {
                    hit[k] += frame.hitGradients[at + k];
                }
                if (frame.absoluteGradients) {
                    absolute[0] += frame.absoluteSums[2 * slot];
                    absolute[1] += frame.absoluteSums[2 * slot + 1];
                }
                for (int c = 0; c < channels; c++) {
                    features[g * channels + c] += frame.hitFeatureGradients[slot * channels + c];
                }
            }
        }
        return any;
    }

    private void gradient(int i, int g) {
        f.locate(gaussians, i, view);
        f.shape(gaussians, i, frame.scales);
        int at = i * Splat.STRIDE;
        float[] s = frame.splats;
        // The conic a, b, c, from its scaled form; the gradient by it is -(Sxx / 2, Sxy, Syy / 2).
        float unscale = -1 / BlendMath.EXPONENT_PER_NATURAL_LOG;
        float a = 2 * unscale * s[at + Splat.XX];
        float b = unscale * s[at + Splat.XY];
        float c = 2 * unscale * s[at + Splat.YY];
        f.byX = a * hit[1] + b * hit[2];
        f.byY = b * hit[1] + c * hit[2];
        f.byDepth = hit[9] * view.measure.slope(f.depth);
        float alongX = view.width * (frame.absoluteGradients ? absolute[0] : f.byX);
        float alongY = view.height * (frame.absoluteGradients ? absolute[1] : f.byY);
        screen[g] = (float) Math.sqrt(alongX * alongX + alongY * alongY) / 2;
        logitOpacities[g] = hit[0] * (1 - frame.opacities[i]);
        // G = -Q dQ Q with dQ = -S/2: the gradient by the projected covariance, symmetric.
        float m00 = a * hit[3] + b * hit[4];
        float m01 = a * hit[4] + b * hit[5];
        float m10 = b * hit[3] + c * hit[4];
        float m11 = b * hit[4] + c * hit[5];
        float g00 = 0.5f * (m00 * a + m01 * b);
        float g01 = 0.5f * (m00 * b + m01 * c);
        float g11 = 0.5f * (m10 * b + m11 * c);
        if (options.mip() && f.halfInverseBefore(inverse)) {
            g00 += hit[0] * (inverse[0] - 0.5f * a);
            g01 += hit[0] * (inverse[1] - 0.5f * b);
            g11 += hit[0] * (inverse[2] - 0.5f * c);
        }
        f.shapeGradient(g00, g01, g11, logScales, quaternions, g);
        view.positionGradient(f);
        colour(i, g);
        means[3 * g] = f.meanX;
        means[3 * g + 1] = f.meanY;
        means[3 * g + 2] = f.meanZ;
        pose();
    }

    /** To move the camera frame's content is to move the Gaussian. */
    private void pose() {
        pose[0] += view.r00 * f.meanX + view.r01 * f.meanY + view.r02 * f.meanZ;
        pose[1] += view.r10 * f.meanX + view.r11 * f.meanY + view.r12 * f.meanZ;
        pose[2] += view.r20 * f.meanX + view.r21 * f.meanY + view.r22 * f.meanZ;
        pose[3] += f.turnX;
        pose[4] += f.turnY;
        pose[5] += f.turnZ;
    }

    private void colour(int i, int g) {
        int at = i * Splat.STRIDE;
        float red = frame.splats[at + Splat.RED] > 0 ? hit[6] : 0;
        float green = frame.splats[at + Splat.GREEN] > 0 ? hit[7] : 0;
        float blue = frame.splats[at + Splat.BLUE] > 0 ? hit[8] : 0;
        int degree = options.shDegree();
        view.direction(f);
        SphericalHarmonics.basis(degree, f.nx, f.ny, f.nz, basis);
        float[] coefficients = gaussians.sh();
        int from = i * SH;
        int to = g * SH;
        for (int k = 0; k < SphericalHarmonics.count(degree); k++) {
            sh[to + 3 * k] = basis[k] * red;
            sh[to + 3 * k + 1] = basis[k] * green;
            sh[to + 3 * k + 2] = basis[k] * blue;
            weight[k] = red * coefficients[from + 3 * k]
                    + green * coefficients[from + 3 * k + 1]
                    + blue * coefficients[from + 3 * k + 2];
        }
        if (degree > 0) {
            SphericalHarmonics.gradient(degree, f.nx, f.ny, f.nz, weight, direction);
            view.directionGradient(f, direction[0], direction[1], direction[2]);
        }
    }
}
