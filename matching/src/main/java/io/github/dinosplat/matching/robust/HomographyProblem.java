package io.github.dinosplat.matching.robust;

import java.util.Arrays;

/** Homographies from four points, judged by the distance of the mapped point in the second photo. */
final class HomographyProblem implements Problem {

    private final double[] a;
    private final double[] b;
    private final double invPixel2;

    /** Points [n, 2] of the order of 1 and the size of a pixel in the second picture's coordinates. */
    HomographyProblem(double[] a, double[] b, double pixelB) {
        this.a = a;
        this.b = b;
        invPixel2 = 1 / (pixelB * pixelB);
    }

    @Override
    public int size() {
        return a.length / 2;
    }

    @Override
    public int sampleSize() {
        return 4;
    }

    @Override
    public int modelLength() {
        return 9;
    }

    @Override
    public int maxModels() {
        return 1;
    }

    @Override
    public int solve(int[] sample, double[] models) {
        double[][] m = new double[8][9];
        for (int k = 0; k < 4; k++) {
            double x = a[2 * sample[k]];
            double y = a[2 * sample[k] + 1];
            double u = b[2 * sample[k]];
            double v = b[2 * sample[k] + 1];
            m[2 * k] = new double[] {x, y, 1, 0, 0, 0, -u * x, -u * y, u};
            m[2 * k + 1] = new double[] {0, 0, 0, x, y, 1, -v * x, -v * y, v};
        }
        for (int c = 0; c < 8; c++) {
            int pivot = c;
            for (int r = c + 1; r < 8; r++) {
                if (Math.abs(m[r][c]) > Math.abs(m[pivot][c])) {
                    pivot = r;
                }
            }
            if (!(Math.abs(m[pivot][c]) > 1e-12)) {
                return 0;
            }
            double[] t = m[c];
            m[c] = m[pivot];
            m[pivot] = t;
            for (int r = c + 1; r < 8; r++) {
                double f = m[r][c] / m[c][c];
                for (int k = c; k < 9; k++) {
                    m[r][k] -= f * m[c][k];
                }
            }
        }
        models[8] = 1;
        for (int r = 7; r >= 0; r--) {
            double sum = m[r][8];
            for (int k = r + 1; k < 8; k++) {
                sum -= m[r][k] * models[k];
            }
            models[r] = sum / m[r][r];
        }
        return 1;
    }

    @Override
    public void squaredResiduals(double[] h, int o, int from, int to, double[] out) {
        for (int i = from; i < to; i++) {
            double x = a[2 * i];
            double y = a[2 * i + 1];
            double w = 1 / (h[o + 6] * x + h[o + 7] * y + h[o + 8]);
            double dx = (h[o] * x + h[o + 1] * y + h[o + 2]) * w - b[2 * i];
            double dy = (h[o + 3] * x + h[o + 4] * y + h[o + 5]) * w - b[2 * i + 1];
            out[i] = (dx * dx + dy * dy) * invPixel2;
        }
    }

    @Override
    public boolean step(double[] h, double[] weights) {
        double[] normal = new double[81];
        double[] delta = new double[9];
        double[] g = new double[9];
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] > 0)) {
                continue;
            }
            double x = a[2 * i];
            double y = a[2 * i + 1];
            double w = 1 / (h[6] * x + h[7] * y + h[8]);
            double u = (h[0] * x + h[1] * y + h[2]) * w;
            double v = (h[3] * x + h[4] * y + h[5]) * w;
            for (int axis = 0; axis < 2; axis++) {
                Arrays.fill(g, 0);
                double value = axis == 0 ? u : v;
                g[3 * axis] = x * w;
                g[3 * axis + 1] = y * w;
                g[3 * axis + 2] = w;
                g[6] = -value * x * w;
                g[7] = -value * y * w;
                g[8] = -value * w;
                double r = value - b[2 * i + axis];
                for (int j = 0; j < 9; j++) {
                    double wg = weights[i] * g[j];
                    delta[j] -= wg * r;
                    for (int k = 0; k <= j; k++) {
                        normal[9 * j + k] += wg * g[k];
                    }
                }
            }
        }
        double trace = 0;
        for (int j = 0; j < 9; j++) {
            trace += normal[10 * j];
        }
        for (int j = 0; j < 9; j++) {
            // The scale of the matrix is free; the damping keeps it.
            normal[10 * j] += 1e-6 * normal[10 * j] + 1e-9 * trace;
        }
        if (!Cholesky.solve(normal, delta, 9)) {
            return false;
        }
        for (int j = 0; j < 9; j++) {
            h[j] += delta[j];
        }
        Matrix3.normalise(h);
        return Double.isFinite(h[8]);
    }
}
