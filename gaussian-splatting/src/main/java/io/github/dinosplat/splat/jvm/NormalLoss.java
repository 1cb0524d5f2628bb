package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.PinholeView;

/**
 * The term of the normals of {@link io.github.dinosplat.splat.ViewPriors} on a frame that accumulated nearness. On a
 * plane the inverse depth d is linear in the picture, so its normal is along {@code (fx d_x, fy d_y, d - d_x (x - cx) -
 * d_y (y - cy))} with the differences d_x, d_y to the next pixels.
 */
final class NormalLoss {

    /** Nearness at which a pixel's Gaussians may be at the camera or blend to nothing, by its greatest value. */
    private static final double MOST = 0.98;

    private final PinholeView view;
    private final Frame frame;
    private final DepthTarget target;
    private final boolean[] counts;
    private final double offset;

    NormalLoss(PinholeView view, Frame frame, DepthTarget target, boolean[] counts) {
        this.view = view;
        this.frame = frame;
        this.target = target;
        this.counts = counts;
        offset = target.offset();
    }

    /**
     * Adds to the frame's gradient by depth. In rows that do not touch: even ones first, then odd ones.
     *
     * @return the term times its weight
     */
    double gradient(double weight, Workers workers) {
        double[] rows = new double[frame.height];
        double each = weight / ((double) frame.width * frame.height);
        for (int parity = 0; parity < 2; parity++) {
            int first = parity;
            workers.forEach((frame.height - first) / 2, (k, worker) -> {
                int y = 2 * k + first;
                if (y + 1 < frame.height) {
                    rows[y] = row(y, each);
                }
            });
        }
        double sum = 0;
        for (double row : rows) {
            sum += row;
        }
        return sum;
    }

    private double row(int y, double each) {
        double[] own = new double[6];
        double[] goal = new double[6];
        double sum = 0;
        for (int x = 0; x + 1 < frame.width; x++) {
            int i = y * frame.width + x;
            double w = Math.min(weight(i), Math.min(weight(i + 1), weight(i + frame.width)));
            if (w > 0 && normal(frame.depth, x, y, own) && normal(target.nearness(), x, y, goal)) {
                double cos = own[0] * goal[0] + own[1] * goal[1] + own[2] * goal[2];
                sum += each * w * (1 - cos);
                pull(i, x, y, own, goal, cos, each * w);
            }
        }
        return sum;
    }

    private double weight(int i) {
        return counts.length == 0 || counts[i] ? target.weights()[i] : 0;
    }

    /** Unit normal, its length before, and the inverse depth's change by nearness is left to {@link #slope}. */
    private boolean normal(float[] nearness, int x, int y, double[] out) {
        int i = y * frame.width + x;
        double d0 = inverse(nearness[i]);
        double d1 = inverse(nearness[i + 1]);
        double d2 = inverse(nearness[i + frame.width]);
        if (!(d0 > 0 && d1 > 0 && d2 > 0)) {
            return false;
        }
        double u = x + 0.5 - view.cx();
        double v = y + 0.5 - view.cy();
        double nx = view.fx() * (d1 - d0);
        double ny = view.fy() * (d2 - d0);
        double nz = d0 - (d1 - d0) * u - (d2 - d0) * v;
        double length = Math.sqrt(nx * nx + ny * ny + nz * nz);
        out[0] = nx / length;
        out[1] = ny / length;
        out[2] = nz / length;
        out[3] = length;
        return length > 0;
    }

    /** 0 where the nearness says nothing. */
    private double inverse(double nearness) {
        return nearness > 0 && nearness * offset < MOST ? 1 / (1 / nearness - offset) : 0;
    }

    /** Change of the inverse depth by the nearness. */
    private double slope(double nearness) {
        double d = inverse(nearness) / nearness;
        return d * d;
    }

    private void pull(int i, int x, int y, double[] own, double[] goal, double cos, double weight) {
        double gx = -weight * (goal[0] - cos * own[0]) / own[3];
        double gy = -weight * (goal[1] - cos * own[1]) / own[3];
        double gz = -weight * (goal[2] - cos * own[2]) / own[3];
        double u = x + 0.5 - view.cx();
        double v = y + 0.5 - view.cy();
        double by1 = gx * view.fx() - gz * u;
        double by2 = gy * view.fy() - gz * v;
        double by0 = gz - by1 - by2;
        float[] out = frame.depthGradient;
        out[i] += (float) (by0 * slope(frame.depth[i]));
        out[i + 1] += (float) (by1 * slope(frame.depth[i + 1]));
        out[i + frame.width] += (float) (by2 * slope(frame.depth[i + frame.width]));
    }
}
