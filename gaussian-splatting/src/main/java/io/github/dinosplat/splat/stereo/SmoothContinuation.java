package io.github.dinosplat.splat.stereo;

/**
 * The smoothest surface through what is known of it: minimises squared distance to the known values plus squared second
 * differences (a thin plate, which goes on straight beyond what is known) plus a little of the squared first differences
 * (which bends it back to level far out). Solved by conjugate gradients (Hestenes and Stiefel 1952).
 */
public final class SmoothContinuation {

    private static final int MOST_STEPS = 400;
    private static final double ENOUGH = 1e-5;

    private final int columns;
    private final int rows;
    private final float[] weights;
    private final double bending;
    private final double stretching;
    private final float[] joins;

    private SmoothContinuation(
            int columns, int rows, float[] weights, float[] joins, double bending, double stretching) {
        this.joins = joins;
        this.columns = columns;
        this.rows = rows;
        this.weights = weights;
        this.bending = bending;
        this.stretching = stretching;
    }

    /**
     * Continues a surface.
     *
     * @param columns width of the grid
     * @param rows height of the grid
     * @param known [rows, columns] values, not looked at where the weight is 0
     * @param weights [rows, columns] how much each value counts, 0 where unknown
     * @param joins [2, rows, columns] how closely each cell belongs to the one right of it and to the one below, 0 to 1
     * @param bending weight of the squared second differences
     * @param stretching weight of the squared first differences, positive
     * @return [rows, columns] values everywhere; 0 where nothing is known
     */
    public static float[] of(
            int columns, int rows, float[] known, float[] weights, float[] joins, double bending, double stretching) {
        return new SmoothContinuation(columns, rows, weights, joins, bending, stretching).solve(known);
    }

    private float[] solve(float[] known) {
        int n = columns * rows;
        double[] right = new double[n];
        double mean = 0;
        double total = 0;
        for (int i = 0; i < n; i++) {
            mean += weights[i] * known[i];
            total += weights[i];
        }
        mean = total > 0 ? mean / total : 0;
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = weights[i] > 0 ? known[i] : mean;
            right[i] = weights[i] * known[i];
        }
        double[] residual = new double[n];
        double[] image = apply(x);
        for (int i = 0; i < n; i++) {
            residual[i] = right[i] - image[i];
        }
        double[] direction = residual.clone();
        double square = dot(residual, residual);
        double enough = ENOUGH * ENOUGH * Math.max(dot(right, right), 1e-30);
        for (int step = 0; step < MOST_STEPS && square > enough; step++) {
            image = apply(direction);
            double length = square / dot(direction, image);
            for (int i = 0; i < n; i++) {
                x[i] += length * direction[i];
                residual[i] -= length * image[i];
            }
            double next = dot(residual, residual);
            for (int i = 0; i < n; i++) {
                direction[i] = residual[i] + next / square * direction[i];
            }
            square = next;
        }
        float[] result = new float[n];
        for (int i = 0; i < n; i++) {
            result[i] = (float) x[i];
        }
        return result;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The gradient of half the energy's quadratic part. */
    private double[] apply(double[] x) {
        int n = x.length;
        double[] out = new double[n];
        for (int i = 0; i < x.length; i++) {
            out[i] = weights[i] * x[i];
        }
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                int i = r * columns + c;
                boolean right = c + 1 < columns;
                boolean below = r + 1 < rows;
                if (right) {
                    first(x, out, i, i + 1, joins[i]);
                }
                if (below) {
                    first(x, out, i, i + columns, joins[n + i]);
                }
                if (c > 0 && right) {
                    second(x, out, i - 1, i, i + 1, joins[i - 1] * joins[i]);
                }
                if (r > 0 && below) {
                    second(x, out, i - columns, i, i + columns, joins[n + i - columns] * joins[n + i]);
                }
                if (right && below) {
                    mixed(x, out, i, joins[i] * joins[n + i] * joins[i + columns] * joins[n + i + 1]);
                }
            }
        }
        return out;
    }

    private void first(double[] x, double[] out, int a, int b, double join) {
        double d = join * stretching * (x[b] - x[a]);
        out[a] -= d;
        out[b] += d;
    }

    private void second(double[] x, double[] out, int a, int b, int c, double join) {
        double d = join * bending * (x[a] - 2 * x[b] + x[c]);
        out[a] += d;
        out[b] -= 2 * d;
        out[c] += d;
    }

    private void mixed(double[] x, double[] out, int i, double join) {
        double d = 2 * join * bending * (x[i] - x[i + 1] - x[i + columns] + x[i + columns + 1]);
        out[i] += d;
        out[i + 1] -= d;
        out[i + columns] -= d;
        out[i + columns + 1] += d;
    }
}
