package io.github.dinosplat.matching.adjust;

import java.util.Arrays;

/**
 * The normal equations of a {@link Linearization} before the points are eliminated: the blocks of poses and intrinsics,
 * summed per view and then over the views in order, and the inverses of the damped point blocks.
 */
final class NormalEquations {

    private static final double MIN_DIAGONAL = 1e-6;

    final Layout layout;
    final Linearization lin;
    /** Per view: pose block [6,6], coupling with its camera [6,k]. */
    final double[] poseBlock;

    final double[] coupling;
    /** All unknowns' right-hand side (minus the gradient) before the elimination. */
    final double[] rhs;
    /** Per camera the block of its intrinsics [k,k]. */
    final double[] cameraBlock;
    /** What the damping is a multiple of, for the unknowns of poses and intrinsics. */
    final double[] diagonal;
    /** Per point the inverse of the damped block, upper triangle; zero for a kept point. */
    final double[] pointInverse;

    private final double[] viewRhs;
    private final double[] viewCameraBlock;
    private final int k;

    NormalEquations(Layout layout, Linearization lin) {
        this.layout = layout;
        this.lin = lin;
        k = layout.maxRefined;
        int views = layout.problem.viewCount;
        poseBlock = new double[36 * views];
        coupling = new double[6 * k * views];
        viewRhs = new double[(6 + k) * views];
        viewCameraBlock = new double[k * k * views];
        rhs = new double[layout.unknowns];
        cameraBlock = new double[k * k * layout.cameraOffset.length];
        diagonal = new double[layout.unknowns];
        pointInverse = new double[6 * layout.problem.pointCount];
    }

    void compute() {
        BundleProblem problem = layout.problem;
        Chunks.run(problem.viewCount, this::sumView);
        Arrays.fill(rhs, 0);
        Arrays.fill(cameraBlock, 0);
        Arrays.fill(diagonal, 0);
        for (int v = 0; v < problem.viewCount; v++) {
            int camera = problem.viewCamera[v];
            int offset = layout.poseOffset[v];
            for (int i = 0; offset >= 0 && i < 6; i++) {
                rhs[offset + i] = viewRhs[(6 + k) * v + i];
                diagonal[offset + i] = poseBlock[36 * v + 7 * i];
            }
            for (int i = 0; i < problem.refined[camera].length; i++) {
                rhs[layout.cameraOffset[camera] + i] += viewRhs[(6 + k) * v + 6 + i];
            }
            for (int i = 0; i < k * k; i++) {
                cameraBlock[k * k * camera + i] += viewCameraBlock[k * k * v + i];
            }
        }
        for (int c = 0; c < layout.cameraOffset.length; c++) {
            for (int i = 0; i < problem.refined[c].length; i++) {
                diagonal[layout.cameraOffset[c] + i] = cameraBlock[k * k * c + (k + 1) * i];
            }
        }
        for (int i = 0; i < diagonal.length; i++) {
            diagonal[i] = diagonal[i] == 0 ? 1 : Math.max(diagonal[i], MIN_DIAGONAL);
        }
    }

    private void sumView(int v) {
        double[] rows = lin.rows;
        int kv = layout.problem.refined[layout.problem.viewCamera[v]].length;
        double[] block = new double[36];
        double[] couple = new double[6 * k];
        double[] right = new double[6 + k];
        double[] camera = new double[k * k];
        boolean free = layout.poseOffset[v] >= 0;
        for (int s = layout.viewStart[v]; s < layout.viewStart[v + 1]; s++) {
            int row = layout.viewObservation[s] * lin.stride;
            for (int r = 0; r < 2; r++) {
                double residual = rows[row + r];
                int jc = row + Linearization.JC + 6 * r;
                int jk = row + Linearization.JK + k * r;
                for (int i = 0; free && i < 6; i++) {
                    double d = rows[jc + i];
                    right[i] -= d * residual;
                    for (int j = i; j < 6; j++) {
                        block[6 * i + j] += d * rows[jc + j];
                    }
                    for (int j = 0; j < kv; j++) {
                        couple[k * i + j] += d * rows[jk + j];
                    }
                }
                for (int i = 0; i < kv; i++) {
                    double d = rows[jk + i];
                    right[6 + i] -= d * residual;
                    for (int j = 0; j < kv; j++) {
                        camera[k * i + j] += d * rows[jk + j];
                    }
                }
            }
        }
        if (free) {
            BundleProblem problem = layout.problem;
            problem.priors.addTo(v, problem.poses, problem.freePose[v], block, right);
        }
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < i; j++) {
                block[6 * i + j] = block[6 * j + i];
            }
        }
        System.arraycopy(block, 0, poseBlock, 36 * v, 36);
        System.arraycopy(couple, 0, coupling, 6 * k * v, 6 * k);
        System.arraycopy(right, 0, viewRhs, (6 + k) * v, 6 + k);
        System.arraycopy(camera, 0, viewCameraBlock, k * k * v, k * k);
    }

    /** Inverts the point blocks with their diagonals raised by {@code lambda} times themselves. */
    void dampPoints(double lambda) {
        BundleProblem problem = layout.problem;
        Chunks.forEach(problem.pointCount, 4 * Layout.POINT_CHUNK, (chunk, from, to) -> {
            for (int p = from; p < to; p++) {
                invert(lin.pointBlock, 6 * p, lambda, pointInverse);
            }
        });
    }

    /** The inverse of a damped symmetric 3x3 block; zero where it is not positive definite. */
    private static void invert(double[] m, int at, double lambda, double[] out) {
        double xx = damped(m[at], lambda);
        double xy = m[at + 1];
        double xz = m[at + 2];
        double yy = damped(m[at + 3], lambda);
        double yz = m[at + 4];
        double zz = damped(m[at + 5], lambda);
        double cxx = yy * zz - yz * yz;
        double cxy = xz * yz - xy * zz;
        double cxz = xy * yz - xz * yy;
        double det = xx * cxx + xy * cxy + xz * cxz;
        boolean ok = m[at] + m[at + 3] + m[at + 5] > 0 && det > 0 && cxx > 0;
        double s = ok ? 1 / det : 0;
        out[at] = s * cxx;
        out[at + 1] = s * cxy;
        out[at + 2] = s * cxz;
        out[at + 3] = s * (xx * zz - xz * xz);
        out[at + 4] = s * (xy * xz - xx * yz);
        out[at + 5] = s * (xx * yy - xy * xy);
    }

    static double damped(double diagonal, double lambda) {
        return diagonal + lambda * Math.max(diagonal, MIN_DIAGONAL);
    }

    /**
     * Solves for the points once the poses and intrinsics are known.
     *
     * @param step step of poses and intrinsics
     * @param pointStep receives the step of the points
     */
    void backSubstitute(double[] step, double[] pointStep) {
        BundleProblem problem = layout.problem;
        Chunks.forEach(problem.pointCount, Layout.POINT_CHUNK, (chunk, from, to) -> {
            double[] e = new double[3];
            for (int p = from; p < to; p++) {
                System.arraycopy(lin.pointRhs, 3 * p, e, 0, 3);
                subtractCoupling(p, step, e);
                multiplyInverse(p, e, pointStep);
            }
        });
    }

    /** {@code e -= W^T step} for one point. */
    void subtractCoupling(int p, double[] step, double[] e) {
        BundleProblem problem = layout.problem;
        double[] rows = lin.rows;
        for (int o = problem.pointStart[p]; o < problem.pointStart[p + 1]; o++) {
            int v = problem.observationView[o];
            int row = o * lin.stride;
            int offset = layout.poseOffset[v];
            int camera = problem.viewCamera[v];
            int cameraAt = layout.cameraOffset[camera];
            int kv = problem.refined[camera].length;
            for (int r = 0; r < 2; r++) {
                double moved = 0;
                int jc = row + Linearization.JC + 6 * r;
                for (int i = 0; offset >= 0 && i < 6; i++) {
                    moved += rows[jc + i] * step[offset + i];
                }
                int jk = row + Linearization.JK + k * r;
                for (int i = 0; i < kv; i++) {
                    moved += rows[jk + i] * step[cameraAt + i];
                }
                int jp = row + Linearization.JP + 3 * r;
                e[0] -= rows[jp] * moved;
                e[1] -= rows[jp + 1] * moved;
                e[2] -= rows[jp + 2] * moved;
            }
        }
    }

    void multiplyInverse(int p, double[] e, double[] out) {
        int m = 6 * p;
        out[3 * p] = pointInverse[m] * e[0] + pointInverse[m + 1] * e[1] + pointInverse[m + 2] * e[2];
        out[3 * p + 1] = pointInverse[m + 1] * e[0] + pointInverse[m + 3] * e[1] + pointInverse[m + 4] * e[2];
        out[3 * p + 2] = pointInverse[m + 2] * e[0] + pointInverse[m + 4] * e[1] + pointInverse[m + 5] * e[2];
    }

    /** Largest entry of the gradient. */
    double maxGradient() {
        double max = 0;
        for (double g : rhs) {
            max = Math.max(max, Math.abs(g));
        }
        for (double g : lin.pointRhs) {
            max = Math.max(max, Math.abs(g));
        }
        return max;
    }

    /** The decrease of the cost that the damped linear model promises for a step. */
    double promisedDecrease(double lambda, double[] step, double[] pointStep) {
        double sum = 0;
        for (int i = 0; i < step.length; i++) {
            sum += step[i] * (rhs[i] + lambda * diagonal[i] * step[i]);
        }
        for (int p = 0; p < layout.problem.pointCount; p++) {
            for (int i = 0; i < 3; i++) {
                double d = pointStep[3 * p + i];
                double diag = Math.max(lin.pointBlock[6 * p + (i == 0 ? 0 : i == 1 ? 3 : 5)], MIN_DIAGONAL);
                sum += d * (lin.pointRhs[3 * p + i] + lambda * diag * d);
            }
        }
        return sum / 2;
    }
}
