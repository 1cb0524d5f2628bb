package io.github.dinosplat.depth;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** The sums that a ridge regression with an offset for each group needs; rows can be added and whole sums subtracted. */
final class HeadSums {

    private final int dim;
    /** Upper triangle of the sum of outer products. */
    private final double[] gram;

    private final double[] moment;
    private final double[][] groupSum;
    private final double[] groupTarget;
    private final int[] groupCount;

    HeadSums(int dim, int groups) {
        this.dim = dim;
        gram = new double[dim * dim];
        moment = new double[dim];
        groupSum = new double[groups][dim];
        groupTarget = new double[groups];
        groupCount = new int[groups];
    }

    void add(int group, float[] features, int at, double target) {
        double[] sum = groupSum[group];
        for (int i = 0; i < dim; i++) {
            double f = features[at + i];
            sum[i] += f;
            moment[i] += f * target;
            int o = i * dim;
            for (int j = i; j < dim; j++) {
                gram[o + j] += f * features[at + j];
            }
        }
        groupTarget[group] += target;
        groupCount[group]++;
    }

    /** Adds {@code sign} times other sums, in a fixed order of operations. */
    HeadSums plus(HeadSums other, int sign) {
        HeadSums r = new HeadSums(dim, groupCount.length);
        for (int i = 0; i < gram.length; i++) {
            r.gram[i] = gram[i] + sign * other.gram[i];
        }
        for (int i = 0; i < dim; i++) {
            r.moment[i] = moment[i] + sign * other.moment[i];
        }
        for (int p = 0; p < groupCount.length; p++) {
            r.groupTarget[p] = groupTarget[p] + sign * other.groupTarget[p];
            r.groupCount[p] = groupCount[p] + sign * other.groupCount[p];
            for (int i = 0; i < dim; i++) {
                r.groupSum[p][i] = groupSum[p][i] + sign * other.groupSum[p][i];
            }
        }
        return r;
    }

    /**
     * The ridge solution: weights of the standardised features.
     *
     * @param ridge strength as a part of the number of rows
     */
    double[] solve(double ridge) {
        double[] a = gram.clone();
        double[] b = moment.clone();
        long n = 0;
        for (int p = 0; p < groupCount.length; p++) {
            if (groupCount[p] == 0) {
                continue;
            }
            n += groupCount[p];
            double[] s = groupSum[p];
            double scale = 1.0 / groupCount[p];
            for (int i = 0; i < dim; i++) {
                double f = s[i] * scale;
                b[i] -= f * groupTarget[p];
                for (int j = i; j < dim; j++) {
                    a[i * dim + j] -= f * s[j];
                }
            }
        }
        DMatrixRMaj matrix = new DMatrixRMaj(dim, dim);
        for (int i = 0; i < dim; i++) {
            for (int j = i; j < dim; j++) {
                double v = a[i * dim + j] + (i == j ? ridge * Math.max(1, n) : 0);
                matrix.set(i, j, v);
                matrix.set(j, i, v);
            }
        }
        DMatrixRMaj solution = new DMatrixRMaj(dim, 1);
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(dim);
        if (!solver.setA(matrix)) {
            return new double[dim];
        }
        solver.solve(DMatrixRMaj.wrap(dim, 1, b), solution);
        return solution.data.clone();
    }
}
