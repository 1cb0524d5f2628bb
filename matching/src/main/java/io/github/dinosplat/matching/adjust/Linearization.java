package io.github.dinosplat.matching.adjust;

import io.github.dinosplat.scene.Camera;
import java.util.Arrays;

/**
 * Residuals and derivatives of all observations at the present state, weighted by the square root of the robust loss's
 * weight (iteratively reweighted least squares; Triggs et al., "Bundle Adjustment: A Modern Synthesis", 2000), with the
 * point blocks of the normal equations. Rotations are perturbed on the left: {@code x = exp(w) R X + t}.
 */
final class Linearization {

    /** Depth below which a point counts as not before the camera. */
    private static final double MIN_DEPTH = 1e-9;
    /** Residual in pixels of a point that is not before its camera: worse than any match, without a derivative. */
    private static final double BEHIND = 1e4;

    static final int JP = 2;
    static final int JC = 8;
    static final int JK = 20;

    final Layout layout;
    final int stride;
    /** Per observation: residual [2], derivative by the point [2,3], by the pose [2,6], by the intrinsics [2,k]. */
    final double[] rows;
    /** Per point the upper triangle of the 3x3 block (xx, xy, xz, yy, yz, zz). */
    final double[] pointBlock;
    /** Per point the right-hand side, minus the gradient [3]. */
    final double[] pointRhs;
    /** Per slot the coupling of a camera's intrinsics with the point [k,3]. */
    final double[] slotBlock;

    Linearization(Layout layout) {
        this.layout = layout;
        stride = JK + 2 * layout.maxRefined;
        rows = new double[Math.multiplyExact(stride, layout.problem.observationCount)];
        pointBlock = new double[6 * layout.problem.pointCount];
        pointRhs = new double[3 * layout.problem.pointCount];
        slotBlock = new double[3 * layout.maxRefined * layout.slotCamera.length];
    }

    /** Half the sum of the losses at a state. */
    static double cost(Layout layout, RobustLoss loss, Camera[] cameras, double[] poses, double[] points) {
        BundleProblem problem = layout.problem;
        double[] rotations = rotations(poses);
        double[] sums = new double[Chunks.count(problem.pointCount, Layout.POINT_CHUNK)];
        Chunks.forEach(problem.pointCount, Layout.POINT_CHUNK, (chunk, from, to) -> {
            double[] x = new double[3];
            double[] pixel = new double[2];
            double sum = 0;
            for (int p = from; p < to; p++) {
                for (int o = problem.pointStart[p]; o < problem.pointStart[p + 1]; o++) {
                    int v = problem.observationView[o];
                    toCamera(rotations, poses, v, points, p, x);
                    double s = 2 * BEHIND * BEHIND;
                    if (x[2] > MIN_DEPTH) {
                        cameras[problem.viewCamera[v]].project(x[0], x[1], x[2], pixel, null, null);
                        double rx = pixel[0] - problem.pixels[2 * o];
                        double ry = pixel[1] - problem.pixels[2 * o + 1];
                        s = rx * rx + ry * ry;
                    }
                    sum += loss.value(s);
                }
            }
            sums[chunk] = sum;
        });
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total / 2;
    }

    void compute(RobustLoss loss) {
        BundleProblem problem = layout.problem;
        double[] rotations = rotations(problem.poses);
        Chunks.forEach(problem.pointCount, Layout.POINT_CHUNK, (chunk, from, to) -> {
            Scratch scratch = new Scratch();
            for (int p = from; p < to; p++) {
                Arrays.fill(pointBlock, 6 * p, 6 * p + 6, 0);
                Arrays.fill(pointRhs, 3 * p, 3 * p + 3, 0);
                Arrays.fill(
                        slotBlock,
                        3 * layout.maxRefined * layout.slotStart[p],
                        3 * layout.maxRefined * layout.slotStart[p + 1],
                        0);
                for (int o = problem.pointStart[p]; o < problem.pointStart[p + 1]; o++) {
                    linearise(o, p, rotations, loss, scratch);
                    accumulate(o, p);
                }
            }
        });
    }

    private static final class Scratch {
        final double[] x = new double[3];
        final double[] pixel = new double[2];
        final double[] dPoint = new double[6];
        final double[] dParameters = new double[32];
    }

    private void linearise(int o, int p, double[] rotations, RobustLoss loss, Scratch s) {
        BundleProblem problem = layout.problem;
        int v = problem.observationView[o];
        int camera = problem.viewCamera[v];
        int row = o * stride;
        toCamera(rotations, problem.poses, v, problem.points, p, s.x);
        if (!(s.x[2] > MIN_DEPTH)) {
            Arrays.fill(rows, row, row + stride, 0);
            return;
        }
        int[] refined = problem.refined[camera];
        Camera intrinsics = problem.cameras[camera];
        intrinsics.project(s.x[0], s.x[1], s.x[2], s.pixel, s.dPoint, refined.length == 0 ? null : s.dParameters);
        double rx = s.pixel[0] - problem.pixels[2 * o];
        double ry = s.pixel[1] - problem.pixels[2 * o + 1];
        double w = Math.sqrt(loss.weight(rx * rx + ry * ry));
        rows[row] = w * rx;
        rows[row + 1] = w * ry;
        int free = problem.freePose[v];
        double tx = problem.poses[7 * v + 4];
        double ty = problem.poses[7 * v + 5];
        double tz = problem.poses[7 * v + 6];
        double qx = s.x[0] - tx;
        double qy = s.x[1] - ty;
        double qz = s.x[2] - tz;
        int r = 9 * v;
        boolean fixedPoint = problem.fixedPoint[p];
        for (int i = 0; i < 2; i++) {
            double dx = w * s.dPoint[3 * i];
            double dy = w * s.dPoint[3 * i + 1];
            double dz = w * s.dPoint[3 * i + 2];
            int jp = row + JP + 3 * i;
            rows[jp] = fixedPoint ? 0 : dx * rotations[r] + dy * rotations[r + 3] + dz * rotations[r + 6];
            rows[jp + 1] = fixedPoint ? 0 : dx * rotations[r + 1] + dy * rotations[r + 4] + dz * rotations[r + 7];
            rows[jp + 2] = fixedPoint ? 0 : dx * rotations[r + 2] + dy * rotations[r + 5] + dz * rotations[r + 8];
            int jc = row + JC + 6 * i;
            // d(exp(w) q)/dw = -[q]x
            rows[jc] = (free & 1) == 0 ? 0 : dz * qy - dy * qz;
            rows[jc + 1] = (free & 2) == 0 ? 0 : dx * qz - dz * qx;
            rows[jc + 2] = (free & 4) == 0 ? 0 : dy * qx - dx * qy;
            rows[jc + 3] = (free & 8) == 0 ? 0 : dx;
            rows[jc + 4] = (free & 16) == 0 ? 0 : dy;
            rows[jc + 5] = (free & 32) == 0 ? 0 : dz;
            int jk = row + JK + i * layout.maxRefined;
            int n = intrinsics.model().parameterCount();
            for (int k = 0; k < refined.length; k++) {
                rows[jk + k] = w * s.dParameters[i * n + refined[k]];
            }
        }
    }

    private void accumulate(int o, int p) {
        int row = o * stride;
        int refined = layout.problem.refined[layout.problem.viewCamera[layout.problem.observationView[o]]].length;
        int slot = 3 * layout.maxRefined * layout.observationSlot[o];
        for (int i = 0; i < 2; i++) {
            double a = rows[row + JP + 3 * i];
            double b = rows[row + JP + 3 * i + 1];
            double c = rows[row + JP + 3 * i + 2];
            double res = rows[row + i];
            pointBlock[6 * p] += a * a;
            pointBlock[6 * p + 1] += a * b;
            pointBlock[6 * p + 2] += a * c;
            pointBlock[6 * p + 3] += b * b;
            pointBlock[6 * p + 4] += b * c;
            pointBlock[6 * p + 5] += c * c;
            pointRhs[3 * p] -= a * res;
            pointRhs[3 * p + 1] -= b * res;
            pointRhs[3 * p + 2] -= c * res;
            int jk = row + JK + i * layout.maxRefined;
            for (int k = 0; k < refined; k++) {
                double d = rows[jk + k];
                slotBlock[slot + 3 * k] += d * a;
                slotBlock[slot + 3 * k + 1] += d * b;
                slotBlock[slot + 3 * k + 2] += d * c;
            }
        }
    }

    private static void toCamera(double[] rotations, double[] poses, int v, double[] points, int p, double[] out) {
        double x = points[3 * p];
        double y = points[3 * p + 1];
        double z = points[3 * p + 2];
        int r = 9 * v;
        out[0] = rotations[r] * x + rotations[r + 1] * y + rotations[r + 2] * z + poses[7 * v + 4];
        out[1] = rotations[r + 3] * x + rotations[r + 4] * y + rotations[r + 5] * z + poses[7 * v + 5];
        out[2] = rotations[r + 6] * x + rotations[r + 7] * y + rotations[r + 8] * z + poses[7 * v + 6];
    }

    /** Rotation matrices, row by row, of poses given as quaternions. */
    private static double[] rotations(double[] poses) {
        int n = poses.length / 7;
        double[] out = new double[9 * n];
        for (int v = 0; v < n; v++) {
            double x = poses[7 * v];
            double y = poses[7 * v + 1];
            double z = poses[7 * v + 2];
            double w = poses[7 * v + 3];
            int r = 9 * v;
            out[r] = 1 - 2 * (y * y + z * z);
            out[r + 1] = 2 * (x * y - w * z);
            out[r + 2] = 2 * (x * z + w * y);
            out[r + 3] = 2 * (x * y + w * z);
            out[r + 4] = 1 - 2 * (x * x + z * z);
            out[r + 5] = 2 * (y * z - w * x);
            out[r + 6] = 2 * (x * z - w * y);
            out[r + 7] = 2 * (y * z + w * x);
            out[r + 8] = 1 - 2 * (x * x + y * y);
        }
        return out;
    }
}
