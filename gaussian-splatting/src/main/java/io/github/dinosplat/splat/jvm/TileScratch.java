package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;

/**
 * The pixels of one tile while it is blended. A tile is 16 blocks of 4x4 pixels; all planes have the pixels of a block
 * next to each other (block-row by block-row, and row by row inside a block), so that a vector is a compact patch.
 */
final class TileScratch {

    static final int BLOCK = 4;
    static final int BLOCK_PIXELS = 16;
    static final int PIXELS = TileCover.TILE * TileCover.TILE;

    /** Transmittance; negative once the pixel is finished, and -1 outside of the picture. */
    final float[] transmittance = new float[PIXELS];

    final float[] red = new float[PIXELS];
    final float[] green = new float[PIXELS];
    final float[] blue = new float[PIXELS];
    final float[] depth = new float[PIXELS];

    /** In the backward pass: what is still to come behind, weighted by the gradient. */
    final float[] behind = new float[PIXELS];

    final float[] depthGradient = new float[PIXELS];
    final float[] alphaGradient = new float[PIXELS];

    /** The weights of the hit at hand, valid in the blocks it changed; kept when features are rendered. */
    final float[] weight = new float[PIXELS];

    /** [channels, PIXELS] features, or the gradient by them; and what a hit's features add to {@link #alphaGradient}. */
    float[] features = new float[0];

    float[] featureValue = new float[0];

    /** [channels, lanes] one hit's gradients by the features before they are summed over lanes. */
    final float[] featureLanes = new float[Gaussians.MAX_FEATURE_CHANNELS * BLOCK_PIXELS];

    /** One hit's gradients before they are summed over lanes. */
    final float[] lanes = new float[Frame.HIT_VALUES * BLOCK_PIXELS];

    /** A bit for each block that has an unfinished pixel. */
    int live;

    /** Where a pixel of the tile is in the planes. */
    static int index(int x, int y) {
        return ((y >> 2) * 4 + (x >> 2)) * BLOCK_PIXELS + (y & 3) * BLOCK + (x & 3);
    }

    /** Starts all pixels of the picture at transmittance 1. */
    void begin(int pixelsX, int pixelsY) {
        live = 0;
        for (int y = 0; y < TileCover.TILE; y++) {
            for (int x = 0; x < TileCover.TILE; x++) {
                boolean inside = x < pixelsX && y < pixelsY;
                transmittance[index(x, y)] = inside ? 1 : -1;
                if (inside) {
                    live |= 1 << (y >> 2) * 4 + (x >> 2);
                }
            }
        }
    }

    /** Makes room for feature channels and zeroes them. */
    void beginFeatures(int channels) {
        if (features.length < channels * PIXELS) {
            features = new float[channels * PIXELS];
            featureValue = new float[PIXELS];
        }
        java.util.Arrays.fill(features, 0, channels * PIXELS, 0);
    }

    /** Zeroes the gradient planes, for tiles that reach over the border. */
    void clearGradients() {
        for (float[] plane : new float[][] {red, green, blue, behind, depthGradient, alphaGradient}) {
            java.util.Arrays.fill(plane, 0);
        }
    }

    /**
     * The blocks that a box meets.
     *
     * @param x centre relative to the tile's upper left corner, pixels
     * @param y likewise
     * @param ex half width
     * @param ey half height
     */
    static int blocks(float x, float y, float ex, float ey) {
        // Pixel centres of block column b are at 4 b + 0.5 to 4 b + 3.5.
        int firstX = (int) Math.max(0, Math.min(4, (x - ex + 0.48f) * 0.25f));
        int endX = (int) Math.max(0, Math.min(4, (x + ex + 3.52f) * 0.25f));
        int firstY = (int) Math.max(0, Math.min(4, (y - ey + 0.48f) * 0.25f));
        int endY = (int) Math.max(0, Math.min(4, (y + ey + 3.52f) * 0.25f));
        int columns = 0xf << firstX & 0xf >> 4 - endX;
        int rows = 0xffff << 4 * firstY & 0xffff >> 4 * (4 - endY);
        return columns * 0x1111 & rows;
    }
}
