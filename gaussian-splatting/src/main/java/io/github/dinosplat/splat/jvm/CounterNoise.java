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
     */
    static void normal(long seed, long step, int index, double[] out) {
        int[] bits = bits(seed, step, index);
        double radius0 = Math.sqrt(-2 * StrictMath.log(uniform(bits[0])));
        double radius1 = Math.sqrt(-2 * StrictMath.log(uniform(bits[2])));
        out[0] = radius0 * StrictMath.cos(2 * Math.PI * uniform(bits[1]));
        out[1] = radius0 * StrictMath.sin(2 * Math.PI * uniform(bits[1]));
        out[2] = radius1 * StrictMath.cos(2 * Math.PI * uniform(bits[3]));
    }

    /** One number from the open interval from 0 to 1, independent of the normal values: the hash of {@code ~index}. */
    static double uniform(long seed, long step, int index) {
        return uniform(bits(seed, step, ~index)[0]);
    }

    private static int[] bits(long seed, long step, int index) {
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
