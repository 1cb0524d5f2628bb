package io.github.dinosplat.depth;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;

/** A photo's plain colours as a feature map: what the dense features have to beat. */
final class ColourMap {

    static final int CHANNELS = 3;

    private ColourMap() {}

    /** On the grid of other features. */
    static FeatureMap of(Image photo, FeatureMap grid) {
        Image small = photo.resized(grid.columns(), grid.rows());
        float[] values = new float[small.rgb().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (small.rgb()[i] & 0xff) / 255f;
        }
        return new FeatureMap(grid.rows(), grid.columns(), CHANNELS, grid.photoWidth(), grid.photoHeight(), values);
    }
}
