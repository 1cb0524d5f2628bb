package io.github.dinosplat.splat.io;

/** Between the parameters that are optimised and what other files store: opacity, base colour, bytes. */
final class SplatValues {

    /** The constant basis function of spherical harmonics. */
    static final double SH_C0 = 0.28209479177387814;

    /** A size of exactly zero is legal in some files; its logarithm is taken from here. */
    private static final double LEAST_SCALE = Float.MIN_NORMAL;

    private SplatValues() {}

    static double opacity(float logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    /** Minus or plus infinity for an opacity of exactly 0 or 1. */
    static float logit(double opacity) {
        return (float) Math.log(opacity / (1 - opacity));
    }

    /** The colour, about 0 to 1, of the coefficient of degree 0. */
    static double colour(float coefficient) {
        return 0.5 + SH_C0 * coefficient;
    }

    static float coefficient(double colour) {
        return (float) ((colour - 0.5) / SH_C0);
    }

    static float logScale(double scale) {
        return (float) Math.log(Math.max(scale, LEAST_SCALE));
    }

    /** The nearest of 0 to 255; NaN becomes 0. */
    static byte unsignedByte(double value) {
        return (byte) Math.min(255, Math.max(0, Math.round(value)));
    }

    /** Fills a unit quaternion of the same rotation with w not negative. */
    static void unit(float[] quaternions, int splat, double[] wxyz) {
        double norm = 0;
        for (int k = 0; k < 4; k++) {
            wxyz[k] = quaternions[4 * splat + k];
            norm += wxyz[k] * wxyz[k];
        }
        double scale = (wxyz[0] < 0 ? -1 : 1) / Math.sqrt(norm);
        for (int k = 0; k < 4; k++) {
            wxyz[k] *= scale;
        }
    }
}
