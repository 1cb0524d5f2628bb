package io.github.dinosplat.scene;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The projection of every {@link CameraModel} with its derivatives; formulas at {@link CameraModel}.
 *
 * <p>Each family of models distorts {@code (u, v) = (x/z, y/z)}. It leaves the distorted coordinates in {@code pixel} and, where
 * derivatives are asked for, their 2x2 derivative by (u, v) at indices 0, 1, 3 and 4 of {@code dPoint} and those of the pixel by
 * its distortion coefficients in {@code dParameters}. {@link #toPixels} then does for all models what focal length, principal point
 * and the division by z add.
 */
final class CameraProjection {

    /** Distance from the axis below which the angle over its tangent is 1 to working precision. */
    private static final double NEAR_AXIS = 1e-6;

    private CameraProjection() {}

    /** See {@link CameraModel#project}. */
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
        if (dParameters != null) {
            Arrays.fill(dParameters, 0, 2 * model.parameterCount(), 0);
        }
        switch (model) {
            case SIMPLE_PINHOLE, PINHOLE -> undistorted(u, v, pixel, dPoint);
            case SIMPLE_RADIAL, RADIAL -> radial(model, p, u, v, pixel, dPoint, dParameters);
            case OPENCV -> {
                radial(model, p, u, v, pixel, dPoint, dParameters);
                tangential(model, p, u, v, pixel, dPoint, dParameters);
            }
            case FULL_OPENCV -> {
                rational(model, p, u, v, pixel, dPoint, dParameters);
                tangential(model, p, u, v, pixel, dPoint, dParameters);
            }
            case SIMPLE_RADIAL_FISHEYE, OPENCV_FISHEYE -> fisheye(model, p, u, v, z > 0, pixel, dPoint, dParameters);
        }
        toPixels(model, p, u, v, inverseZ, pixel, dPoint, dParameters);
    }

    private static void undistorted(double u, double v, double[] distorted, double @Nullable [] d) {
        distorted[0] = u;
        distorted[1] = v;
        if (d != null) {
            d[0] = 1;
            d[1] = 0;
            d[3] = 0;
            d[4] = 1;
        }
    }

    /** {@code (u, v)} times a factor that depends on {@code r2} only, with the factor's derivative by {@code r2}. */
    private static void scaled(
            double u, double v, double factor, double dFactor, double[] distorted, double @Nullable [] d) {
        distorted[0] = u * factor;
        distorted[1] = v * factor;
        if (d != null) {
            d[0] = factor + 2 * u * u * dFactor;
            d[1] = 2 * u * v * dFactor;
            d[3] = d[1];
            d[4] = factor + 2 * v * v * dFactor;
        }
    }

    /** The factor {@code 1 + k1 r2 + k2 r2^2}. */
    private static void radial(
            CameraModel model,
            double[] p,
            double u,
            double v,
            double[] distorted,
            double @Nullable [] d,
            double @Nullable [] dParameters) {
        boolean single = model == CameraModel.SIMPLE_RADIAL;
        int k = firstCoefficient(model);
        double k1 = p[k];
        double k2 = single ? 0 : p[k + 1];
        double r2 = u * u + v * v;
        double r4 = r2 * r2;
        scaled(u, v, 1 + k1 * r2 + k2 * r4, k1 + 2 * k2 * r2, distorted, d);
        if (dParameters != null) {
            radialDerivative(model, p, k, u, v, r2, dParameters);
            if (!single) {
                radialDerivative(model, p, k + 1, u, v, r4, dParameters);
            }
        }
    }

    /** The factor {@code (1 + k1 r2 + k2 r2^2 + k3 r2^3) / (1 + k4 r2 + k5 r2^2 + k6 r2^3)}. */
    private static void rational(
            CameraModel model,
            double[] p,
            double u,
            double v,
            double[] distorted,
            double @Nullable [] d,
            double @Nullable [] dParameters) {
        int k = firstCoefficient(model);
        double r2 = u * u + v * v;
        double r4 = r2 * r2;
        double r6 = r4 * r2;
        double numerator = 1 + p[k] * r2 + p[k + 1] * r4 + p[k + 4] * r6;
        double denominator = 1 + p[k + 5] * r2 + p[k + 6] * r4 + p[k + 7] * r6;
        double dNumerator = p[k] + 2 * p[k + 1] * r2 + 3 * p[k + 4] * r4;
        double dDenominator = p[k + 5] + 2 * p[k + 6] * r2 + 3 * p[k + 7] * r4;
        double factor = numerator / denominator;
        scaled(u, v, factor, (dNumerator - factor * dDenominator) / denominator, distorted, d);
        if (dParameters != null) {
            radialDerivative(model, p, k, u, v, r2 / denominator, dParameters);
            radialDerivative(model, p, k + 1, u, v, r4 / denominator, dParameters);
            radialDerivative(model, p, k + 4, u, v, r6 / denominator, dParameters);
            double s = -factor / denominator;
            radialDerivative(model, p, k + 5, u, v, s * r2, dParameters);
            radialDerivative(model, p, k + 6, u, v, s * r4, dParameters);
            radialDerivative(model, p, k + 7, u, v, s * r6, dParameters);
        }
    }

    /** Adds the tangential distortion by p1 and p2. */
    private static void tangential(
            CameraModel model,
            double[] p,
            double u,
            double v,
            double[] distorted,
            double @Nullable [] d,
            double @Nullable [] dParameters) {
        int k = firstCoefficient(model) + 2;
        double p1 = p[k];
        double p2 = p[k + 1];
        double r2 = u * u + v * v;
        distorted[0] += 2 * p1 * u * v + p2 * (r2 + 2 * u * u);
        distorted[1] += 2 * p2 * u * v + p1 * (r2 + 2 * v * v);
        if (d != null) {
            d[0] += 2 * p1 * v + 6 * p2 * u;
            d[1] += 2 * p1 * u + 2 * p2 * v;
            d[3] += 2 * p2 * v + 2 * p1 * u;
            d[4] += 2 * p2 * u + 6 * p1 * v;
        }
        if (dParameters != null) {
            int n = model.parameterCount();
            double fx = p[0];
            double fy = p[model.focalCount() - 1];
            dParameters[k] = fx * 2 * u * v;
            dParameters[n + k] = fy * (r2 + 2 * v * v);
            dParameters[k + 1] = fx * (r2 + 2 * u * u);
            dParameters[n + k + 1] = fy * 2 * u * v;
        }
    }

    /** The factor {@code theta / r * (1 + k1 theta^2 + k2 theta^4 + ...)} with the angle theta off the axis. */
    private static void fisheye(
            CameraModel model,
            double[] p,
            double u,
            double v,
            boolean inFront,
            double[] distorted,
            double @Nullable [] d,
            double @Nullable [] dParameters) {
        int k = firstCoefficient(model);
        int terms = model.parameterCount() - k;
        double r2 = u * u + v * v;
        double r = Math.sqrt(r2);
        boolean nearAxis = r < NEAR_AXIS;
        double theta = inFront ? Math.atan(r) : Math.PI - Math.atan(r);
        double side = inFront ? 1 : -1;
        double t2 = theta * theta;
        double polynomial = 1;
        double dThetaD = 1;
        double power = 1;
        for (int i = 0; i < terms; i++) {
            power *= t2;
            polynomial += p[k + i] * power;
            dThetaD += (2 * i + 3) * p[k + i] * power;
        }
        double factor = nearAxis ? polynomial : side * theta * polynomial / r;
        // On the axis its contribution vanishes with u and v.
        double dFactor = nearAxis ? 0 : (dThetaD / (1 + r2) - factor) / (2 * r2);
        scaled(u, v, factor, dFactor, distorted, d);
        if (dParameters != null) {
            power = nearAxis ? 1 : side * theta / r;
            for (int i = 0; i < terms; i++) {
                power *= t2;
                radialDerivative(model, p, k + i, u, v, power, dParameters);
            }
        }
    }

    /** From distorted coordinates to pixels, from their derivatives by (u, v) to those of the pixel by the point. */
    private static void toPixels(
            CameraModel model,
            double[] p,
            double u,
            double v,
            double inverseZ,
            double[] pixel,
            double @Nullable [] dPoint,
            double @Nullable [] dParameters) {
        int c = model.focalCount();
        double fx = p[0];
        double fy = p[c - 1];
        if (dParameters != null) {
            int n = model.parameterCount();
            dParameters[0] = pixel[0];
            dParameters[n + c - 1] = pixel[1];
            dParameters[c] = 1;
            dParameters[n + c + 1] = 1;
        }
        pixel[0] = fx * pixel[0] + p[c];
        pixel[1] = fy * pixel[1] + p[c + 1];
        if (dPoint != null) {
            dPoint[2] = -fx * (dPoint[0] * u + dPoint[1] * v) * inverseZ;
            dPoint[5] = -fy * (dPoint[3] * u + dPoint[4] * v) * inverseZ;
            dPoint[0] = fx * dPoint[0] * inverseZ;
            dPoint[1] = fx * dPoint[1] * inverseZ;
            dPoint[3] = fy * dPoint[3] * inverseZ;
            dPoint[4] = fy * dPoint[4] * inverseZ;
        }
    }

    /** Where the distortion coefficients begin: behind the focal lengths and the principal point. */
    private static int firstCoefficient(CameraModel model) {
        return model.focalCount() + 2;
    }

    /** Sets the pixel's derivative by a coefficient that adds {@code weight} times itself to the radial factor. */
    private static void radialDerivative(
            CameraModel model, double[] p, int coefficient, double u, double v, double weight, double[] dParameters) {
        dParameters[coefficient] = p[0] * u * weight;
        dParameters[model.parameterCount() + coefficient] = p[model.focalCount() - 1] * v * weight;
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
        int k = firstCoefficient(model);
        int terms = model.parameterCount() - k;
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
}
