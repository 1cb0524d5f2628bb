package io.github.dinosplat.depth;

import io.github.dinosplat.scene.FeatureMap;

/**
 * A photo's features as they differ from their mean over some of its places, in units of their deviation there. Not safe
 * for use by several threads.
 */
final class RelativeFeatures {

    private final FeatureMap map;
    private final double[] mean;
    private final double[] deviation;
    private final float[] sample;

    /**
     * Relative to places.
     *
     * @param x pixels of the photo
     * @param y pixels of the photo
     */
    RelativeFeatures(FeatureMap map, double[] x, double[] y) {
        this.map = map;
        int channels = map.channels();
        mean = new double[channels];
        deviation = new double[channels];
        sample = new float[channels];
        for (int i = 0; i < x.length; i++) {
            map.sample(x[i], y[i], sample);
            for (int c = 0; c < channels; c++) {
                mean[c] += sample[c] / x.length;
                deviation[c] += (double) sample[c] * sample[c] / x.length;
            }
        }
        for (int c = 0; c < channels; c++) {
            deviation[c] = Math.sqrt(Math.max(1e-12, deviation[c] - mean[c] * mean[c]));
        }
    }

    /** At a place in pixels of the photo: a vector whose length is about one on average. */
    float[] at(double x, double y) {
        float[] relative = new float[mean.length];
        map.sample(x, y, sample);
        double scale = 1 / Math.sqrt(mean.length);
        for (int c = 0; c < relative.length; c++) {
            relative[c] = (float) (scale * (sample[c] - mean[c]) / deviation[c]);
        }
        return relative;
    }
}
