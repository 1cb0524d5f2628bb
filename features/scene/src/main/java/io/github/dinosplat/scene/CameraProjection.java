package io.github.dinosplat.scene;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The projection of every {@link CameraModel} with its derivatives; formulas at {@link CameraModel}. */
final class CameraProjection {

    private CameraProjection() {}

    static void project(
            CameraModel model,
            double[] p,
            double x,
            double y,
            double z,
            double[] pixel,
            double @Nullable [] dPoint,
            double @Nullable [] dParameters) {
        double inverseZ = 1 / z;
        double u = x * inverseZ;
        double v = y * inverseZ;
        boolean shared = model.focalCount() == 1;
        double fx = p[0];
        double fy = shared ? p[0] : p[1];
        int c = model.focalCount();
        int k = c + 2;
        int n = model.parameterCount();

        // Distorted coordinates ud, vd with their 2x2 derivative by (u, v); derivatives by coefficients go straight
        // out.
        double ud = u;
        double vd = v;
        double udu = 1;
        double udv = 0;
        double vdu = 0;
        double vdv = 1;
        if (dParameters != null) {
            Arrays.fill(dParameters, 0, 2 * n, 0);
        }
        double r2 = u * u + v * v;
        switch (model) {
            case SIMPLE_PINHOLE, PINHOLE -> {}
            case SIMPLE_RADIAL, RADIAL, OPENCV, FULL_OPENCV -> {
                double k1 = p[k];
                double k2 = model == CameraModel.SIMPLE_RADIAL ? 0 : p[k + 1];
                boolean tangential = model == CameraModel.OPENCV || model == CameraModel.FULL_OPENCV;
                boolean rational = model == CameraModel.FULL_OPENCV;
                double r4 = r2 * r2;
                double r6 = r4 * r2;
                double numerator = 1 + k1 * r2 + k2 * r4 + (rational ? p[k + 4] * r6 : 0);
                double denominator = rational ? 1 + p[k + 5] * r2 + p[k + 6] * r4 + p[k + 7] * r6 : 1;
                double dNumerator = k1 + 2 * k2 * r2 + (rational ? 3 * p[k + 4] * r4 : 0);
                double dDenominator = rational ? p[k + 5] + 2 * p[k + 6] * r2 + 3 * p[k + 7] * r4 : 0;
                double radial = numerator / denominator;
                double dRadial = (dNumerator - radial * dDenominator) / denominator;
                ud = u * radial;
                vd = v * radial;
                udu = radial + 2 * u * u * dRadial;
                udv = 2 * u * v * dRadial;
                vdu = udv;
                vdv = radial + 2 * v * v * dRadial;
                if (tangential) {
                    double p1 = p[k + 2];
                    double p2 = p[k + 3];
                    ud += 2 * p1 * u * v + p2 * (r2 + 2 * u * u);
                    vd += 2 * p2 * u * v + p1 * (r2 + 2 * v * v);
                    udu += 2 * p1 * v + 6 * p2 * u;
                    udv += 2 * p1 * u + 2 * p2 * v;
                    vdu += 2 * p2 * v + 2 * p1 * u;
                    vdv += 2 * p2 * u + 6 * p1 * v;
                }
                if (dParameters != null) {
                    coefficient(dParameters, n, k, fx, fy, u, v, r2 / denominator);
                    if (model != CameraModel.SIMPLE_RADIAL) {
                        coefficient(dParameters, n, k + 1, fx, fy, u, v, r4 / denominator);
                    }
                    if (tangential) {
                        dParameters[k + 2] = fx * 2 * u * v;
                        dParameters[n + k + 2] = fy * (r2 + 2 * v * v);
                        dParameters[k + 3] = fx * (r2 + 2 * u * u);
                        dParameters[n + k + 3] = fy * 2 * u * v;
                    }
                    if (rational) {
                        coefficient(dParameters, n, k + 4, fx, fy, u, v, r6 / denominator);
                        double s = -radial / denominator;
                        coefficient(dParameters, n, k + 5, fx, fy, u, v, s * r2);
                        coefficient(dParameters, n, k + 6, fx, fy, u, v, s * r4);
                        coefficient(dParameters, n, k + 7, fx, fy, u, v, s * r6);
                    }
                }
            }
            case SIMPLE_RADIAL_FISHEYE, OPENCV_FISHEYE -> {
                double r = Math.sqrt(r2);
                // Near the axis theta/r is 1 - r^2/3 to working precision.
                boolean nearAxis = r < 1e-6;
                double theta = z > 0 ? Math.atan(r) : Math.PI - Math.atan(r);
                double side = z > 0 ? 1 : -1;
                double t2 = theta * theta;
                int terms = model == CameraModel.OPENCV_FISHEYE ? 4 : 1;
                double factor = 1;
                double dThetaD = 1;
                double power = 1;
                for (int i = 0; i < terms; i++) {
                    power *= t2;
                    factor += p[k + i] * power;
                    dThetaD += (2 * i + 3) * p[k + i] * power;
                }
                double scale = nearAxis ? factor : side * theta * factor / r;
                // d(scale)/d(r^2); on the axis the contribution vanishes with u and v.
                double dScale = nearAxis ? 0 : (dThetaD / (1 + r2) - scale) / (2 * r2);
                ud = u * scale;
                vd = v * scale;
                udu = scale + 2 * u * u * dScale;
                udv = 2 * u * v * dScale;
                vdu = udv;
                vdv = scale + 2 * v * v * dScale;
                if (dParameters != null) {
                    power = nearAxis ? 1 : side * theta / r;
                    for (int i = 0; i < terms; i++) {
                        power *= t2;
                        coefficient(dParameters, n, k + i, fx, fy, u, v, power);
                    }
                }
            }
        }
        pixel[0] = fx * ud + p[c];
        pixel[1] = fy * vd + p[c + 1];
        if (dPoint != null) {
            dPoint[0] = fx * udu * inverseZ;
            dPoint[1] = fx * udv * inverseZ;
            dPoint[2] = -fx * (udu * u + udv * v) * inverseZ;
            dPoint[3] = fy * vdu * inverseZ;
            dPoint[4] = fy * vdv * inverseZ;
            dPoint[5] = -fy * (vdu * u + vdv * v) * inverseZ;
        }
        if (dParameters != null) {
            dParameters[0] = ud;
            dParameters[n + (shared ? 0 : 1)] = vd;
            dParameters[c] = 1;
            dParameters[n + c + 1] = 1;
        }
    }

    /**
     * The angle off the axis that a fisheye shows at a distance from its centre, by Newton's method kept within the range
     * in which the distance grows with the angle.
     *
     * @param model a fisheye model
     * @param p its parameters
     * @param radius distance from the principal point over the focal length
     * @return angle in radians, or NaN when no angle up to 180 degrees is shown there
     */
    static double fisheyeAngle(CameraModel model, double[] p, double radius) {
        int k = model.focalCount() + 2;
        int terms = model == CameraModel.OPENCV_FISHEYE ? 4 : 1;
        double low = 0;
        double high = Math.PI;
        double theta = Math.min(radius, Math.PI);
        for (int i = 0; i < 100; i++) {
            double t2 = theta * theta;
            double power = 1;
            double value = 1;
            double slope = 1;
            for (int j = 0; j < terms; j++) {
                power *= t2;
                value += p[k + j] * power;
                slope += (2 * j + 3) * p[k + j] * power;
            }
            double excess = theta * value - radius;
            // Past the turning point of the polynomial the angle is too large whatever the distance says.
            if (excess > 0 || slope <= 0) {
                high = theta;
            } else {
                low = theta;
            }
            double next = theta - excess / slope;
            if (slope > 0 && Math.abs(excess) < 1e-15 * (1 + radius)) {
                return theta;
            }
            if (!(slope > 0) || next <= low || next >= high) {
                next = (low + high) / 2;
            }
            if (next == theta) {
                return Math.abs(excess) < 1e-12 * (1 + radius) ? theta : Double.NaN;
            }
            theta = next;
        }
        return Double.NaN;
    }

    /** A coefficient that scales (u, v) radially by {@code weight} times itself. */
    private static void coefficient(
            double[] dParameters, int n, int index, double fx, double fy, double u, double v, double weight) {
        dParameters[index] = fx * u * weight;
        dParameters[n + index] = fy * v * weight;
    }
}
