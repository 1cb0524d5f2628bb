package io.github.dinosplat.features;

/**
 * A picture as a network sees it: three planes of a size, normalised, mirrored beyond its borders, handed out window by
 * window. Not safe for use by several threads.
 */
interface NetworkPicture {

    /** Width in the network's pixels. */
    int width();

    /** Height in the network's pixels. */
    int height();

    /**
     * Writes a window.
     *
     * @param left first column; may be negative, and the window may end beyond the picture
     * @param top first row, likewise
     * @param windowWidth columns
     * @param windowHeight rows
     * @param target receives [3, windowHeight, windowWidth]
     */
    void window(int left, int top, int windowWidth, int windowHeight, float[] target);

    /** The position inside of 0 to size - 1 that stands for one outside: the picture mirrored at its outermost pixels' edges. */
    static int mirrored(int position, int size) {
        int period = 2 * size;
        int inside = Math.floorMod(position, period);
        return inside < size ? inside : period - 1 - inside;
    }
}
