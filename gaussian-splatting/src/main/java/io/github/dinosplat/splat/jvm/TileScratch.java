package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;
import java.util.Arrays;

/**
 * The pixels of one tile while it is blended. A tile is 16 blocks of 4x4 pixels. The values of a block lie together,
 * plane by plane with 16 values each, so that a vector is a compact patch and a block is reached by one index.
 */
final class TileScratch {

    static final int BLOCK = 4;
    static final int BLOCK_PIXELS = 16;
    static final int BLOCKS = 16;

    /** How many hits are handled together: so many that their values are a multiple of 16. */
    static final int HITS = 16;

    /** How many hits are fetched together. */
    static final int FETCHED = 4 * HITS;

    static final int PIXELS = TileCover.TILE * TileCover.TILE;

    /** Pixel centres relative to the tile's upper left corner. */
    static final int X = 0;

    static final int Y = BLOCK_PIXELS;

    /** Transmittance; negative once the pixel is finished, and -1 outside of the picture. */
    static final int TRANSMITTANCE = 2 * BLOCK_PIXELS;

    /** Forward: the sums. Backward: the loss gradients by them. */
    static final int RED = 3 * BLOCK_PIXELS;

    static final int GREEN = 4 * BLOCK_PIXELS;
    static final int BLUE = 5 * BLOCK_PIXELS;
    static final int DEPTH = 6 * BLOCK_PIXELS;

    /** Backward: the loss gradient by opacity. */
    static final int ALPHA = 7 * BLOCK_PIXELS;

    /** Backward: {@link #ALPHA} with what the hit at hand gets by its features. */
    static final int VALUE = 8 * BLOCK_PIXELS;

    /** Backward: what is still to come behind, weighted by the gradient. */
    static final int BEHIND = 9 * BLOCK_PIXELS;

    /** The weights of the hit at hand, valid in the blocks it changed. */
    static final int WEIGHT = 10 * BLOCK_PIXELS;

    /** Backward: the loss gradient by the logarithm of the alpha of the hit at hand, likewise. */
    static final int SLOPE = 11 * BLOCK_PIXELS;

    private static final int PLANES = 12;

    /** [block, plane, 4, 4]. */
    final float[] planes = new float[PLANES * PIXELS];

    /** [channels, block, 4, 4] features, or the gradient by them. */
    float[] features = new float[0];

    /** [HITS, values] the gradients of the last hits. */
    final float[] sums = new float[HITS * Frame.HIT_VALUES];

    /** [HITS, values, lanes] the same before they are summed over lanes. */
    final float[] lanes = new float[HITS * Frame.HIT_VALUES * BLOCK_PIXELS];

    /** [HITS] the centres of the hits at hand relative to the tile, and half of their widths and heights. */
    final float[] hitX = new float[HITS];

    final float[] hitY = new float[HITS];
    final float[] hitEx = new float[HITS];
    final float[] hitEy = new float[HITS];

    /** [HITS] a bit for each block that a hit may meet, or, on the way back, changed. */
    final int[] blocks = new int[HITS];

    /** [channels] one hit's gradients by its features, and [channels, lanes]. */
    final float[] featureSums = new float[Gaussians.MAX_FEATURE_CHANNELS];

    final float[] featureLanes = new float[Gaussians.MAX_FEATURE_CHANNELS * BLOCK_PIXELS];

    /** A bit for each block that has an unfinished pixel. */
    int live;

    /** What was read ahead, so that reading is not left out. */
    private float read;

    TileScratch() {
        for (int y = 0; y < TileCover.TILE; y++) {
            for (int x = 0; x < TileCover.TILE; x++) {
                planes[index(x, y) + X] = x + 0.5f;
                planes[index(x, y) + Y] = y + 0.5f;
            }
        }
    }

    /** Where a block begins in the planes. */
    static int at(int block) {
        return block * (PLANES * BLOCK_PIXELS);
    }

    /** Where a pixel of the tile is in the planes, to be added to the number of the plane. */
    static int index(int x, int y) {
        return at((y >> 2) * 4 + (x >> 2)) + (y & 3) * BLOCK + (x & 3);
    }

    /** Where a block begins in the features. */
    static int feature(int channel, int block) {
        return channel * PIXELS + block * BLOCK_PIXELS;
    }

    /** Where a pixel of the tile is in the features. */
    static int feature(int channel, int x, int y) {
        return feature(channel, (y >> 2) * 4 + (x >> 2)) + (y & 3) * BLOCK + (x & 3);
    }

    /**
     * Reads the Gaussians of many hits, so that the nearest cache has them. They lie scattered over more memory than it
     * holds: a loop that does nothing else waits for many of them at once.
     *
     * @return the first hit after those that were read
     */
    int fetch(Frame frame, int first, int end) {
        float[] s = frame.splats;
        int[] list = frame.listGaussian;
        int after = Math.min(end, first + FETCHED);
        float sum = 0;
        for (int i = first; i < after; i++) {
            int at = list[i] * Splat.STRIDE;
            sum += s[at] + s[at + Splat.STRIDE - 1];
        }
        read = sum;
        return after;
    }

    /** Locates some hits before they are blended. */
    void locate(Frame frame, int first, int hits, float tileX, float tileY) {
        float[] s = frame.splats;
        for (int i = 0; i < hits; i++) {
            int at = frame.listGaussian[first + i] * Splat.STRIDE;
            hitX[i] = s[at + Splat.X] - tileX;
            hitY[i] = s[at + Splat.Y] - tileY;
            hitEx[i] = s[at + Splat.EX];
            hitEy[i] = s[at + Splat.EY];
        }
    }

    /** Finds the blocks that located hits may meet. */
    void meet(int hits) {
        for (int i = 0; i < hits; i++) {
            blocks[i] = live & blocks(hitX[i], hitY[i], hitEx[i], hitEy[i]);
        }
    }

    /** Takes the blocks that located hits changed. */
    void recall(Frame frame, int first, int hits) {
        for (int i = 0; i < hits; i++) {
            blocks[i] = frame.touched[frame.listSlot[first + i]] & 0xffff;
        }
    }

    /** Starts all pixels of the picture at transmittance 1 and everything else at 0. */
    void begin(int pixelsX, int pixelsY, int channels) {
        live = 0;
        for (int block = 0; block < BLOCKS; block++) {
            int x = block % 4 * BLOCK;
            int y = block / 4 * BLOCK;
            int from = at(block) + TRANSMITTANCE;
            if (x < pixelsX && y < pixelsY) {
                live |= 1 << block;
            }
            boolean whole = x + BLOCK <= pixelsX && y + BLOCK <= pixelsY;
            Arrays.fill(planes, from, from + BLOCK_PIXELS, whole ? 1 : -1);
            Arrays.fill(planes, from + BLOCK_PIXELS, at(block + 1), 0);
            for (int i = 0; i < BLOCK_PIXELS && !whole; i++) {
                if (x + i % BLOCK < pixelsX && y + i / BLOCK < pixelsY) {
                    planes[from + i] = 1;
                }
            }
        }
        if (features.length < channels * PIXELS) {
            features = new float[channels * PIXELS];
        }
        Arrays.fill(features, 0, channels * PIXELS, 0);
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
        int firstX = clamp((int) ((x - ex + 0.48f) * 0.25f));
        int endX = clamp((int) ((x + ex + 3.52f) * 0.25f));
        int firstY = clamp((int) ((y - ey + 0.48f) * 0.25f));
        int endY = clamp((int) ((y + ey + 3.52f) * 0.25f));
        int columns = 0xf << firstX & 0xf >> 4 - endX;
        int rows = 0xffff << 4 * firstY & 0xffff >> 4 * (4 - endY);
        return columns * 0x1111 & rows;
    }

    private static int clamp(int block) {
        return Math.max(0, Math.min(4, block));
    }
}
