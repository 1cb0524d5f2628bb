package io.github.dinosplat.matching.robust;

/** The directions in which a 3x3 matrix {@code U diag(1, s, 0) V'} can move and still be of that form. */
final class Tangent {

    private static final double[][] AXES = {
        {0, 0, 0, 0, 0, -1, 0, 1, 0}, {0, 0, 1, 0, 0, 0, -1, 0, 0}, {0, -1, 0, 1, 0, 0, 0, 0, 0}
    };

    private final double[] u;
    private final double[] v;
    private final double s;
    private final boolean freeSingularValue;

    private Tangent(double[] u, double[] v, double s, boolean freeSingularValue) {
        this.u = u;
        this.v = v;
        this.s = s;
        this.freeSingularValue = freeSingularValue;
    }

    /** At the matrix of that form nearest to {@code model}. */
    static Tangent of(double[] model, boolean freeSingularValue) {
        Matrix3.Svd svd = Matrix3.svd(model);
        double ratio = svd.s()[0] > 0 ? svd.s()[1] / svd.s()[0] : 1;
        return new Tangent(svd.u(), svd.v(), freeSingularValue ? ratio : 1, freeSingularValue);
    }

    /** Number of directions. */
    int size() {
        return freeSingularValue ? 7 : 6;
    }

    /** [size, 9] derivatives of the matrix, scaled to Frobenius norm 1, by turns of U, turns of V and s. */
    double[] derivatives() {
        double[] out = new double[9 * size()];
        double scale = 1 / Math.sqrt(1 + s * s);
        double[] diagonal = {1, 0, 0, 0, s, 0, 0, 0, 0};
        double[] vt = Matrix3.transpose(v);
        for (int k = 0; k < 3; k++) {
            double[] left = Matrix3.multiply(Matrix3.multiply(u, Matrix3.multiply(AXES[k], diagonal)), vt);
            double[] right = Matrix3.multiply(Matrix3.multiply(u, Matrix3.multiply(diagonal, AXES[k])), vt);
            for (int i = 0; i < 9; i++) {
                out[9 * k + i] = scale * left[i];
                out[9 * (k + 3) + i] = -scale * right[i];
            }
        }
        if (freeSingularValue) {
            double[] middle = Matrix3.multiply(Matrix3.multiply(u, new double[] {0, 0, 0, 0, 1, 0, 0, 0, 0}), vt);
            for (int i = 0; i < 9; i++) {
                out[54 + i] = scale * middle[i];
            }
        }
        return out;
    }

    /** Writes the matrix after a move along the directions; false if the move is not finite. */
    boolean move(double[] step, double[] model) {
        double[] newU = Matrix3.multiply(u, Matrix3.rotation(step[0], step[1], step[2]));
        double[] newV = Matrix3.multiply(v, Matrix3.rotation(step[3], step[4], step[5]));
        double newS = freeSingularValue ? s + step[6] : 1;
        double[] m = Matrix3.normalise(Matrix3.multiply(
                Matrix3.multiply(newU, new double[] {1, 0, 0, 0, newS, 0, 0, 0, 0}), Matrix3.transpose(newV)));
        for (double value : m) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        System.arraycopy(m, 0, model, 0, 9);
        return true;
    }
}
