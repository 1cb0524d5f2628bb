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
    static void normal(long seed, long step, int index, float[] out, int at) {
        int[] bits = bits(seed, step, index);
        float radius0 = (float) Math.sqrt(-2 * FloatMath.log(fraction(bits[0])));
        float radius1 = (float) Math.sqrt(-2 * FloatMath.log(fraction(bits[2])));
        float turns = fraction(bits[1]);
        out[at] = radius0 * FloatMath.cosineOfTurns(turns);
        out[at + 1] = radius0 * FloatMath.cosineOfTurns(turns - 0.25f);
        out[at + 2] = radius1 * FloatMath.cosineOfTurns(fraction(bits[3]));
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

    /** The same rounded to a float: 1 comes about. */
    private static float fraction(int bits) {
        return ((bits >>> 8) + 0.5f) * (1f / (1 << 24));
    }
}
