package io.github.dinosplat.matching.robust;

/**
 * What essential and fundamental matrices share: {@code b' M a = 0} for points a and b with third coordinate 1, judged by
 * the Sampson distance in pixels (Hartley and Zisserman 2003, eq. 11.9). The local step moves the orthogonal factors of
 * {@code M = U diag(1, s, 0) V'}, so that the model stays on its manifold (Bartoli and Sturm 2004).
 */
abstract class EpipolarProblem implements Problem {

    /** [n] points of the first and second picture in the coordinates of M. */
    private final double[] xa;

    private final double[] ya;
    private final double[] xb;
    private final double[] yb;

    /** Squared sizes of a pixel in the coordinates of M, for each axis. */
    private final double pixel2XA;

    private final double pixel2YA;
    private final double pixel2XB;
    private final double pixel2YB;

    /** Points [n, 2] and sizes of a pixel along x and y in their coordinates. */
    EpipolarProblem(double[] a, double pixelXA, double pixelYA, double[] b, double pixelXB, double pixelYB) {
        int n = a.length / 2;
        xa = new double[n];
        ya = new double[n];
        xb = new double[n];
        yb = new double[n];
        for (int i = 0; i < n; i++) {
            xa[i] = a[2 * i];
            ya[i] = a[2 * i + 1];
            xb[i] = b[2 * i];
            yb[i] = b[2 * i + 1];
        }
        pixel2XA = pixelXA * pixelXA;
        pixel2YA = pixelYA * pixelYA;
        pixel2XB = pixelXB * pixelXB;
        pixel2YB = pixelYB * pixelYB;
    }

    /** Writes the matrices through a sample, of any length, nine entries each; returns how many there are. */
    abstract int minimal(int[] sample, double[] models);

    /** Whether the middle singular value is free (fundamental) or 1 (essential). */
    abstract boolean freeSingularValue();

    @Override
    public int size() {
        return xa.length;
    }

    @Override
    public int modelLength() {
        return 9;
    }

    @Override
    public int maxModels() {
        return 10;
    }

    @Override
    public int solve(int[] sample, double[] models) {
        int found = minimal(sample, models);
        int count = 0;
        for (int s = 0; s < found; s++) {
            double norm2 = 0;
            for (int k = 9 * s; k < 9 * s + 9; k++) {
                norm2 += models[k] * models[k];
            }
            if (norm2 > 0 && norm2 < Double.POSITIVE_INFINITY) {
                double inv = 1 / Math.sqrt(norm2);
                for (int k = 0; k < 9; k++) {
                    models[9 * count + k] = models[9 * s + k] * inv;
                }
                count++;
            }
        }
        return count;
    }

    @Override
    public void squaredResiduals(double[] m, int o, int from, int to, double[] out) {
        double m0 = m[o];
        double m1 = m[o + 1];
        double m2 = m[o + 2];
        double m3 = m[o + 3];
        double m4 = m[o + 4];
        double m5 = m[o + 5];
        double m6 = m[o + 6];
        double m7 = m[o + 7];
        double m8 = m[o + 8];
        for (int i = from; i < to; i++) {
            double lbx = m0 * xa[i] + m1 * ya[i] + m2;
            double lby = m3 * xa[i] + m4 * ya[i] + m5;
            double lbz = m6 * xa[i] + m7 * ya[i] + m8;
            double lax = m0 * xb[i] + m3 * yb[i] + m6;
            double lay = m1 * xb[i] + m4 * yb[i] + m7;
            double c = lbx * xb[i] + lby * yb[i] + lbz;
            double q = pixel2XB * lbx * lbx + pixel2YB * lby * lby + pixel2XA * lax * lax + pixel2YA * lay * lay;
            out[i] = q > 0 ? c * c / q : Double.POSITIVE_INFINITY;
        }
    }

    @Override
    public boolean step(double[] model, double[] weights) {
        double[] normal = new double[81];
        double[] gradient = new double[9];
        accumulate(model, weights, normal, gradient);
        Tangent tangent = Tangent.of(model, freeSingularValue());
        double[] d = tangent.derivatives();
        int k = tangent.size();
        double[] a = new double[k * k];
        double[] b = new double[k];
        for (int r = 0; r < k; r++) {
            for (int i = 0; i < 9; i++) {
                b[r] -= d[9 * r + i] * gradient[i];
                double sum = 0;
                for (int j = 0; j < 9; j++) {
                    sum += normal[9 * i + j] * d[9 * r + j];
                }
                for (int c = 0; c <= r; c++) {
                    a[k * r + c] += d[9 * c + i] * sum;
                }
            }
        }
        double trace = 0;
        for (int r = 0; r < k; r++) {
            trace += a[k * r + r];
        }
        for (int r = 0; r < k; r++) {
            // The trace term fixes the gauge: turning U and V together about their third axes changes nothing.
            a[k * r + r] += 1e-6 * a[k * r + r] + 1e-9 * trace;
        }
        return Cholesky.solve(a, b, k) && tangent.move(b, model);
    }

    /** Normal equations of the Sampson residuals in the nine entries of the matrix. */
    private void accumulate(double[] m, double[] weights, double[] normal, double[] gradient) {
        double[] g = new double[9];
        for (int i = 0; i < xa.length; i++) {
            double w = weights[i];
            if (!(w > 0)) {
                continue;
            }
            double lbx = m[0] * xa[i] + m[1] * ya[i] + m[2];
            double lby = m[3] * xa[i] + m[4] * ya[i] + m[5];
            double lbz = m[6] * xa[i] + m[7] * ya[i] + m[8];
            double lax = m[0] * xb[i] + m[3] * yb[i] + m[6];
            double lay = m[1] * xb[i] + m[4] * yb[i] + m[7];
            double c = lbx * xb[i] + lby * yb[i] + lbz;
            double q = pixel2XB * lbx * lbx + pixel2YB * lby * lby + pixel2XA * lax * lax + pixel2YA * lay * lay;
            if (!(q > 0)) {
                continue;
            }
            double s = 1 / Math.sqrt(q);
            double r = c * s;
            // dr = s dc - (r / q) (p2xb lbx dlbx + p2yb lby dlby + p2xa lax dlax + p2ya lay dlay)
            double f = r / q;
            double bx = s * xb[i] - f * pixel2XB * lbx;
            double by = s * yb[i] - f * pixel2YB * lby;
            double ax = f * pixel2XA * lax;
            double ay = f * pixel2YA * lay;
            g[0] = bx * xa[i] - ax * xb[i];
            g[1] = bx * ya[i] - ay * xb[i];
            g[2] = bx;
            g[3] = by * xa[i] - ax * yb[i];
            g[4] = by * ya[i] - ay * yb[i];
            g[5] = by;
            g[6] = s * xa[i] - ax;
            g[7] = s * ya[i] - ay;
            g[8] = s;
            for (int j = 0; j < 9; j++) {
                double wg = w * g[j];
                gradient[j] += wg * r;
                for (int k = 0; k <= j; k++) {
                    normal[9 * j + k] += wg * g[k];
                }
            }
        }
        for (int j = 0; j < 9; j++) {
            for (int k = 0; k < j; k++) {
                normal[9 * k + j] = normal[9 * j + k];
            }
        }
    }
}
