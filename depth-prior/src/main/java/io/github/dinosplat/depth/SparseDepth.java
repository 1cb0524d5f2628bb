package io.github.dinosplat.depth;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.util.Arrays;
import org.joml.Vector3d;

/** A photo's sparse points: where they are seen and their inverse depth. */
final class SparseDepth {

    /** Observations that reproject worse than this many thousandths of the long side are mismatches. */
    private static final double MOST_ERROR = 0.004;
    /** Points whose depth is less certain than this part of itself say too little. */
    private static final double MOST_SIGMA = 0.15;
    /** Points this many times nearer or farther than the photo's median are taken for mismatches. */
    private static final double MOST_RATIO = 30;

    final int count;
    /** Pixels of the photo. */
    final double[] x;

    final double[] y;
    /** 1/z in the camera frame. */
    final double[] inverseDepth;
    /** Standard deviation of the inverse depth as a part of it, from the triangulation angle. */
    final double[] sigma;
    /** Index of the scene's point. */
    final int[] point;

    private SparseDepth(int count, double[] x, double[] y, double[] inverseDepth, double[] sigma, int[] point) {
        this.count = count;
        this.x = Arrays.copyOf(x, count);
        this.y = Arrays.copyOf(y, count);
        this.inverseDepth = Arrays.copyOf(inverseDepth, count);
        this.sigma = Arrays.copyOf(sigma, count);
        this.point = Arrays.copyOf(point, count);
    }

    static SparseDepth of(Scene scene, int viewIndex) {
        View view = scene.views().get(viewIndex);
        Camera camera = scene.cameraOf(view);
        double mostError = MOST_ERROR * Math.max(camera.width(), camera.height());
        int n = view.keypointCount();
        double[] x = new double[n];
        double[] y = new double[n];
        double[] w = new double[n];
        double[] sigma = new double[n];
        int[] point = new int[n];
        double[] pixel = new double[2];
        int count = 0;
        for (int k = 0; k < n; k++) {
            int p = view.pointIndex(k);
            if (p < 0 || !inside(camera, view.x(k), view.y(k))) {
                continue;
            }
            Vector3d c = view.camFromWorld().transform(scene.points().position(p));
            if (!(c.z > 0)) {
                continue;
            }
            camera.project(c.x, c.y, c.z, pixel, null, null);
            double relative = 1 / (camera.fx() * Math.tan(greatestAngle(scene, p, viewIndex)) + 1e-9);
            if (Math.hypot(pixel[0] - view.x(k), pixel[1] - view.y(k)) > mostError || relative > MOST_SIGMA) {
                continue;
            }
            x[count] = view.x(k);
            y[count] = view.y(k);
            w[count] = 1 / c.z;
            sigma[count] = Math.hypot(0.004, relative);
            point[count++] = p;
        }
        SparseDepth all = new SparseDepth(count, x, y, w, sigma, point);
        double median = all.medianInverseDepth();
        boolean[] keep = new boolean[count];
        for (int i = 0; i < count; i++) {
            keep[i] = w[i] < MOST_RATIO * median && w[i] * MOST_RATIO > median;
        }
        return all.only(keep);
    }

    SparseDepth only(boolean[] keep) {
        double[] keptX = new double[count];
        double[] keptY = new double[count];
        double[] keptW = new double[count];
        double[] keptSigma = new double[count];
        int[] keptPoint = new int[count];
        int n = 0;
        for (int i = 0; i < count; i++) {
            if (keep[i]) {
                keptX[n] = x[i];
                keptY[n] = y[i];
                keptW[n] = inverseDepth[i];
                keptSigma[n] = sigma[i];
                keptPoint[n++] = point[i];
            }
        }
        return new SparseDepth(n, keptX, keptY, keptW, keptSigma, keptPoint);
    }

    double medianInverseDepth() {
        return quantile(0.5);
    }

    /** Of the inverse depths; 0 without points. */
    double quantile(double q) {
        double[] sorted = inverseDepth.clone();
        Arrays.sort(sorted);
        return count == 0 ? 0 : sorted[(int) Math.min(count - 1L, Math.round(q * (count - 1)))];
    }

    /** The point that is nearest in the photo. */
    int nearestTo(double px, double py) {
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            double d = (x[i] - px) * (x[i] - px) + (y[i] - py) * (y[i] - py);
            if (d < least) {
                least = d;
                best = i;
            }
        }
        return best;
    }

    private static boolean inside(Camera camera, double x, double y) {
        return x >= 0 && y >= 0 && x < camera.width() && y < camera.height();
    }

    /** Between the ray of this view and that of any other that sees the point, in radians. */
    private static double greatestAngle(Scene scene, int p, int viewIndex) {
        Vector3d position = scene.points().position(p);
        Vector3d own = ray(scene, viewIndex, position);
        double most = 0;
        for (int i = 0; i < scene.trackLength(p); i++) {
            int v = scene.trackView(p, i);
            if (v != viewIndex) {
                most = Math.max(most, own.angle(ray(scene, v, position)));
            }
        }
        return Math.min(most, Math.PI / 2 - 0.01);
    }

    private static Vector3d ray(Scene scene, int v, Vector3d position) {
        return new Vector3d(position).sub(scene.views().get(v).camFromWorld().targetOriginInSource());
    }
}
