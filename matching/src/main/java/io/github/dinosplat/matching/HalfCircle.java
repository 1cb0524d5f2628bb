package io.github.dinosplat.matching;

/**
 * SIFT descriptors whose directions have no sign, so that what was dark on light by day and is light on dark by night looks
 * the same (the half-SIFT of MODS, Mishkin et al. 2015). Made from RootSIFT: its squares are the shares of the gradient, which
 * add up, and the root of the sums has length 1 again.
 */
final class HalfCircle {

    /** Length of one descriptor: 4 x 4 cells of 4 directions. */
    static final int SIZE = 64;

    private static final int DIRECTIONS = 4;
    private static final int CELLS = 16;

    private HalfCircle() {}

    /** [n, 64] from RootSIFT descriptors [n, 128]. */
    static float[] of(float[] rootSift) {
        float[] half = new float[rootSift.length / 2];
        for (int i = 0; i < half.length; i++) {
            int p = i / DIRECTIONS * 2 * DIRECTIONS + i % DIRECTIONS;
            float one = rootSift[p];
            float other = rootSift[p + DIRECTIONS];
            half[i] = (float) Math.sqrt(one * one + other * other);
        }
        return half;
    }

    /** The same places with the frame turned by half a circle, which the missing sign leaves open. */
    static float[] turned(float[] half) {
        float[] out = new float[half.length];
        for (int k = 0; k < half.length; k += SIZE) {
            for (int c = 0; c < CELLS; c++) {
                System.arraycopy(half, k + c * DIRECTIONS, out, k + (CELLS - 1 - c) * DIRECTIONS, DIRECTIONS);
            }
        }
        return out;
    }
}
