package io.github.dinosplat.matching.adjust;

import java.util.Arrays;

/**
 * The reduced system as a dense matrix, upper triangle, factorised by Cholesky's method. Each block row is summed by one
 * task in a fixed order.
 */
final class DenseReducedSystem implements ReducedSystem {

    private static final int INTRINSIC_CHUNKS = 16;

    private final NormalEquations equations;
    private final Layout layout;
    private final Linearization lin;
    private final int n;
    private final int k;
    private final double[] matrix;
    private final double[] rhs;

    DenseReducedSystem(NormalEquations equations) {
        this.equations = equations;
        layout = equations.layout;
        lin = equations.lin;
        n = layout.unknowns;
        k = layout.maxRefined;
        matrix = new double[Math.multiplyExact(n, n)];
        rhs = new double[n];
    }

    @Override
    public boolean solve(double lambda, double[] step) {
        BundleProblem problem = layout.problem;
        System.arraycopy(equations.rhs, 0, rhs, 0, n);
        Chunks.run(problem.viewCount, v -> {
            if (layout.poseOffset[v] >= 0) {
                buildPoseRow(v);
            }
        });
        buildIntrinsics();
        for (int i = 0; i < n; i++) {
            matrix[i * n + i] += lambda * equations.diagonal[i];
        }
        if (!DenseCholesky.factorise(matrix, n)) {
            return false;
        }
        System.arraycopy(rhs, 0, step, 0, n);
        DenseCholesky.solve(matrix, n, step);
        return true;
    }

    private void buildPoseRow(int v) {
        BundleProblem problem = layout.problem;
        int offset = layout.poseOffset[v];
        double[] rows = lin.rows;
        double[] inverse = equations.pointInverse;
        Arrays.fill(matrix, offset * n, (offset + 6) * n, 0);
        for (int i = 0; i < 6; i++) {
            for (int j = i; j < 6; j++) {
                matrix[(offset + i) * n + offset + j] = equations.poseBlock[36 * v + 6 * i + j];
            }
            int camera = problem.viewCamera[v];
            for (int j = 0; j < problem.refined[camera].length; j++) {
                matrix[(offset + i) * n + layout.cameraOffset[camera] + j] = equations.coupling[6 * k * v + k * i + j];
            }
        }
        double[] z = new double[6];
        double[] a = new double[12];
        for (int s = layout.viewStart[v]; s < layout.viewStart[v + 1]; s++) {
            int o = layout.viewObservation[s];
            int p = layout.observationPoint[o];
            if (problem.fixedPoint[p]) {
                continue;
            }
            int row = o * lin.stride;
            int m = 6 * p;
            for (int r = 0; r < 2; r++) {
                double x = rows[row + Linearization.JP + 3 * r];
                double y = rows[row + Linearization.JP + 3 * r + 1];
                double w = rows[row + Linearization.JP + 3 * r + 2];
                z[3 * r] = x * inverse[m] + y * inverse[m + 1] + w * inverse[m + 2];
                z[3 * r + 1] = x * inverse[m + 1] + y * inverse[m + 3] + w * inverse[m + 4];
                z[3 * r + 2] = x * inverse[m + 2] + y * inverse[m + 4] + w * inverse[m + 5];
            }
            int jc = row + Linearization.JC;
            double g0 = z[0] * lin.pointRhs[3 * p] + z[1] * lin.pointRhs[3 * p + 1] + z[2] * lin.pointRhs[3 * p + 2];
            double g1 = z[3] * lin.pointRhs[3 * p] + z[4] * lin.pointRhs[3 * p + 1] + z[5] * lin.pointRhs[3 * p + 2];
            for (int i = 0; i < 6; i++) {
                rhs[offset + i] -= rows[jc + i] * g0 + rows[jc + 6 + i] * g1;
            }
            for (int o2 = problem.pointStart[p]; o2 < problem.pointStart[p + 1]; o2++) {
                int offset2 = layout.poseOffset[problem.observationView[o2]];
                if (offset2 >= offset) {
                    subtractPosePair(jc, o2, offset, offset2, z, a);
                }
            }
            for (int slot = layout.slotStart[p]; slot < layout.slotStart[p + 1]; slot++) {
                subtractPoseIntrinsics(jc, slot, offset, z);
            }
        }
    }

    private void subtractPosePair(int jc, int o2, int offset, int offset2, double[] z, double[] a) {
        double[] rows = lin.rows;
        int jp2 = o2 * lin.stride + Linearization.JP;
        int jc2 = o2 * lin.stride + Linearization.JC;
        double m00 = z[0] * rows[jp2] + z[1] * rows[jp2 + 1] + z[2] * rows[jp2 + 2];
        double m01 = z[0] * rows[jp2 + 3] + z[1] * rows[jp2 + 4] + z[2] * rows[jp2 + 5];
        double m10 = z[3] * rows[jp2] + z[4] * rows[jp2 + 1] + z[5] * rows[jp2 + 2];
        double m11 = z[3] * rows[jp2 + 3] + z[4] * rows[jp2 + 4] + z[5] * rows[jp2 + 5];
        for (int j = 0; j < 6; j++) {
            double d0 = rows[jc2 + j];
            double d1 = rows[jc2 + 6 + j];
            a[j] = m00 * d0 + m01 * d1;
            a[6 + j] = m10 * d0 + m11 * d1;
        }
        for (int i = 0; i < 6; i++) {
            double d0 = rows[jc + i];
            double d1 = rows[jc + 6 + i];
            int at = (offset + i) * n + offset2;
            matrix[at] -= d0 * a[0] + d1 * a[6];
            matrix[at + 1] -= d0 * a[1] + d1 * a[7];
            matrix[at + 2] -= d0 * a[2] + d1 * a[8];
            matrix[at + 3] -= d0 * a[3] + d1 * a[9];
            matrix[at + 4] -= d0 * a[4] + d1 * a[10];
            matrix[at + 5] -= d0 * a[5] + d1 * a[11];
        }
    }

    private void subtractPoseIntrinsics(int jc, int slot, int offset, double[] z) {
        double[] rows = lin.rows;
        int camera = layout.slotCamera[slot];
        int at = layout.cameraOffset[camera];
        for (int j = 0; j < layout.problem.refined[camera].length; j++) {
            int w = 3 * (k * slot + j);
            double w0 = z[0] * lin.slotBlock[w] + z[1] * lin.slotBlock[w + 1] + z[2] * lin.slotBlock[w + 2];
            double w1 = z[3] * lin.slotBlock[w] + z[4] * lin.slotBlock[w + 1] + z[5] * lin.slotBlock[w + 2];
            for (int i = 0; i < 6; i++) {
                matrix[(offset + i) * n + at + j] -= rows[jc + i] * w0 + rows[jc + 6 + i] * w1;
            }
        }
    }

    /** The corner of the intrinsics: summed over fixed chunks of points, then over the chunks in order. */
    private void buildIntrinsics() {
        int size = layout.intrinsicUnknowns();
        if (size == 0) {
            return;
        }
        int first = layout.poseUnknowns;
        for (int i = 0; i < size; i++) {
            Arrays.fill(matrix, (first + i) * n + first + i, (first + i + 1) * n, 0);
        }
        for (int c = 0; c < layout.cameraOffset.length; c++) {
            int kc = layout.problem.refined[c].length;
            for (int i = 0; i < kc; i++) {
                for (int j = i; j < kc; j++) {
                    matrix[(layout.cameraOffset[c] + i) * n + layout.cameraOffset[c] + j] =
                            equations.cameraBlock[k * k * c + k * i + j];
                }
            }
        }
        int points = layout.problem.pointCount;
        int chunkSize = Math.max(1, Chunks.count(points, INTRINSIC_CHUNKS));
        double[][] sums = new double[Chunks.count(points, chunkSize)][];
        Chunks.forEach(points, chunkSize, (chunk, from, to) -> {
            double[] sum = new double[size * size + size];
            for (int p = from; p < to; p++) {
                if (!layout.problem.fixedPoint[p]) {
                    subtractIntrinsics(p, first, size, sum);
                }
            }
            sums[chunk] = sum;
        });
        for (double[] sum : sums) {
            for (int i = 0; i < size; i++) {
                for (int j = i; j < size; j++) {
                    matrix[(first + i) * n + first + j] += sum[i * size + j];
                }
                rhs[first + i] += sum[size * size + i];
            }
        }
    }

    private void subtractIntrinsics(int p, int first, int size, double[] sum) {
        double[] inverse = equations.pointInverse;
        double[] w = lin.slotBlock;
        int m = 6 * p;
        for (int slot = layout.slotStart[p]; slot < layout.slotStart[p + 1]; slot++) {
            int camera = layout.slotCamera[slot];
            int at = layout.cameraOffset[camera] - first;
            for (int i = 0; i < layout.problem.refined[camera].length; i++) {
                int wi = 3 * (k * slot + i);
                double x = w[wi] * inverse[m] + w[wi + 1] * inverse[m + 1] + w[wi + 2] * inverse[m + 2];
                double y = w[wi] * inverse[m + 1] + w[wi + 1] * inverse[m + 3] + w[wi + 2] * inverse[m + 4];
                double z = w[wi] * inverse[m + 2] + w[wi + 1] * inverse[m + 4] + w[wi + 2] * inverse[m + 5];
                sum[size * size + at + i] -=
                        x * lin.pointRhs[3 * p] + y * lin.pointRhs[3 * p + 1] + z * lin.pointRhs[3 * p + 2];
                for (int slot2 = layout.slotStart[p]; slot2 < layout.slotStart[p + 1]; slot2++) {
                    int camera2 = layout.slotCamera[slot2];
                    int at2 = layout.cameraOffset[camera2] - first;
                    for (int j = 0; j < layout.problem.refined[camera2].length; j++) {
                        int wj = 3 * (k * slot2 + j);
                        sum[(at + i) * size + at2 + j] -= x * w[wj] + y * w[wj + 1] + z * w[wj + 2];
                    }
                }
            }
        }
    }
}
