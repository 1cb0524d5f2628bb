package io.github.dinosplat.splat.stereo;

import io.github.dinosplat.scene.DepthMap;

/**
 * Small islands of depth, which are mostly chance agreements of photos that show different things: they would carry their
 * depth into all of the hole around them.
 */
final class Speckles {

    /** Islands of less than this part of the picture go. */
    private static final double LEAST_PART = 0.001;

    /** Neighbours belong together whose depths differ by less than this part. */
    private static final float SAME = 0.03f;

    private Speckles() {}

    /** The map without its small islands. */
    static DepthMap removed(DepthMap map) {
        int width = map.width();
        int n = width * map.height();
        float[] depth = new float[n];
        float[] confidence = new float[n];
        for (int i = 0; i < n; i++) {
            depth[i] = map.depth(i % width, i / width);
            confidence[i] = map.confidence(i % width, i / width);
        }
        boolean[] small = Islands.small(
                width,
                map.height(),
                i -> depth[i] > 0,
                (i, j) -> Math.abs(depth[j] / depth[i] - 1) < SAME,
                LEAST_PART * n);
        for (int i = 0; i < n; i++) {
            if (small[i]) {
                depth[i] = 0;
                confidence[i] = 0;
            }
        }
        return new DepthMap(width, map.height(), depth, confidence);
    }
}
