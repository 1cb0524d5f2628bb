package io.github.dinosplat.matching.robust;

/** Small dense symmetric systems. */
final class Cholesky {

    private Cholesky() {}

    /**
     * Solves A x = b in place.
     *
     * @param a [k, k], lower triangle used, overwritten
     * @param b [k], receives x
     * @param k size
     * @return false if A is not positive definite or x not finite
     */
    static boolean solve(double[] a, double[] b, int k) {
        for (int i = 0; i < k; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[k * i + j];
                for (int c = 0; c < j; c++) {
                    sum -= a[k * i + c] * a[k * j + c];
                }
                if (i == j) {
                    if (!(sum > 0)) {
                        return false;
                    }
                    a[k * i + i] = Math.sqrt(sum);
                } else {
                    a[k * i + j] = sum / a[k * j + j];
                }
            }
        }
        for (int i = 0; i < k; i++) {
            for (int c = 0; c < i; c++) {
                b[i] -= a[k * i + c] * b[c];
            }
            b[i] /= a[k * i + i];
        }
        for (int i = k - 1; i >= 0; i--) {
            for (int c = i + 1; c < k; c++) {
                b[i] -= a[k * c + i] * b[c];
            }
            b[i] /= a[k * i + i];
            if (!Double.isFinite(b[i])) {
                return false;
            }
        }
        return true;
    }
}
