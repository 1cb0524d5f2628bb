package io.github.dinosplat.depth;

import java.util.Arrays;

/**
 * An affine map that takes a prediction to a photo's inverse depths, found by iteratively reweighted least squares with
 * Huber's weights.
 *
 * @param scale factor, not negative
 * @param offset added
 */
record Alignment(double scale, double offset) {

    private static final int ITERATIONS = 20;
    private static final double HUBER = 1.345;

    static Alignment fit(double[] prediction, double[] target, double[] sigma) {
        int n = target.length;
        double[] weight = new double[n];
        for (int i = 0; i < n; i++) {
            weight[i] = 1 / (sigma[i] * sigma[i] + 0.0004);
        }
        double[] robust = weight.clone();
        double[] residual = new double[n];
        Alignment fit = new Alignment(0, 0);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            fit = leastSquares(prediction, target, robust);
            for (int i = 0; i < n; i++) {
                residual[i] = Math.abs(target[i] - fit.apply(prediction[i]));
            }
            double[] sorted = residual.clone();
            Arrays.sort(sorted);
            double limit = HUBER * 1.4826 * sorted[n / 2] + 1e-12;
            for (int i = 0; i < n; i++) {
                robust[i] = weight[i] * Math.min(1, limit / Math.max(residual[i], 1e-300));
            }
        }
        return fit;
    }

    double apply(double prediction) {
        return scale * prediction + offset;
    }

    private static Alignment leastSquares(double[] x, double[] y, double[] w) {
        double n = 0;
        double mx = 0;
        double my = 0;
        for (int i = 0; i < x.length; i++) {
            n += w[i];
            mx += w[i] * x[i];
            my += w[i] * y[i];
        }
        mx /= n;
        my /= n;
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += w[i] * (x[i] - mx) * (x[i] - mx);
            xy += w[i] * (x[i] - mx) * (y[i] - my);
        }
        // A prediction that falls where the depth rises says nothing: then the offset alone is the fit.
        double scale = xx > 1e-12 * n * (1 + mx * mx) ? Math.max(0, xy / xx) : 0;
        return new Alignment(scale, my - scale * mx);
    }
}
