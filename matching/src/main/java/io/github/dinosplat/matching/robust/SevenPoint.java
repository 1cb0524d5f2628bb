package io.github.dinosplat.matching.robust;

/**
 * The fundamental matrices through seven correspondences (Hartley and Zisserman 2003, section 11.1.2): seven linear equations
 * leave {@code F + t G}, and {@code det(F + t G) = 0} is a cubic in t. Small on purpose: samples are solved some hundred times a
 * pair, and a solver of general decompositions took the compiler longer than all the samples of a small set. For one thread.
 */
final class SevenPoint {

    private static final int ROWS = 7;
    private static final int COLUMNS = 9;
    private static final int NEWTON_STEPS = 2;

    private final double[][] rows = new double[ROWS][COLUMNS];
    /** Which entry of the matrix a column belongs to, after pivoting. */
    private final int[] entry = new int[COLUMNS];

    private final double[] f = new double[9];
    private final double[] g = new double[9];
    private final double[] roots = new double[3];

    /**
     * Solves one sample.
     *
     * @param a points [n, 2] of the order of 1
     * @param b the matching points
     * @param sample seven indices
     * @param models receives up to three matrices of any length, {@code b' F a = 0}, row by row
     * @return how many there are; 0 where the seven points leave more freedom than a line of matrices
     */
    int solve(double[] a, double[] b, int[] sample, double[] models) {
        for (int r = 0; r < ROWS; r++) {
            int i = 2 * sample[r];
            double[] row = rows[r];
            for (int c = 0; c < 3; c++) {
                double factor = c == 0 ? b[i] : c == 1 ? b[i + 1] : 1;
                row[3 * c] = factor * a[i];
                row[3 * c + 1] = factor * a[i + 1];
                row[3 * c + 2] = factor;
            }
        }
        if (!eliminate()) {
            return 0;
        }
        nullVector(ROWS, f);
        nullVector(ROWS + 1, g);
        double constant = Matrix3.determinant(f);
        double linear = mixedDeterminant(f, g);
        double quadratic = mixedDeterminant(g, f);
        double cubic = Matrix3.determinant(g);
        // The greater end leads, so that no root is far out.
        boolean turned = Math.abs(constant) > Math.abs(cubic);
        int count = turned
                ? roots(constant, linear, quadratic, cubic, roots)
                : roots(cubic, quadratic, linear, constant, roots);
        for (int s = 0; s < count; s++) {
            double ofF = turned ? roots[s] : 1;
            double ofG = turned ? 1 : roots[s];
            for (int k = 0; k < 9; k++) {
                models[9 * s + k] = ofF * f[k] + ofG * g[k];
            }
        }
        return count;
    }

    /** Gauss-Jordan elimination with full pivoting: the first seven columns become the identity. */
    private boolean eliminate() {
        for (int c = 0; c < COLUMNS; c++) {
            entry[c] = c;
        }
        for (int step = 0; step < ROWS; step++) {
            int pivotRow = step;
            int pivotColumn = step;
            for (int r = step; r < ROWS; r++) {
                for (int c = step; c < COLUMNS; c++) {
                    if (Math.abs(rows[r][c]) > Math.abs(rows[pivotRow][pivotColumn])) {
                        pivotRow = r;
                        pivotColumn = c;
                    }
                }
            }
            if (!(Math.abs(rows[pivotRow][pivotColumn]) > 1e-12)) {
                return false;
            }
            swap(step, pivotRow, pivotColumn);
            clear(step);
        }
        return true;
    }

    private void swap(int step, int pivotRow, int pivotColumn) {
        double[] row = rows[step];
        rows[step] = rows[pivotRow];
        rows[pivotRow] = row;
        int e = entry[step];
        entry[step] = entry[pivotColumn];
        entry[pivotColumn] = e;
        for (double[] r : rows) {
            double t = r[step];
            r[step] = r[pivotColumn];
            r[pivotColumn] = t;
        }
    }

    /** Makes the pivot 1 and all else in its column 0. */
    private void clear(int step) {
        double[] pivot = rows[step];
        double inv = 1 / pivot[step];
        for (int c = step; c < COLUMNS; c++) {
            pivot[c] *= inv;
        }
        for (double[] row : rows) {
            double factor = row[step];
            if (row != pivot && factor != 0) {
                for (int c = step; c < COLUMNS; c++) {
                    row[c] -= factor * pivot[c];
                }
            }
        }
    }

    /** The solution that has 1 in one of the two free columns, scaled to length 1. */
    private void nullVector(int free, double[] out) {
        for (int r = 0; r < ROWS; r++) {
            out[entry[r]] = -rows[r][free];
        }
        out[entry[ROWS]] = 0;
        out[entry[ROWS + 1]] = 0;
        out[entry[free]] = 1;
        Matrix3.normalise(out);
    }

    /** The part of det(m + t n) that is linear in t. */
    private static double mixedDeterminant(double[] m, double[] n) {
        return n[0] * (m[4] * m[8] - m[5] * m[7])
                - n[1] * (m[3] * m[8] - m[5] * m[6])
                + n[2] * (m[3] * m[7] - m[4] * m[6])
                - n[3] * (m[1] * m[8] - m[2] * m[7])
                + n[4] * (m[0] * m[8] - m[2] * m[6])
                - n[5] * (m[0] * m[7] - m[1] * m[6])
                + n[6] * (m[1] * m[5] - m[2] * m[4])
                - n[7] * (m[0] * m[5] - m[2] * m[3])
                + n[8] * (m[0] * m[4] - m[1] * m[3]);
    }

    /**
     * Real roots of {@code c3 x^3 + c2 x^2 + c1 x + c0} (Viete and Cardano), made exact by Newton's steps.
     *
     * @return how many were written: 0 where c3 is 0, else 1 or 3
     */
    static int roots(double c3, double c2, double c1, double c0, double[] out) {
        if (c3 == 0) {
            return 0;
        }
        double a = c2 / c3;
        double b = c1 / c3;
        double c = c0 / c3;
        double q = (a * a - 3 * b) / 9;
        double r = (2 * a * a * a - 9 * a * b + 27 * c) / 54;
        double third = a / 3;
        int count;
        if (r * r < q * q * q) {
            double angle = Math.acos(r / Math.sqrt(q * q * q)) / 3;
            double size = -2 * Math.sqrt(q);
            for (int k = 0; k < 3; k++) {
                out[k] = size * Math.cos(angle + k * (2 * Math.PI / 3)) - third;
            }
            count = 3;
        } else {
            double m = -Math.signum(r) * Math.cbrt(Math.abs(r) + Math.sqrt(r * r - q * q * q));
            out[0] = m + (m == 0 ? 0 : q / m) - third;
            count = 1;
        }
        for (int k = 0; k < count; k++) {
            for (int i = 0; i < NEWTON_STEPS; i++) {
                double x = out[k];
                double slope = (3 * x + 2 * a) * x + b;
                if (slope != 0) {
                    out[k] = x - (((x + a) * x + b) * x + c) / slope;
                }
            }
        }
        return count;
    }
}
