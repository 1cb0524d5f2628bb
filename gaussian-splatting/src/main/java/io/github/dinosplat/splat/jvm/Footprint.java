package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;

/**
 * One Gaussian on its way to the screen and back (Ye et al. 2023, "Mathematical supplement for gsplat"): where it falls,
 * its covariance there as {@code B B^T} with {@code B = K R S}, and the gradients by all of that. A worker fills one and
 * the same object for each Gaussian in turn, so that nothing is allocated.
 */
final class Footprint {

    /** The least factor by which the low-pass dims a Gaussian. */
    static final float MIN_COMPENSATION = 0.005f;

    /** The mean less the camera centre, world frame. */
    float dx;

    float dy;
    float dz;

    /** Pixel and depth. */
    float x;

    float y;
    float depth;

    /** Position on the image plane: x/z and y/z of a pinhole, x and y of a parallel projection. */
    float u;

    float v;

    /** K, the derivative of the pixel by the world position. */
    float k00;

    float k01;
    float k02;
    float k10;
    float k11;
    float k12;

    /** Unit viewing direction, world frame. */
    float nx;

    float ny;
    float nz;

    /** The unit quaternion, and one over the length it had. */
    private float qw;

    private float qx;
    private float qy;
    private float qz;
    private float inverseNorm;

    /** World from axes. */
    private float r00;

    private float r01;
    private float r02;
    private float r10;
    private float r11;
    private float r12;
    private float r20;
    private float r21;
    private float r22;

    private float s0;
    private float s1;
    private float s2;

    private float b00;
    private float b01;
    private float b02;
    private float b10;
    private float b11;
    private float b12;

    /** Covariance on the screen with its low-pass, and its determinant with and without. */
    float xx;

    float xy;
    float yy;
    float det;
    private float detBefore;

    /** Gradients by pixel and depth, by K, and by the mean and a rotation of the camera frame. */
    float byX;

    float byY;
    float byDepth;
    float dk00;
    float dk01;
    float dk02;
    float dk10;
    float dk11;
    float dk12;
    float meanX;
    float meanY;
    float meanZ;
    float turnX;
    float turnY;
    float turnZ;

    /** Locates Gaussian i; returns whether it is in front of the camera. */
    boolean locate(Gaussians gaussians, int i, Projection view) {
        float[] means = gaussians.means();
        dx = (float) (means[3 * i] - view.centreX);
        dy = (float) (means[3 * i + 1] - view.centreY);
        dz = (float) (means[3 * i + 2] - view.centreZ);
        return view.locate(this);
    }

    /** The covariance on the screen of Gaussian i, which was located, with standard deviations read from an array. */
    void shape(Gaussians gaussians, int i, float[] scales) {
        float[] q = gaussians.quaternions();
        float w = q[4 * i];
        float a = q[4 * i + 1];
        float b = q[4 * i + 2];
        float c = q[4 * i + 3];
        inverseNorm = 1 / (float) Math.sqrt(w * w + a * a + b * b + c * c);
        qw = w * inverseNorm;
        qx = a * inverseNorm;
        qy = b * inverseNorm;
        qz = c * inverseNorm;
        r00 = 1 - 2 * (qy * qy + qz * qz);
        r10 = 2 * (qx * qy + qw * qz);
        r20 = 2 * (qx * qz - qw * qy);
        r01 = 2 * (qx * qy - qw * qz);
        r11 = 1 - 2 * (qx * qx + qz * qz);
        r21 = 2 * (qy * qz + qw * qx);
        r02 = 2 * (qx * qz + qw * qy);
        r12 = 2 * (qy * qz - qw * qx);
        r22 = 1 - 2 * (qx * qx + qy * qy);
        s0 = scales[3 * i];
        s1 = scales[3 * i + 1];
        s2 = scales[3 * i + 2];
        b00 = s0 * (k00 * r00 + k01 * r10 + k02 * r20);
        b10 = s0 * (k10 * r00 + k11 * r10 + k12 * r20);
        b01 = s1 * (k00 * r01 + k01 * r11 + k02 * r21);
        b11 = s1 * (k10 * r01 + k11 * r11 + k12 * r21);
        b02 = s2 * (k00 * r02 + k01 * r12 + k02 * r22);
        b12 = s2 * (k10 * r02 + k11 * r12 + k12 * r22);
        xx = b00 * b00 + b01 * b01 + b02 * b02 + Projection.LOW_PASS;
        xy = b00 * b10 + b01 * b11 + b02 * b12;
        yy = b10 * b10 + b11 * b11 + b12 * b12 + Projection.LOW_PASS;
        // As a sum of squares: xx * yy - xy * xy would cancel for long thin Gaussians.
        float minor0 = b00 * b11 - b01 * b10;
        float minor1 = b00 * b12 - b02 * b10;
        float minor2 = b01 * b12 - b02 * b11;
        detBefore = minor0 * minor0 + minor1 * minor1 + minor2 * minor2;
        det = detBefore + Projection.LOW_PASS * (xx + yy - Projection.LOW_PASS);
    }

    /** What the low-pass adds to the area, to be taken from the opacity (Yu et al. 2024, "Mip-Splatting", eq. 9). */
    float compensation() {
        return Math.max(MIN_COMPENSATION, (float) Math.sqrt(detBefore / det));
    }

    /**
     * Takes the gradient by the covariance to {@code dk00} to {@code dk12} and to the parameters of the shape.
     *
     * @param g00 gradient by the covariance on the screen, symmetric
     * @param g01 likewise
     * @param g11 likewise
     * @param logScales receives three values from {@code 3 * g} on
     * @param quaternions receives four values from {@code 4 * g} on
     */
    void shapeGradient(float g00, float g01, float g11, float[] logScales, float[] quaternions, int g) {
        // dB = 2 G B.
        float db00 = 2 * (g00 * b00 + g01 * b10);
        float db10 = 2 * (g01 * b00 + g11 * b10);
        float db01 = 2 * (g00 * b01 + g01 * b11);
        float db11 = 2 * (g01 * b01 + g11 * b11);
        float db02 = 2 * (g00 * b02 + g01 * b12);
        float db12 = 2 * (g01 * b02 + g11 * b12);
        logScales[3 * g] = db00 * b00 + db10 * b10;
        logScales[3 * g + 1] = db01 * b01 + db11 * b11;
        logScales[3 * g + 2] = db02 * b02 + db12 * b12;
        // dK = dB (R S)^T and dR = K^T (dB S).
        float e00 = db00 * s0;
        float e10 = db10 * s0;
        float e01 = db01 * s1;
        float e11 = db11 * s1;
        float e02 = db02 * s2;
        float e12 = db12 * s2;
        dk00 = e00 * r00 + e01 * r01 + e02 * r02;
        dk01 = e00 * r10 + e01 * r11 + e02 * r12;
        dk02 = e00 * r20 + e01 * r21 + e02 * r22;
        dk10 = e10 * r00 + e11 * r01 + e12 * r02;
        dk11 = e10 * r10 + e11 * r11 + e12 * r12;
        dk12 = e10 * r20 + e11 * r21 + e12 * r22;
        float dr00 = k00 * e00 + k10 * e10;
        float dr01 = k00 * e01 + k10 * e11;
        float dr02 = k00 * e02 + k10 * e12;
        float dr10 = k01 * e00 + k11 * e10;
        float dr11 = k01 * e01 + k11 * e11;
        float dr12 = k01 * e02 + k11 * e12;
        float dr20 = k02 * e00 + k12 * e10;
        float dr21 = k02 * e01 + k12 * e11;
        float dr22 = k02 * e02 + k12 * e12;
        float dw = 2 * (qz * (dr10 - dr01) + qy * (dr02 - dr20) + qx * (dr21 - dr12));
        float dqx = 2 * (qy * (dr01 + dr10) + qz * (dr02 + dr20) + qw * (dr21 - dr12) - 2 * qx * (dr11 + dr22));
        float dqy = 2 * (qx * (dr01 + dr10) + qz * (dr12 + dr21) + qw * (dr02 - dr20) - 2 * qy * (dr00 + dr22));
        float dqz = 2 * (qx * (dr02 + dr20) + qy * (dr12 + dr21) + qw * (dr10 - dr01) - 2 * qz * (dr00 + dr11));
        float along = dw * qw + dqx * qx + dqy * qy + dqz * qz;
        quaternions[4 * g] = (dw - along * qw) * inverseNorm;
        quaternions[4 * g + 1] = (dqx - along * qx) * inverseNorm;
        quaternions[4 * g + 2] = (dqy - along * qy) * inverseNorm;
        quaternions[4 * g + 3] = (dqz - along * qz) * inverseNorm;
    }

    /**
     * Half of the inverse covariance before the low-pass: with {@link #compensation} in force, the logarithm of opacity
     * grows by this less half of the conic, along the covariance. Zero where the compensation is at its least.
     *
     * @param out receives the entries xx, xy, yy
     * @return whether the compensation moves at all
     */
    boolean halfInverseBefore(float[] out) {
        float least = MIN_COMPENSATION * MIN_COMPENSATION;
        if (!(detBefore > least * det)) {
            return false;
        }
        float factor = 0.5f / detBefore;
        out[0] = factor * (yy - Projection.LOW_PASS);
        out[1] = -factor * xy;
        out[2] = factor * (xx - Projection.LOW_PASS);
        return true;
    }
}
