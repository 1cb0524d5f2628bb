package io.github.dinosplat.matching.adjust;

import java.util.Arrays;

/**
 * The reduced system solved by conjugate gradients without ever being formed; preconditioned by its diagonal blocks per
 * pose and per camera (Agarwal et al., "Bundle Adjustment in the Large", 2010, section 5).
 */
final class IterativeReducedSystem implements ReducedSystem {

    private static final int MAX_ITERATIONS = 200;
    /** Residual norm, relative to the right-hand side's, to stop at. */
    private static final double TOLERANCE = 1e-2;

    private final NormalEquations equations;
    private final Layout layout;
    private final Linearization lin;
    private final int n;
    private final int k;
    private final double[] pointVector;
    private final double[] viewIntrinsics;
    /** Cholesky factors of the preconditioner's blocks: [6,6] per view, [k,k] per camera. */
    private final double[][] poseFactor;

    private final double[][] cameraFactor;
    private double lambda;

    IterativeReducedSystem(NormalEquations equations) {
        this.equations = equations;
        layout = equations.layout;
        lin = equations.lin;
        n = layout.unknowns;
        k = layout.maxRefined;
        pointVector = new double[3 * layout.problem.pointCount];
        viewIntrinsics = new double[k * layout.problem.viewCount];
        poseFactor = new double[layout.problem.viewCount][];
        cameraFactor = new double[layout.cameraOffset.length][];
    }

    @Override
    public boolean solve(double newLambda, double[] step) {
        lambda = newLambda;
        if (!buildPreconditioner()) {
            return false;
        }
        // Right-hand side: rhs - W V^-1 rhsOfPoints.
        double[] residual = new double[n];
        Chunks.forEach(layout.problem.pointCount, Layout.POINT_CHUNK, (chunk, from, to) -> {
            double[] e = new double[3];
            for (int p = from; p < to; p++) {
                System.arraycopy(lin.pointRhs, 3 * p, e, 0, 3);
                equations.multiplyInverse(p, e, pointVector);
            }
        });
        applyPointVector(residual);
        for (int i = 0; i < n; i++) {
            residual[i] += equations.rhs[i];
        }
        Arrays.fill(step, 0);
        double[] z = new double[n];
        double[] direction = new double[n];
        double[] product = new double[n];
        precondition(residual, z);
        System.arraycopy(z, 0, direction, 0, n);
        double rz = dot(residual, z);
        double target = TOLERANCE * TOLERANCE * dot(residual, residual);
        for (int iteration = 0; iteration < MAX_ITERATIONS && dot(residual, residual) > target; iteration++) {
            multiply(direction, product);
            double curvature = dot(direction, product);
            if (!(curvature > 0)) {
                return iteration > 0;
            }
            double alpha = rz / curvature;
            for (int i = 0; i < n; i++) {
                step[i] += alpha * direction[i];
                residual[i] -= alpha * product[i];
            }
            precondition(residual, z);
            double next = dot(residual, z);
            double beta = next / rz;
            rz = next;
            for (int i = 0; i < n; i++) {
                direction[i] = z[i] + beta * direction[i];
            }
        }
        return true;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private void multiply(double[] x, double[] out) {
        Chunks.forEach(layout.problem.pointCount, Layout.POINT_CHUNK, (chunk, from, to) -> {
            double[] e = new double[3];
            for (int p = from; p < to; p++) {
                Arrays.fill(e, 0);
                equations.subtractCoupling(p, x, e);
                e[0] = -e[0];
                e[1] = -e[1];
                e[2] = -e[2];
                equations.multiplyInverse(p, e, pointVector);
            }
        });
        applyPointVector(out);
        BundleProblem problem = layout.problem;
        for (int v = 0; v < problem.viewCount; v++) {
            int offset = layout.poseOffset[v];
            int at = layout.cameraOffset[problem.viewCamera[v]];
            int kv = problem.refined[problem.viewCamera[v]].length;
            for (int i = 0; offset >= 0 && i < 6; i++) {
                double sum = 0;
                for (int j = 0; j < 6; j++) {
                    sum += equations.poseBlock[36 * v + 6 * i + j] * x[offset + j];
                }
                for (int j = 0; j < kv; j++) {
                    double c = equations.coupling[6 * k * v + k * i + j];
                    sum += c * x[at + j];
                    out[at + j] += c * x[offset + i];
                }
                out[offset + i] += sum;
            }
        }
        for (int c = 0; c < layout.cameraOffset.length; c++) {
            int at = layout.cameraOffset[c];
            for (int i = 0; i < problem.refined[c].length; i++) {
                for (int j = 0; j < problem.refined[c].length; j++) {
                    out[at + i] += equations.cameraBlock[k * k * c + k * i + j] * x[at + j];
                }
            }
        }
        for (int i = 0; i < n; i++) {
            out[i] += lambda * equations.diagonal[i] * x[i];
        }
    }

    /** {@code out = -W pointVector}. */
    private void applyPointVector(double[] out) {
        BundleProblem problem = layout.problem;
        Arrays.fill(out, 0);
        Chunks.run(problem.viewCount, v -> {
            int offset = layout.poseOffset[v];
            int kv = problem.refined[problem.viewCamera[v]].length;
            Arrays.fill(viewIntrinsics, k * v, k * v + k, 0);
            for (int s = layout.viewStart[v]; s < layout.viewStart[v + 1]; s++) {
                int o = layout.viewObservation[s];
                int p = 3 * layout.observationPoint[o];
                int row = o * lin.stride;
                for (int r = 0; r < 2; r++) {
                    int jp = row + Linearization.JP + 3 * r;
                    double moved = lin.rows[jp] * pointVector[p]
                            + lin.rows[jp + 1] * pointVector[p + 1]
                            + lin.rows[jp + 2] * pointVector[p + 2];
                    int jc = row + Linearization.JC + 6 * r;
                    for (int i = 0; offset >= 0 && i < 6; i++) {
                        out[offset + i] -= lin.rows[jc + i] * moved;
                    }
                    int jk = row + Linearization.JK + k * r;
                    for (int i = 0; i < kv; i++) {
                        viewIntrinsics[k * v + i] -= lin.rows[jk + i] * moved;
                    }
                }
            }
        });
        for (int v = 0; v < problem.viewCount; v++) {
            int camera = problem.viewCamera[v];
            for (int i = 0; i < problem.refined[camera].length; i++) {
                out[layout.cameraOffset[camera] + i] += viewIntrinsics[k * v + i];
            }
        }
    }

    private boolean buildPreconditioner() {
        BundleProblem problem = layout.problem;
        Chunks.run(problem.viewCount, v -> poseFactor[v] = layout.poseOffset[v] < 0 ? new double[0] : poseBlock(v));
        for (int v = 0; v < problem.viewCount; v++) {
            if (layout.poseOffset[v] >= 0 && !DenseCholesky.factorise(poseFactor[v], 6)) {
                return false;
            }
        }
        for (int c = 0; c < layout.cameraOffset.length; c++) {
            int kc = problem.refined[c].length;
            cameraFactor[c] = new double[kc * kc];
            for (int i = 0; i < kc; i++) {
                for (int j = 0; j < kc; j++) {
                    cameraFactor[c][kc * i + j] = equations.cameraBlock[k * k * c + k * i + j];
                }
                cameraFactor[c][kc * i + i] += lambda * equations.diagonal[layout.cameraOffset[c] + i];
            }
            if (!DenseCholesky.factorise(cameraFactor[c], kc)) {
                return false;
            }
        }
        return true;
    }

    private double[] poseBlock(int v) {
        double[] block = Arrays.copyOfRange(equations.poseBlock, 36 * v, 36 * v + 36);
        double[] inverse = equations.pointInverse;
        for (int s = layout.viewStart[v]; s < layout.viewStart[v + 1]; s++) {
            int o = layout.viewObservation[s];
            int m = 6 * layout.observationPoint[o];
            int jp = o * lin.stride + Linearization.JP;
            int jc = o * lin.stride + Linearization.JC;
            double[] z = new double[4];
            for (int r = 0; r < 2; r++) {
                double x = lin.rows[jp + 3 * r];
                double y = lin.rows[jp + 3 * r + 1];
                double w = lin.rows[jp + 3 * r + 2];
                double zx = x * inverse[m] + y * inverse[m + 1] + w * inverse[m + 2];
                double zy = x * inverse[m + 1] + y * inverse[m + 3] + w * inverse[m + 4];
                double zz = x * inverse[m + 2] + y * inverse[m + 4] + w * inverse[m + 5];
                z[2 * r] = zx * lin.rows[jp] + zy * lin.rows[jp + 1] + zz * lin.rows[jp + 2];
                z[2 * r + 1] = zx * lin.rows[jp + 3] + zy * lin.rows[jp + 4] + zz * lin.rows[jp + 5];
            }
            for (int i = 0; i < 6; i++) {
                double a = lin.rows[jc + i] * z[0] + lin.rows[jc + 6 + i] * z[2];
                double b = lin.rows[jc + i] * z[1] + lin.rows[jc + 6 + i] * z[3];
                for (int j = 0; j < 6; j++) {
                    block[6 * i + j] -= a * lin.rows[jc + j] + b * lin.rows[jc + 6 + j];
                }
            }
        }
        for (int i = 0; i < 6; i++) {
            block[7 * i] += lambda * equations.diagonal[layout.poseOffset[v] + i];
        }
        return block;
    }

    private void precondition(double[] in, double[] out) {
        BundleProblem problem = layout.problem;
        for (int v = 0; v < problem.viewCount; v++) {
            if (layout.poseOffset[v] >= 0) {
                solveBlock(poseFactor[v], 6, layout.poseOffset[v], in, out);
            }
        }
        for (int c = 0; c < layout.cameraOffset.length; c++) {
            solveBlock(cameraFactor[c], problem.refined[c].length, layout.cameraOffset[c], in, out);
        }
    }

    private static void solveBlock(double[] factor, int size, int at, double[] in, double[] out) {
        double[] b = Arrays.copyOfRange(in, at, at + size);
        DenseCholesky.solve(factor, size, b);
        System.arraycopy(b, 0, out, at, size);
    }
}
