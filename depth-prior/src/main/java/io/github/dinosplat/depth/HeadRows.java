package io.github.dinosplat.depth;

import java.util.function.IntPredicate;

/**
 * The training rows of a regression: for sparse points of all photos their features and the logarithm of their inverse
 * depth. Rows of one group share an unknown offset, which is taken out by centring within the group ("fixed effects").
 */
final class HeadRows {

    final HeadFeatures kind;
    final int dim;
    private final float[] features;
    private final double[] target;
    private final int[] point;
    private final int[] group;
    private final int groups;
    private final float[] mean;
    private final float[] deviation;

    /**
     * Rows.
     *
     * @param features [rows, dim]; standardised in place over all rows
     * @param target [rows]
     * @param point scene point of each row
     * @param group group of each row
     * @param groups number of groups
     */
    HeadRows(HeadFeatures kind, int dim, float[] features, double[] target, int[] point, int[] group, int groups) {
        this.kind = kind;
        this.dim = dim;
        this.features = features;
        this.target = target;
        this.point = point;
        this.group = group;
        this.groups = groups;
        int n = target.length;
        double[] sum = new double[dim];
        double[] square = new double[dim];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < dim; k++) {
                double v = features[i * dim + k];
                sum[k] += v;
                square[k] += v * v;
            }
        }
        mean = new float[dim];
        deviation = new float[dim];
        for (int k = 0; k < dim; k++) {
            double m = sum[k] / Math.max(1, n);
            mean[k] = (float) m;
            deviation[k] = (float) Math.max(1e-6, Math.sqrt(Math.max(0, square[k] / Math.max(1, n) - m * m)));
        }
        for (int i = 0; i < n; i++) {
            standardise(features, i * dim);
        }
    }

    void standardise(float[] row, int at) {
        for (int k = 0; k < dim; k++) {
            row[at + k] = (row[at + k] - mean[k]) / deviation[k];
        }
    }

    /** Sums over the rows whose point is wanted. */
    HeadSums sums(IntPredicate pointWanted) {
        HeadSums sums = new HeadSums(dim, groups);
        for (int i = 0; i < target.length; i++) {
            if (pointWanted.test(point[i])) {
                sums.add(group[i], features, i * dim, target[i]);
            }
        }
        return sums;
    }
}
