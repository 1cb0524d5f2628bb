package io.github.dinosplat.depth;

import io.github.dinosplat.scene.FeatureMap;

/**
 * What a regression sees at a place of a photo: the dense features there, and if wanted low-order terms of the position.
 *
 * @param position whether x, y, xy, x^2, y^2, x^2 y, x y^2, x^3 and y^3 follow the features
 */
record HeadFeatures(boolean position) {

    private static final int POSITION_TERMS = 9;

    int length(int channels) {
        return channels + (position ? POSITION_TERMS : 0);
    }

    /**
     * Fills one row.
     *
     * @param x pixels of the photo
     * @param y pixels of the photo
     * @param scratch at least as many values as the map has channels
     * @param row receives the values from {@code at}
     */
    void fill(FeatureMap map, double x, double y, float[] scratch, float[] row, int at) {
        map.sample(x, y, scratch);
        System.arraycopy(scratch, 0, row, at, map.channels());
        if (!position) {
            return;
        }
        float u = (float) (2 * x / map.photoWidth() - 1);
        float v = (float) (2 * y / map.photoHeight() - 1);
        int o = at + map.channels();
        row[o] = u;
        row[o + 1] = v;
        row[o + 2] = u * v;
        row[o + 3] = u * u;
        row[o + 4] = v * v;
        row[o + 5] = u * u * v;
        row[o + 6] = u * v * v;
        row[o + 7] = u * u * u;
        row[o + 8] = v * v * v;
    }
}
