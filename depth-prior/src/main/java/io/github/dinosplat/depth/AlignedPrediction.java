package io.github.dinosplat.depth;

import io.github.dinosplat.scene.FeatureMap;

/**
 * A head's prediction for a photo, aligned robustly in inverse depth to the photo's points. Not safe for use by several
 * threads.
 */
final class AlignedPrediction {

    private final FeatureMap prediction;
    private final double median;
    private final double mean;
    private final double least;
    private final double most;
    private final Alignment alignment;
    private final float[] sample;

    private AlignedPrediction(FeatureMap prediction, SparseDepth points, double mean, Alignment alignment) {
        this.prediction = prediction;
        this.mean = mean;
        this.alignment = alignment;
        median = points.medianInverseDepth();
        least = 0.5 * points.quantile(0.01);
        most = 2 * points.quantile(0.99);
        sample = new float[prediction.channels()];
    }

    static AlignedPrediction of(SparseDepth points, FeatureMap prediction) {
        double[] predicted = new double[points.count];
        double[] target = new double[points.count];
        float[] sample = new float[prediction.channels()];
        double median = points.medianInverseDepth();
        double mean = 0;
        for (int i = 0; i < points.count; i++) {
            prediction.sample(points.x[i], points.y[i], sample);
            predicted[i] = sample[0];
            mean += predicted[i] / points.count;
        }
        for (int i = 0; i < points.count; i++) {
            predicted[i] = Math.exp(predicted[i] - mean);
            target[i] = points.inverseDepth[i] / median;
        }
        return new AlignedPrediction(prediction, points, mean, Alignment.fit(predicted, target, points.sigma));
    }

    /** What was aligned. */
    FeatureMap prediction() {
        return prediction;
    }

    /** At a place in pixels of the photo, kept within reason of the photo's points. */
    double inverseDepth(double x, double y) {
        prediction.sample(x, y, sample);
        double w = median * alignment.apply(Math.exp(sample[0] - mean));
        return Math.min(Math.max(w, least), most);
    }
}
