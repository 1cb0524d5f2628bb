package io.github.dinosplat.depth;

import java.util.Arrays;

/** Weighted least-squares plane through the residuals of a node's nearest points, held towards zero far from them. */
final class LocalPlane {

    /** How strongly the slope is held towards zero, as a part of the points' weight. */
    private static final double SLOPE_RIDGE = 0.3;
    /** Width of the weights as a part of the path to the farthest neighbour, and at least, in node steps. */
    private static final double WIDTH = 0.25;

    private static final double LEAST_WIDTH = 1;

    private final NearestPoints nearest;
    private final double[] x;
    private final double[] y;
    private final double[] residual;
    private final double[] weight;
    private final double reach;

    /** The plane's value at the place of the last {@link #solve}. */
    double value;
    /** Weight of each rank's point in it. */
    final double[] used;

    LocalPlane(NearestPoints nearest, double[] x, double[] y, double[] residual, double[] weight, double reach) {
        this.nearest = nearest;
        this.x = x;
        this.y = y;
        this.residual = residual;
        this.weight = weight;
        this.reach = reach;
        used = new double[nearest.neighbours];
    }

    /** Median residual of a node's nearest points but one; 0 if there are no others. */
    double median(int node, int without) {
        double[] others = new double[nearest.neighbours];
        int n = 0;
        for (int i = node * nearest.neighbours; i < (node + 1) * nearest.neighbours; i++) {
            int s = nearest.label[i];
            if (s >= 0 && s != without) {
                others[n++] = residual[s];
            }
        }
        Arrays.sort(others, 0, n);
        return n == 0 ? 0 : 0.5 * (others[(n - 1) / 2] + others[n / 2]);
    }

    /**
     * Fits at a place.
     *
     * @param without a point to leave out, or -1
     */
    void solve(int node, double px, double py, int without) {
        int k = nearest.neighbours;
        int at = node * k;
        double width = LEAST_WIDTH;
        double closest = Double.POSITIVE_INFINITY;
        int n = 0;
        for (int i = 0; i < k; i++) {
            used[i] = 0;
            int s = nearest.label[at + i];
            if (s >= 0 && s != without) {
                width = Math.max(width, WIDTH * nearest.cost[at + i]);
                closest = Math.min(closest, nearest.cost[at + i]);
                n++;
            }
        }
        value = 0;
        if (n == 0) {
            return;
        }
        double s0 = 0;
        double sx = 0;
        double sy = 0;
        double sxx = 0;
        double sxy = 0;
        double syy = 0;
        double r0 = 0;
        double rx = 0;
        double ry = 0;
        for (int i = 0; i < k; i++) {
            int s = nearest.label[at + i];
            if (s < 0 || s == without) {
                continue;
            }
            double g = nearest.cost[at + i] / width;
            double w = weight[s] * Math.exp(-0.5 * g * g);
            double dx = (x[s] - px) / width;
            double dy = (y[s] - py) / width;
            used[i] = w;
            s0 += w;
            sx += w * dx;
            sy += w * dy;
            sxx += w * dx * dx;
            sxy += w * dx * dy;
            syy += w * dy * dy;
            r0 += w * residual[s];
            rx += w * residual[s] * dx;
            ry += w * residual[s] * dy;
        }
        double fade = closest / reach;
        double a00 = s0 * (1 + fade * fade);
        double a11 = sxx + SLOPE_RIDGE * s0;
        double a22 = syy + SLOPE_RIDGE * s0;
        // The slopes are eliminated; what is left is the value at the place itself.
        double det = a11 * a22 - sxy * sxy;
        double u = (sx * a22 - sy * sxy) / det;
        double v = (sy * a11 - sx * sxy) / det;
        double denominator = a00 - u * sx - v * sy;
        value = denominator > 1e-9 * a00 ? (r0 - u * rx - v * ry) / denominator : r0 / a00;
    }
}
