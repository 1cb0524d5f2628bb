package io.github.dinosplat.matching.robust;

import org.joml.Vector3d;

/** 3x3 matrices as nine doubles, row by row. */
final class Matrix3 {

    /** Orthogonal to the last bits after four to six; a bound for matrices that are not finite. */
    private static final int SVD_SWEEPS = 30;

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
     * Singular value decomposition with rotations u and v, by turns that make the columns orthogonal (Hestenes 1958). The third
     * columns of u and v may have been flipped to make them rotations, which changes nothing for a matrix of rank 2.
     *
     * @throws ArithmeticException if an entry is not finite
     */
    static Svd svd(double[] a) {
        double[] w = a.clone();
        double[] v = {1, 0, 0, 0, 1, 0, 0, 0, 1};
        for (int sweep = 0; sweep < SVD_SWEEPS; sweep++) {
            // Not "or": all three turns are made.
            if (!(turn(w, v, 0, 1) | turn(w, v, 0, 2) | turn(w, v, 1, 2))) {
                break;
            }
        }
        double[] lengths = {length(w, 0), length(w, 1), length(w, 2)};
        if (!Double.isFinite(lengths[0] + lengths[1] + lengths[2])) {
            throw new ArithmeticException("no singular value decomposition of a matrix that is not finite");
        }
        int first = lengths[0] >= lengths[1] ? 0 : 1;
        first = lengths[first] >= lengths[2] ? first : 2;
        int second = (first + 1) % 3;
        int third = (first + 2) % 3;
        if (lengths[third] > lengths[second]) {
            int t = second;
            second = third;
            third = t;
        }
        double[] s = {lengths[first], lengths[second], lengths[third]};
        return new Svd(rotation(w, first, second), s, rotation(v, first, second));
    }

    /** Turns two columns so that they become orthogonal; false if they were. */
    private static boolean turn(double[] w, double[] v, int p, int q) {
        double pp = 0;
        double qq = 0;
        double pq = 0;
        for (int r = 0; r < 9; r += 3) {
            pp += w[r + p] * w[r + p];
            qq += w[r + q] * w[r + q];
            pq += w[r + p] * w[r + q];
        }
        if (!(Math.abs(pq) > 1e-15 * Math.sqrt(pp * qq))) {
            return false;
        }
        double zeta = (qq - pp) / (2 * pq);
        double tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        double cosine = 1 / Math.sqrt(1 + tangent * tangent);
        double sine = cosine * tangent;
        for (int r = 0; r < 9; r += 3) {
            double wp = w[r + p];
            w[r + p] = cosine * wp - sine * w[r + q];
            w[r + q] = sine * wp + cosine * w[r + q];
            double vp = v[r + p];
            v[r + p] = cosine * vp - sine * v[r + q];
            v[r + q] = sine * vp + cosine * v[r + q];
        }
        return true;
    }

    private static double length(double[] m, int column) {
        return Math.sqrt(m[column] * m[column] + m[3 + column] * m[3 + column] + m[6 + column] * m[6 + column]);
    }

    /** The rotation whose first two columns point along two orthogonal ones, either of which may be nothing. */
    private static double[] rotation(double[] m, int first, int second) {
        Vector3d x = new Vector3d(m[first], m[3 + first], m[6 + first]);
        Vector3d y = new Vector3d(m[second], m[3 + second], m[6 + second]);
        if (x.lengthSquared() > 0) {
            x.normalize();
        } else {
            x.set(1, 0, 0);
        }
        y.fma(-x.dot(y), x);
        if (!(y.lengthSquared() > 0)) {
            // Any direction across will do: the axis that x has least of.
            y.set(Math.abs(x.x) < 0.6 ? 1 : 0, Math.abs(x.x) < 0.6 ? 0 : 1, 0);
            y.fma(-x.dot(y), x);
        }
        y.normalize();
        Vector3d z = x.cross(y, new Vector3d());
        return new double[] {x.x, y.x, z.x, x.y, y.y, z.y, x.z, y.z, z.z};
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
