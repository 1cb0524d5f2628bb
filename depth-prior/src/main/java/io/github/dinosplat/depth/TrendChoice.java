package io.github.dinosplat.depth;

import io.github.dinosplat.scene.FeatureMap;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what the trends of a scene are to follow, by cross-validation: the error of each candidate at points in blocks that
 * neither the head nor the photo's fit has seen. Good features earn a say, noise none; planes where walls go on, not where
 * they end.
 */
final class TrendChoice {

    static final List<TrendKind> CANDIDATES = candidates();

    private final double[] error = new double[CANDIDATES.size()];

    private static List<TrendKind> candidates() {
        List<TrendKind> candidates = new ArrayList<>();
        for (double trust : new double[] {0, 0.25, 0.5, 1}) {
            candidates.add(new TrendKind(trust, false));
            candidates.add(new TrendKind(trust, true));
        }
        return List.copyOf(candidates);
    }

    /**
     * One photo's errors, to be given to {@link #add}.
     *
     * @param held the points to foretell
     * @param features what the head sees of the photo
     * @param minPoints with fewer points besides, nothing can be said
     * @return sum of relative errors for each candidate
     */
    static double[] errors(PhotoDepthJob.Held held, FeatureMap features, int minPoints) {
        double[] errors = new double[CANDIDATES.size()];
        SparseDepth own = held.own();
        SparseDepth kept = held.others();
        if (kept.count < minPoints) {
            return errors;
        }
        AlignedPrediction aligned = AlignedPrediction.of(kept, held.prediction());
        double median = kept.medianInverseDepth();
        double least = 0.5 * kept.quantile(0.01);
        float[] scratch = new float[1];
        for (int c = 0; c < CANDIDATES.size(); c++) {
            Trend trend = Trend.fit(kept, aligned, features, CANDIDATES.get(c));
            for (int i = 0; i < own.count; i++) {
                if (held.held()[i]) {
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

    /** The best candidate over all photos; the simpler of equals. */
    TrendKind best() {
        int best = 0;
        for (int c = 1; c < error.length; c++) {
            best = error[c] < error[best] ? c : best;
        }
        return CANDIDATES.get(best);
    }
}
