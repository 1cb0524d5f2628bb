package io.github.dinosplat.splat.jvm;

/**
 * Functions in single precision from plain arithmetic: the same bits everywhere, interpreted or compiled, in a tenth of
 * the time of the library's in double precision. Polynomials fitted for the least largest error, which is below that of
 * rounding.
 */
final class FloatMath {

    /** Added to and taken from a number below 2^22 it rounds to an integer, which stands in the low bits between. */
    private static final float ROUNDER = 1.5f * (1 << 23);

    private static final float PER_LN2 = (float) (1 / Math.log(2));

    /** ln 2 in two parts, of which multiples of the first by integers up to 2^10 are exact. */
    private static final float LN2 = 0.693359375f;

    private static final float LN2_REST = (float) (Math.log(2) - LN2);

    /** The bits of the square root of a half. */
    private static final int ROOT_HALF = 0x3f3504f3;

    private FloatMath() {}

    /** The exponential function, to 2e-7 of its value; infinite above 88.4, and below -87 what it is at -87. */
    static float exp(float x) {
        float bounded = x > 89 ? 89 : x < -87 ? -87 : x;
        float shifted = bounded * PER_LN2 + ROUNDER;
        float power = shifted - ROUNDER;
        float r = bounded - power * LN2 - power * LN2_REST;
        float rest = 0.00138144672f * r + 0.00836878084f;
        rest = rest * r + 0.0416683927f;
        rest = rest * r + 0.166665196f;
        rest = rest * r + 0.49999994f;
        float factor = Float.intBitsToFloat(Float.floatToRawIntBits(shifted) + 127 << 23);
        return (r * r * rest + r + 1) * factor;
    }

    /** The logistic function, to 3e-7 of its value. */
    static float sigmoid(float x) {
        return 1 / (1 + exp(-x));
    }

    /** The natural logarithm of a positive normal number, to 2e-7 of its value or, near 1, of its distance from 1. */
    static float log(float x) {
        int bits = Float.floatToRawIntBits(x);
        // The power of two that leaves a factor from sqrt(1/2) to sqrt(2).
        int power = bits - ROOT_HALF >> 23;
        float factor = Float.intBitsToFloat(bits - (power << 23));
        float s = (factor - 1) / (factor + 1);
        float q = s * s;
        float rest = ((0.298737228f * q + 0.39977473f) * q + 0.666667759f) * q;
        return power * LN2 + (power * LN2_REST + (s * rest + 2 * s));
    }

    /**
     * The cosine of an angle in turns, from -1 to 1, to 4e-7. Without branches, which random angles would take at random.
     */
    static float cosineOfTurns(float turns) {
        // An even function of period 1: the sine of what is missing to a quarter turn, or of what is too much, below
        // zero.
        float s = Math.abs(0.5f - Math.abs(turns)) - 0.25f;
        float q = s * s;
        float series = 39.7109184f * q - 76.5749893f;
        series = series * q + 81.6022339f;
        series = series * q - 41.3416786f;
        return s * (series * q + 6.28318548f);
    }
}
