package io.github.dinosplat.splat.jvm;

/**
 * Real spherical harmonics up to degree 3 in the order and with the signs that 3-D Gaussian splatting files use, as
 * polynomials of a unit direction (Sloan 2013, appendix A2, with the Condon-Shortley phase).
 */
final class SphericalHarmonics {

    static final float C0 = 0.28209479177387814f;
    private static final float C1 = 0.4886025119029199f;
    private static final float C20 = 1.0925484305920792f;
    private static final float C22 = 0.31539156525252005f;
    private static final float C24 = 0.5462742152960396f;
    private static final float C30 = 0.5900435899266435f;
    private static final float C31 = 2.890611442640554f;
    private static final float C32 = 0.4570457994644658f;
    private static final float C33 = 0.3731763325901154f;
    private static final float C35 = 1.445305721320277f;

    private SphericalHarmonics() {}

    /** How many coefficients a degree has. */
    static int count(int degree) {
        return (degree + 1) * (degree + 1);
    }

    /** The basis at a direction; fills {@code (degree + 1)^2} values. */
    static void basis(int degree, float x, float y, float z, float[] out) {
        out[0] = C0;
        if (degree < 1) {
            return;
        }
        out[1] = -C1 * y;
        out[2] = C1 * z;
        out[3] = -C1 * x;
        if (degree < 2) {
            return;
        }
        float xx = x * x;
        float yy = y * y;
        float zz = z * z;
        out[4] = C20 * x * y;
        out[5] = -C20 * y * z;
        out[6] = C22 * (2 * zz - xx - yy);
        out[7] = -C20 * x * z;
        out[8] = C24 * (xx - yy);
        if (degree < 3) {
            return;
        }
        out[9] = -C30 * y * (3 * xx - yy);
        out[10] = C31 * x * y * z;
        out[11] = -C32 * y * (4 * zz - xx - yy);
        out[12] = C33 * z * (2 * zz - 3 * xx - 3 * yy);
        out[13] = -C32 * x * (4 * zz - xx - yy);
        out[14] = C35 * z * (xx - yy);
        out[15] = -C30 * x * (xx - 3 * yy);
    }

    /**
     * The gradient by the direction of a weighted sum of the basis.
     *
     * @param weight weights of the basis functions
     * @param out receives the three derivatives, of the polynomials as they stand (not projected to the sphere)
     */
    static void gradient(int degree, float x, float y, float z, float[] weight, float[] out) {
        out[0] = 0;
        out[1] = 0;
        out[2] = 0;
        if (degree < 1) {
            return;
        }
        float gx = -C1 * weight[3];
        float gy = -C1 * weight[1];
        float gz = C1 * weight[2];
        if (degree >= 2) {
            gx += C20 * (y * weight[4] - z * weight[7]) + 2 * x * (C24 * weight[8] - C22 * weight[6]);
            gy += C20 * (x * weight[4] - z * weight[5]) - 2 * y * (C24 * weight[8] + C22 * weight[6]);
            gz += 4 * C22 * z * weight[6] - C20 * (y * weight[5] + x * weight[7]);
        }
        if (degree >= 3) {
            float xx = x * x;
            float yy = y * y;
            float zz = z * z;
            gx += -6 * C30 * x * y * weight[9]
                    + C31 * y * z * weight[10]
                    + 2 * C32 * x * y * weight[11]
                    - 6 * C33 * x * z * weight[12]
                    - C32 * (4 * zz - 3 * xx - yy) * weight[13]
                    + 2 * C35 * x * z * weight[14]
                    - 3 * C30 * (xx - yy) * weight[15];
            gy += -3 * C30 * (xx - yy) * weight[9]
                    + C31 * x * z * weight[10]
                    - C32 * (4 * zz - xx - 3 * yy) * weight[11]
                    - 6 * C33 * y * z * weight[12]
                    + 2 * C32 * x * y * weight[13]
                    - 2 * C35 * y * z * weight[14]
                    + 6 * C30 * x * y * weight[15];
            gz += C31 * x * y * weight[10]
                    - 8 * C32 * y * z * weight[11]
                    + 3 * C33 * (2 * zz - xx - yy) * weight[12]
                    - 8 * C32 * x * z * weight[13]
                    + C35 * (xx - yy) * weight[14];
        }
        out[0] = gx;
        out[1] = gy;
        out[2] = gz;
    }
}
