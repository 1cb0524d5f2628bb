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
        boolean[] done = new boolean[n];
        int[] island = new int[n];
        for (int seed = 0; seed < n; seed++) {
            if (!done[seed] && depth[seed] > 0) {
                int size = grow(seed, depth, width, done, island);
                for (int k = 0; k < size && size < LEAST_PART * n; k++) {
                    depth[island[k]] = 0;
                    confidence[island[k]] = 0;
                }
            }
        }
        return new DepthMap(width, map.height(), depth, confidence);
    }

    /** Fills in the pixels of the island around a seed; returns how many there are. */
    private static int grow(int seed, float[] depth, int width, boolean[] done, int[] island) {
        int size = 0;
        island[size++] = seed;
        done[seed] = true;
        for (int k = 0; k < size; k++) {
            int i = island[k];
            int x = i % width;
            int[] neighbours = {
                x > 0 ? i - 1 : -1, x + 1 < width ? i + 1 : -1, i - width, i + width < depth.length ? i + width : -1
            };
            for (int j : neighbours) {
                if (j >= 0 && !done[j] && depth[j] > 0 && Math.abs(depth[j] / depth[i] - 1) < SAME) {
                    done[j] = true;
                    island[size++] = j;
                }
            }
        }
        return size;
    }
}
