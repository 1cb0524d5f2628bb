package io.github.dinosplat.features;

import io.github.dinosplat.scene.FeatureMap;

/** The weighted mean of the feature vectors that tiles and shifted runs give for each cell of a grid. */
final class PatchSums {

    private final int rows;
    private final int columns;
    private final int channels;
    private final float[] sums;
    private final float[] weights;

    /**
     * An empty grid.
     *
     * @throws IllegalArgumentException if the grid would have more values than an array holds
     */
    PatchSums(int rows, int columns, int channels) {
        long values = (long) rows * columns * channels;
        if (values > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a feature map of " + rows + " x " + columns + " x " + channels
                    + " values is too large: take a smaller long side or subdivision");
        }
        this.rows = rows;
        this.columns = columns;
        this.channels = channels;
        this.sums = new float[(int) values];
        this.weights = new float[rows * columns];
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    /** Adds the channels that start at an index of an array to a cell. */
    void add(int row, int column, float weight, float[] from, int at) {
        int cell = row * columns + column;
        weights[cell] += weight;
        int to = cell * channels;
        for (int k = 0; k < channels; k++) {
            sums[to + k] += weight * from[at + k];
        }
    }

    /** The means. May be called once. */
    FeatureMap mean(int photoWidth, int photoHeight) {
        for (int cell = 0; cell < weights.length; cell++) {
            float inverse = 1 / weights[cell];
            for (int k = cell * channels; k < (cell + 1) * channels; k++) {
                sums[k] *= inverse;
            }
        }
        return new FeatureMap(rows, columns, channels, photoWidth, photoHeight, sums);
    }
}
