package io.github.dinosplat.matching.robust;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/** 3x3 matrices as nine doubles, row by row. */
final class Matrix3 {

    private Matrix3() {}

    /** u * diag(s) * vt with s descending and u, v proper rotations up to a common sign of the matrix. */
    record Svd(double[] u, double[] s, double[] v) {}

    static double[] multiply(double[] a, double[] b) {
        double[] c = new double[9];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                c[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
            }
        }
        return c;
    }

    static double[] transpose(double[] a) {
        return new double[] {a[0], a[3], a[6], a[1], a[4], a[7], a[2], a[5], a[8]};
    }

    static double determinant(double[] a) {
        return a[0] * (a[4] * a[8] - a[5] * a[7])
                - a[1] * (a[3] * a[8] - a[5] * a[6])
                + a[2] * (a[3] * a[7] - a[4] * a[6]);
    }

    /**
     * Singular value decomposition with rotations u and v. Their third columns may have been flipped to make them
     * rotations, which changes nothing for a matrix of rank 2.
     */
    static Svd svd(double[] a) {
        SingularValueDecomposition_F64<DMatrixRMaj> svd = DecompositionFactory_DDRM.svd(3, 3, true, true, false);
        if (!svd.decompose(DMatrixRMaj.wrap(3, 3, a.clone()))) {
            throw new ArithmeticException("no singular value decomposition of a 3x3 matrix; is it finite?");
        }
        double[] w = svd.getSingularValues();
        double[] u0 = svd.getU(null, false).data;
        double[] v0 = svd.getV(null, false).data;
        int[] order = {0, 1, 2};
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2 - i; j++) {
                if (w[order[j]] < w[order[j + 1]]) {
                    int t = order[j];
                    order[j] = order[j + 1];
                    order[j + 1] = t;
                }
            }
        }
        double[] u = new double[9];
        double[] v = new double[9];
        double[] s = new double[3];
        for (int c = 0; c < 3; c++) {
            s[c] = w[order[c]];
            for (int r = 0; r < 3; r++) {
                u[3 * r + c] = u0[3 * r + order[c]];
                v[3 * r + c] = v0[3 * r + order[c]];
            }
        }
        flipIfMirrored(u);
        flipIfMirrored(v);
        return new Svd(u, s, v);
    }

    private static void flipIfMirrored(double[] r) {
        if (determinant(r) < 0) {
            r[2] = -r[2];
            r[5] = -r[5];
            r[8] = -r[8];
        }
    }

    /** The rotation by a rotation vector (Rodrigues). */
    static double[] rotation(double x, double y, double z) {
        double angle = Math.sqrt(x * x + y * y + z * z);
        double a = angle < 1e-8 ? 1 - angle * angle / 6 : Math.sin(angle) / angle;
        double b = angle < 1e-8 ? 0.5 - angle * angle / 24 : (1 - Math.cos(angle)) / (angle * angle);
        return new double[] {
            1 - b * (y * y + z * z),
            b * x * y - a * z,
            b * x * z + a * y,
            b * x * y + a * z,
            1 - b * (x * x + z * z),
            b * y * z - a * x,
            b * x * z - a * y,
            b * y * z + a * x,
            1 - b * (x * x + y * y)
        };
    }

    /** Scales to Frobenius norm 1 in place. */
    static double[] normalise(double[] a) {
        double norm2 = 0;
        for (double v : a) {
            norm2 += v * v;
        }
        double inv = 1 / Math.sqrt(norm2);
        for (int i = 0; i < a.length; i++) {
            a[i] *= inv;
        }
        return a;
    }
}
