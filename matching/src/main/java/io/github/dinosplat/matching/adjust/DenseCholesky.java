package io.github.dinosplat.matching.adjust;

/**
 * In-place Cholesky factorisation {@code A = U^T U} of a dense positive definite matrix stored row by row, of which only
 * the upper triangle is read and written. Right-looking by panels of rows; each trailing row is updated by one task, so
 * the result does not depend on the number of threads. A panel column without entries is skipped, which is what block
 * sparsity is worth here.
 */
final class DenseCholesky {

    private static final int PANEL = 24;
    /** Trailing rows updated by one task. */
    private static final int ROWS = 32;

    private DenseCholesky() {}

    /** Factorises; false where the matrix is not positive definite (its content is then spoilt). */
    static boolean factorise(double[] a, int n) {
        for (int start = 0; start < n; start += PANEL) {
            int end = Math.min(n, start + PANEL);
            if (!factorisePanel(a, n, start, end)) {
                return false;
            }
            int trailing = n - end;
            int panelStart = start;
            if ((long) trailing * trailing * PANEL < 200_000) {
                updateRows(a, n, panelStart, end, end, n);
            } else {
                Chunks.forEach(
                        trailing, ROWS, (chunk, from, to) -> updateRows(a, n, panelStart, end, end + from, end + to));
            }
        }
        return true;
    }

    private static boolean factorisePanel(double[] a, int n, int start, int end) {
        for (int k = start; k < end; k++) {
            double pivot = a[k * n + k];
            if (!(pivot > 0) || pivot == Double.POSITIVE_INFINITY) {
                return false;
            }
            double inverse = 1 / Math.sqrt(pivot);
            for (int j = k; j < n; j++) {
                a[k * n + j] *= inverse;
            }
            for (int i = k + 1; i < end; i++) {
                double f = a[k * n + i];
                if (f != 0) {
                    int ri = i * n;
                    int rk = k * n;
                    for (int j = i; j < n; j++) {
                        a[ri + j] -= f * a[rk + j];
                    }
                }
            }
        }
        return true;
    }

    private static void updateRows(double[] a, int n, int start, int end, int from, int to) {
        for (int i = from; i < to; i++) {
            int k = start;
            for (; k + 3 < end; k += 4) {
                int r0 = k * n;
                double f0 = a[r0 + i];
                double f1 = a[r0 + n + i];
                double f2 = a[r0 + 2 * n + i];
                double f3 = a[r0 + 3 * n + i];
                if (f0 != 0 || f1 != 0 || f2 != 0 || f3 != 0) {
                    subtractFour(a, i * n, r0, n, i, f0, f1, f2, f3);
                }
            }
            for (; k < end; k++) {
                double f = a[k * n + i];
                if (f != 0) {
                    int ri = i * n;
                    int rk = k * n;
                    for (int j = i; j < n; j++) {
                        a[ri + j] -= f * a[rk + j];
                    }
                }
            }
        }
    }

    private static void subtractFour(
            double[] a, int ri, int r0, int n, int i, double f0, double f1, double f2, double f3) {
        int r1 = r0 + n;
        int r2 = r1 + n;
        int r3 = r2 + n;
        for (int j = i; j < n; j++) {
            a[ri + j] -= f0 * a[r0 + j] + f1 * a[r1 + j] + f2 * a[r2 + j] + f3 * a[r3 + j];
        }
    }

    /** Solves {@code U^T U x = b} in place. */
    static void solve(double[] u, int n, double[] b) {
        for (int i = 0; i < n; i++) {
            double x = b[i] / u[i * n + i];
            b[i] = x;
            for (int j = i + 1; j < n; j++) {
                b[j] -= x * u[i * n + j];
            }
        }
        for (int i = n - 1; i >= 0; i--) {
            double sum = b[i];
            for (int j = i + 1; j < n; j++) {
                sum -= u[i * n + j] * b[j];
            }
            b[i] = sum / u[i * n + i];
        }
    }
}
