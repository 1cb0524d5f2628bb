package io.github.dinosplat.depth;

import io.github.dinosplat.scene.FeatureMap;

/** A fitted regression: predicts the logarithm of the inverse depth, up to an offset, from dense features. */
final class Head {

    /** Predictions are averaged over this part of the photo's width around: below it, they are mostly noise. */
    private static final double BLUR = 0.02;

    private final HeadRows rows;
    private final double[] weight;

    /**
     * A head.
     *
     * @param rows gives the standardisation
     * @param weight weights of the standardised features
     */
    Head(HeadRows rows, double[] weight) {
        this.rows = rows;
        this.weight = weight;
    }

    /**
     * Predicts a photo.
     *
     * @return one channel on the features' grid
     */
    FeatureMap predict(FeatureMap map) {
        double[] raw = new double[map.rows() * map.columns()];
        float[] row = new float[rows.dim];
        float[] scratch = new float[map.channels()];
        for (int i = 0; i < raw.length; i++) {
            double y = (i / map.columns() + 0.5) * map.photoHeight() / map.rows();
            double x = (i % map.columns() + 0.5) * map.photoWidth() / map.columns();
            rows.kind.fill(map, x, y, scratch, row, 0);
            rows.standardise(row, 0);
            for (int k = 0; k < weight.length; k++) {
                raw[i] += weight[k] * row[k];
            }
        }
        int radius = (int) Math.round(BLUR * map.columns());
        float[] values = new float[raw.length];
        for (int r = 0; r < map.rows(); r++) {
            for (int c = 0; c < map.columns(); c++) {
                values[r * map.columns() + c] = mean(raw, map.rows(), map.columns(), r, c, radius);
            }
        }
        return new FeatureMap(map.rows(), map.columns(), 1, map.photoWidth(), map.photoHeight(), values);
    }

    private static float mean(double[] raw, int rows, int columns, int row, int column, int radius) {
        double sum = 0;
        int n = 0;
        for (int r = Math.max(0, row - radius); r <= Math.min(rows - 1, row + radius); r++) {
            for (int c = Math.max(0, column - radius); c <= Math.min(columns - 1, column + radius); c++) {
                sum += raw[r * columns + c];
                n++;
            }
        }
        return (float) (sum / n);
    }
}
