package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;

/** The covariance of a Gaussian in the world frame, as an operator. */
final class Covariance {

    private Covariance() {}

    /** Replaces a vector, x from a place on, by the covariance of Gaussian i times the vector: {@code R S S R^T x}. */
    static void multiply(Gaussians gaussians, int i, float[] x, int at) {
        float[] q = gaussians.quaternions();
        float w = q[4 * i];
        float a = q[4 * i + 1];
        float b = q[4 * i + 2];
        float c = q[4 * i + 3];
        float s = 2 / (w * w + a * a + b * b + c * c);
        float r00 = 1 - s * (b * b + c * c);
        float r10 = s * (a * b + w * c);
        float r20 = s * (a * c - w * b);
        float r01 = s * (a * b - w * c);
        float r11 = 1 - s * (a * a + c * c);
        float r21 = s * (b * c + w * a);
        float r02 = s * (a * c + w * b);
        float r12 = s * (b * c - w * a);
        float r22 = 1 - s * (a * a + b * b);
        float[] log = gaussians.logScales();
        float y0 = FloatMath.exp(2 * log[3 * i]) * (r00 * x[at] + r10 * x[at + 1] + r20 * x[at + 2]);
        float y1 = FloatMath.exp(2 * log[3 * i + 1]) * (r01 * x[at] + r11 * x[at + 1] + r21 * x[at + 2]);
        float y2 = FloatMath.exp(2 * log[3 * i + 2]) * (r02 * x[at] + r12 * x[at + 1] + r22 * x[at + 2]);
        x[at] = r00 * y0 + r01 * y1 + r02 * y2;
        x[at + 1] = r10 * y0 + r11 * y1 + r12 * y2;
        x[at + 2] = r20 * y0 + r21 * y1 + r22 * y2;
    }
}
