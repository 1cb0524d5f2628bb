package io.github.dinosplat.depth;

import io.github.dinosplat.scene.FeatureMap;

/**
 * Finds how far the head's prediction is to be followed, by cross-validation: the error of each candidate at points in
 * blocks that neither the head nor the photo's fit has seen. Good features earn a full say, noise none.
 */
final class FeatureTrust {

    static final double[] CANDIDATES = {0, 0.25, 0.5, 1};

    private final double[] error = new double[CANDIDATES.length];

    /**
     * One photo's errors, to be given to {@link #add}.
     *
     * @param own the photo's points, without those that are held out for the final judgement
     * @param held which of them are in this validation's blocks
     * @param prediction of a head that has not seen them
     * @return sum of relative errors for each candidate
     */
    static double[] errors(SparseDepth own, boolean[] held, FeatureMap prediction, int minPoints) {
        double[] errors = new double[CANDIDATES.length];
        boolean[] keep = new boolean[held.length];
        for (int i = 0; i < held.length; i++) {
            keep[i] = !held[i];
        }
        SparseDepth kept = own.only(keep);
        if (kept.count < minPoints) {
            return errors;
        }
        double median = kept.medianInverseDepth();
        double least = 0.5 * kept.quantile(0.01);
        float[] scratch = new float[1];
        for (int c = 0; c < CANDIDATES.length; c++) {
            Trend trend = Trend.fit(kept, prediction, CANDIDATES[c]);
            for (int i = 0; i < own.count; i++) {
                if (held[i]) {
                    double w = Math.max(least, median * trend.at(own.x[i], own.y[i], scratch));
                    errors[c] += Math.abs(own.inverseDepth[i] / w - 1);
                }
            }
        }
        return errors;
    }

    void add(double[] errors) {
        for (int c = 0; c < error.length; c++) {
            error[c] += errors[c];
        }
    }

    /** The best candidate over all photos; the smaller of equals. */
    double best() {
        int best = 0;
        for (int c = 1; c < error.length; c++) {
            best = error[c] < error[best] ? c : best;
        }
        return CANDIDATES[best];
    }
}
