package io.github.dinosplat.matching.twoview;

/**
 * Half-SIFT (MODS, Mishkin et al. 2015): SIFT descriptors whose gradient directions have no sign, so that what is dark on light
 * by day and light on dark by night looks the same. Opposite directions share a bin. Made from RootSIFT, whose entries are roots
 * of shares of the gradient: the shares of opposite directions are added, and the roots of the sums have length 1 again.
 */
final class HalfSift {

    /** Length of one descriptor: 4 x 4 cells of 4 directions. */
    static final int SIZE = 64;

    private static final int DIRECTIONS = 4;
    private static final int CELLS = 16;

    private HalfSift() {}

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

    /**
     * The descriptors of the same places in frames turned by half a circle. The missing sign leaves open which of the two frames
     * is meant, so both have to be compared.
     */
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
