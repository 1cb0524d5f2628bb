package io.github.dinosplat.depth;

import io.github.dinosplat.scene.FeatureMap;

/** The head's prediction for a photo, aligned to its points and corrected by a smooth field: normalised inverse depth. */
final class Trend {

    /** One channel on the prediction's grid. */
    private final FeatureMap grid;

    private Trend(FeatureMap grid) {
        this.grid = grid;
    }

    /**
     * Fits the trend.
     *
     * @param points the photo's points
     * @param aligned the head's prediction, aligned to these points
     * @param features what the head sees of the photo
     * @param kind what is followed besides the points
     */
    static Trend fit(SparseDepth points, AlignedPrediction aligned, FeatureMap features, TrendKind kind) {
        FeatureMap prediction = aligned.prediction();
        double median = points.medianInverseDepth();
        double[] residual = new double[points.count];
        for (int i = 0; i < points.count; i++) {
            double base = 1 + kind.trust() * (aligned.inverseDepth(points.x[i], points.y[i]) / median - 1);
            residual[i] = points.inverseDepth[i] / median - base;
        }
        SmoothField field = SmoothField.fit(points, residual, features, kind);
        int rows = prediction.rows();
        int columns = prediction.columns();
        double[] correction = field.onGrid(rows, columns);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            double y = (i / columns + 0.5) * prediction.photoHeight() / rows;
            double x = (i % columns + 0.5) * prediction.photoWidth() / columns;
            double base = 1 + kind.trust() * (aligned.inverseDepth(x, y) / median - 1);
            values[i] = (float) (base + correction[i]);
        }
        return new Trend(new FeatureMap(rows, columns, 1, prediction.photoWidth(), prediction.photoHeight(), values));
    }

    /** Inverse depth over the points' median, at a place in pixels of the photo. */
    double at(double x, double y, float[] scratch) {
        grid.sample(x, y, scratch);
        return scratch[0];
    }
}
