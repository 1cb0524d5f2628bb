package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;
import java.util.Arrays;

/**
 * The memory of one view's step, kept from step to step and grown when needed: projected Gaussians, tile lists, picture
 * planes, gradients.
 *
 * <p>In bytes: 80 a Gaussian (with {@link DepthOrder} 92), 54 a tile hit (and 4 for each feature channel, 8 with absolute
 * sums), with up to a quarter to spare, 32 a pixel (8 more for gradients by depth and opacity, 8 for each feature channel;
 * {@link PhotometricLoss} has 24 of its own).
 */
final class Frame {

    /** Values of a hit's gradient: moments of the alpha gradient (6), colour (3), depth (1). */
    static final int HIT_VALUES = 10;

    /** [N, 12] projected Gaussians, see {@link Splat}; stale where {@link #hitCount} is 0. */
    float[] splats = new float[0];

    /** [N] depths; stale likewise. */
    float[] depths = new float[0];

    /** [N, 3] standard deviations, and [N] opacities, of all Gaussians. */
    float[] scales = new float[0];

    float[] opacities = new float[0];

    /** [N] how many tiles each Gaussian meets; 0 when it is not visible. */
    int[] hitCount = new int[0];

    /** [N + 1] where each Gaussian's hits begin in the per-hit arrays. */
    int[] slotStart = new int[1];

    /** For each run of {@link Projector#CHUNK} Gaussians the tiles that they meet, one Gaussian after the other. */
    private int[][] chunkTiles = new int[0][];

    /** [visible] Gaussians, nearest first. */
    int[] order = new int[0];

    int visible;
    int hits;

    /** [tiles + 1] where each tile's list begins. */
    int[] tileStart = new int[1];

    /** [hits] in tile order: which Gaussian, and where its gradient belongs. */
    int[] listGaussian = new int[0];

    int[] listSlot = new int[0];

    /** [hits] by slot: the 4x4 blocks of the tile that the Gaussian changed, one bit each. */
    short[] touched = new short[0];

    /** [hits, 10] by slot; stale where {@link #touched} is 0. */
    float[] hitGradients = new float[0];

    /** How many feature channels are rendered; 0 for none. */
    int featureChannels;

    /** [hits, channels] by slot: gradients by the features; stale where {@link #touched} is 0. */
    float[] hitFeatureGradients = new float[0];

    /** Whether {@link #absoluteSums} are asked for. */
    boolean absoluteGradients;

    /**
     * [hits, 2] by slot: sums over pixels of the absolute values of the gradient by the projected centre; stale where
     * {@link #touched} is 0.
     */
    float[] absoluteSums = new float[0];

    int width;
    int height;

    /** Planes [height, width]: colour with background, accumulated depth, opacity. */
    float[] red = new float[0];

    float[] green = new float[0];
    float[] blue = new float[0];
    float[] depth = new float[0];
    float[] alpha = new float[0];

    /** Planes of the loss gradient by colour. */
    float[] redGradient = new float[0];

    float[] greenGradient = new float[0];
    float[] blueGradient = new float[0];

    /** Planes of the loss gradient by accumulated depth and by opacity; read only when asked for. */
    float[] depthGradient = new float[0];

    float[] alphaGradient = new float[0];

    /** [channels, height, width] rendered features, and the loss gradient by them; read only when asked for. */
    float[] features = new float[0];

    float[] featureGradients = new float[0];

    /** Bytes by Gaussian, by hit and by pixel. */
    long[] bytes() {
        long gaussians = (long) splats.length
                + depths.length
                + scales.length
                + opacities.length
                + hitCount.length
                + slotStart.length
                + order.length;
        long hitFloats = (long) listGaussian.length
                + listSlot.length
                + hitGradients.length
                + hitFeatureGradients.length
                + absoluteSums.length
                + Arrays.stream(chunkTiles).mapToLong(tiles -> tiles.length).sum();
        long pixels = 5L * red.length + 3L * redGradient.length + 2L * depthGradient.length + features.length;
        return new long[] {4 * gaussians, 4 * hitFloats + 2L * touched.length, 4 * (pixels + featureGradients.length)};
    }

    void reserveGaussians(int count) {
        if (hitCount.length < count) {
            splats = new float[count * Splat.STRIDE];
            depths = new float[count];
            scales = new float[count * 3];
            opacities = new float[count];
            hitCount = new int[count];
            slotStart = new int[count + 1];
            order = new int[count];
            chunkTiles = new int[(count + Projector.CHUNK - 1) / Projector.CHUNK][0];
        }
    }

    /** Keeps the first tiles of a list as those of a chunk of Gaussians. */
    void keepTiles(int chunk, int[] tiles, int count) {
        if (chunkTiles[chunk].length < count) {
            chunkTiles[chunk] = new int[count + count / 4];
        }
        System.arraycopy(tiles, 0, chunkTiles[chunk], 0, count);
    }

    /** The tiles of the Gaussian's chunk. */
    int[] tilesOf(int gaussian) {
        return chunkTiles[gaussian / Projector.CHUNK];
    }

    /** Where the Gaussian's own begin among these. */
    int firstTileOf(int gaussian) {
        return slotStart[gaussian] - slotStart[gaussian / Projector.CHUNK * Projector.CHUNK];
    }

    void reserveHits(int count) {
        if (listGaussian.length < count) {
            int widest = Math.max(HIT_VALUES, Gaussians.MAX_FEATURE_CHANNELS);
            int room = (int) Math.min(Integer.MAX_VALUE / widest - 8, (long) count + count / 4 + 1024);
            if (room < count) {
                throw new IllegalStateException("the picture needs " + count + " tile hits but at most " + room
                        + " are possible; train on smaller photos or with fewer Gaussians");
            }
            listGaussian = new int[room];
            listSlot = new int[room];
            touched = new short[room];
            hitGradients = new float[room * HIT_VALUES];
        }
        if (hitFeatureGradients.length < count * featureChannels) {
            hitFeatureGradients = new float[listGaussian.length * featureChannels];
        }
    }

    void reservePicture(int newWidth, int newHeight, int tiles) {
        width = newWidth;
        height = newHeight;
        int pixels = width * height;
        if (red.length < pixels) {
            red = new float[pixels];
            green = new float[pixels];
            blue = new float[pixels];
            depth = new float[pixels];
            alpha = new float[pixels];
            redGradient = new float[pixels];
            greenGradient = new float[pixels];
            blueGradient = new float[pixels];
        }
        if ((long) pixels * featureChannels > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a picture of " + width + "x" + height + " pixels is too large for "
                    + featureChannels + " feature channels; render it in parts");
        }
        if (features.length < pixels * featureChannels) {
            features = new float[pixels * featureChannels];
        }
        if (tileStart.length < tiles + 1) {
            tileStart = new int[tiles + 1];
        }
    }

    /** Makes room for the absolute sums. */
    void reserveAbsoluteSums() {
        if (absoluteSums.length < 2 * listGaussian.length) {
            absoluteSums = new float[2 * listGaussian.length];
        }
    }

    /** Makes room for the gradients by depth, opacity and features. */
    void reserveGeometryGradients() {
        if (depthGradient.length < red.length) {
            depthGradient = new float[red.length];
            alphaGradient = new float[red.length];
        }
        if (featureGradients.length < features.length) {
            featureGradients = new float[features.length];
        }
    }
}
