package io.github.dinosplat.splat.jvm;

/**
 * Random numbers without a sequence: three standard normal values for a seed, step and index, from the pcg4d hash of
 * Jarzynski and Olano ("Hash functions for GPU rendering", 2020), which needs 32-bit integers only, and the Box-Muller
 * transform. Any engine that follows these lines draws the same numbers.
 */
final class CounterNoise {

    private CounterNoise() {}

    /**
     * Draws three values.
     *
     * @param seed seed of the run
     * @param step number of the step; its low 32 bits count
     * @param index index of the Gaussian
     * @param out receives three values
     * @param at where they begin
     */
    static void normal(long seed, long step, int index, double[] out, int at) {
        int[] bits = bits(seed, step, index);
        double radius0 = Math.sqrt(-2 * log(uniform(bits[0])));
        double radius1 = Math.sqrt(-2 * log(uniform(bits[2])));
        out[at] = radius0 * cosineOfTurns(uniform(bits[1]));
        out[at + 1] = radius0 * cosineOfTurns(uniform(bits[1]) - 0.25);
        out[at + 2] = radius1 * cosineOfTurns(uniform(bits[3]));
    }

    /**
     * The natural logarithm of a positive normal number to 1e-12, from plain arithmetic: the same bits everywhere, as
     * StrictMath's, at a fifth of its time.
     */
    static double log(double x) {
        long bits = Double.doubleToRawLongBits(x);
        // The power of two that leaves a factor from sqrt(1/2) to sqrt(2).
        long power = (bits - 0x3fe6a09e667f3bcdL) >> 52;
        double factor = Double.longBitsToDouble(bits - (power << 52));
        double s = (factor - 1) / (factor + 1);
        double q = s * s;
        double series = 1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q * (1.0 / 11 + q * (1.0 / 13)))));
        return power * 0.6931471805599453 + 2 * (s + s * q * series);
    }

    /**
     * The cosine of an angle in turns, from -1 to 1, to 1e-11; plain arithmetic likewise. Without branches, which random
     * angles would take at random: guessed wrongly they cost more than both series.
     */
    static double cosineOfTurns(double turns) {
        // An even function: fold to 0 to 1/4 turn, where the sine of what is missing to a quarter takes over past 1/8.
        double magnitude = Math.abs(turns);
        double half = Math.min(magnitude, 1 - magnitude);
        double quarter = Math.min(half, 0.5 - half);
        long cosine = Double.doubleToRawLongBits(cosine(2 * Math.PI * quarter));
        long sine = Double.doubleToRawLongBits(sine(2 * Math.PI * (0.25 - quarter)));
        long pastEighth = Double.doubleToRawLongBits(0.125 - quarter) >> 63;
        long sign = Double.doubleToRawLongBits(0.25 - half) & Long.MIN_VALUE;
        return Double.longBitsToDouble((cosine & ~pastEighth | sine & pastEighth) ^ sign);
    }

    /** Taylor's series, for 0 to pi/4. */
    private static double cosine(double x) {
        double q = x * x;
        return 1
                + q
                        * (-1.0 / 2
                                + q
                                        * (1.0 / 24
                                                + q
                                                        * (-1.0 / 720
                                                                + q
                                                                        * (1.0 / 40320
                                                                                + q
                                                                                        * (-1.0 / 3628800
                                                                                                + q / 479001600)))));
    }

    private static double sine(double x) {
        double q = x * x;
        return x * (1 + q * (-1.0 / 6 + q * (1.0 / 120 + q * (-1.0 / 5040 + q * (1.0 / 362880 - q / 39916800)))));
    }

    /** One number from the open interval from 0 to 1, independent of the normal values: the hash of {@code ~index}. */
    static double uniform(long seed, long step, int index) {
        return uniform(bits(seed, step, ~index)[0]);
    }

    /** Four random words for a seed, step and index. */
    static int[] bits(long seed, long step, int index) {
        int a = (int) seed * 1664525 + 1013904223;
        int b = (int) (seed >>> 32) * 1664525 + 1013904223;
        int c = (int) step * 1664525 + 1013904223;
        int d = index * 1664525 + 1013904223;
        a += b * d;
        b += c * a;
        c += a * b;
        d += b * c;
        a ^= a >>> 16;
        b ^= b >>> 16;
        c ^= c >>> 16;
        d ^= d >>> 16;
        a += b * d;
        b += c * a;
        c += a * b;
        d += b * c;
        return new int[] {a, b, c, d};
    }

    /** From 32 bits to the open interval from 0 to 1. */
    private static double uniform(int bits) {
        return ((bits >>> 8) + 0.5) / (1 << 24);
    }
}
