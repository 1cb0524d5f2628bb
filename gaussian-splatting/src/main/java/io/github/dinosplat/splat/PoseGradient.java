package io.github.dinosplat.splat;

/**
 * The gradient of a loss by a view's pose, in the tangent space on the camera's side: a step of {@code (v, w)} moves a
 * point p of the camera frame to {@code p + v + w x p} to first order, so {@code camFromWorld} becomes
 * {@code exp(v, w) * camFromWorld}.
 *
 * @param vx by the translation along the camera's x axis, per scene unit
 * @param vy along y
 * @param vz along z
 * @param wx by the rotation about the camera's x axis, per radian
 * @param wy about y
 * @param wz about z
 */
public record PoseGradient(double vx, double vy, double vz, double wx, double wy, double wz) {

    /** The gradient of a loss that does not depend on the pose. */
    public static final PoseGradient ZERO = new PoseGradient(0, 0, 0, 0, 0, 0);
}
