package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;

/** The covariance of a Gaussian in the world frame, as an operator. */
final class Covariance {

    private Covariance() {}

    /** Replaces a vector, x from a place on, by the covariance of Gaussian i times the vector: {@code R S S R^T x}. */
    static void multiply(Gaussians gaussians, int i, double[] x, int at) {
        float[] q = gaussians.quaternions();
        double w = q[4 * i];
        double a = q[4 * i + 1];
        double b = q[4 * i + 2];
        double c = q[4 * i + 3];
        double s = 2 / (w * w + a * a + b * b + c * c);
        double r00 = 1 - s * (b * b + c * c);
        double r10 = s * (a * b + w * c);
        double r20 = s * (a * c - w * b);
        double r01 = s * (a * b - w * c);
        double r11 = 1 - s * (a * a + c * c);
        double r21 = s * (b * c + w * a);
        double r02 = s * (a * c + w * b);
        double r12 = s * (b * c - w * a);
        double r22 = 1 - s * (a * a + b * b);
        float[] log = gaussians.logScales();
        double y0 = Math.exp(2 * log[3 * i]) * (r00 * x[at] + r10 * x[at + 1] + r20 * x[at + 2]);
        double y1 = Math.exp(2 * log[3 * i + 1]) * (r01 * x[at] + r11 * x[at + 1] + r21 * x[at + 2]);
        double y2 = Math.exp(2 * log[3 * i + 2]) * (r02 * x[at] + r12 * x[at + 1] + r22 * x[at + 2]);
        x[at] = r00 * y0 + r01 * y1 + r02 * y2;
        x[at + 1] = r10 * y0 + r11 * y1 + r12 * y2;
        x[at + 2] = r20 * y0 + r21 * y1 + r22 * y2;
    }
}
