package io.github.dinosplat.scene;

import org.joml.Matrix3d;
import org.joml.Quaterniond;
import org.joml.Quaterniondc;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * A rigid motion of 3-D space: {@code xInTarget = rotation * xInSource + translation}.
 *
 * <p>Named {@code targetFromSource} where it is used, so that compositions read by cancelling:
 * {@code camFromBody.compose(bodyFromWorld)} is {@code camFromWorld}. Immutable: the constructor copies and normalises.
 *
 * @param rotation unit quaternion
 * @param translation translation in the target frame, in scene units
 */
public record Rigid3(Quaterniondc rotation, Vector3dc translation) {

    /** The motion that changes nothing. */
    public static final Rigid3 IDENTITY = new Rigid3(new Quaterniond(), new Vector3d());

    /**
     * Copies both parts and normalises the rotation.
     *
     * @throws IllegalArgumentException if the rotation is zero or any value is not finite
     */
    public Rigid3 {
        double norm2 = rotation.lengthSquared();
        if (!(norm2 > 0) || Double.isInfinite(norm2) || !translation.isFinite()) {
            throw new IllegalArgumentException(
                    "a rigid motion needs a finite translation and a non-zero rotation but was " + rotation + ", "
                            + translation);
        }
        // A unit quaternion stays as it is to the last bit, so that poses survive a file.
        rotation = Math.abs(norm2 - 1) < 2e-15 ? new Quaterniond(rotation) : new Quaterniond(rotation).normalize();
        translation = new Vector3d(translation);
    }

    /**
     * The rigid motion with a rotation matrix given row by row.
     *
     * @param rowMajor nine entries of a rotation matrix, row by row
     * @param translation translation in the target frame
     * @return the motion
     */
    public static Rigid3 of(double[] rowMajor, Vector3dc translation) {
        Matrix3d m = new Matrix3d(
                rowMajor[0],
                rowMajor[3],
                rowMajor[6],
                rowMajor[1],
                rowMajor[4],
                rowMajor[7],
                rowMajor[2],
                rowMajor[5],
                rowMajor[8]);
        return new Rigid3(new Quaterniond().setFromNormalized(m), translation);
    }

    /**
     * The nine entries of the rotation matrix.
     *
     * @return a new array, row by row
     */
    public double[] rotationRowMajor() {
        Matrix3d m = rotation.get(new Matrix3d());
        return new double[] {m.m00, m.m10, m.m20, m.m01, m.m11, m.m21, m.m02, m.m12, m.m22};
    }

    /**
     * Moves a point.
     *
     * @param pointInSource the point; not changed
     * @return a new vector in the target frame
     */
    public Vector3d transform(Vector3dc pointInSource) {
        return rotation.transform(pointInSource, new Vector3d()).add(translation);
    }

    /**
     * This motion after another.
     *
     * @param sourceFromOther the motion that is applied first
     * @return {@code targetFromOther}
     */
    public Rigid3 compose(Rigid3 sourceFromOther) {
        return new Rigid3(
                rotation.mul(sourceFromOther.rotation, new Quaterniond()), transform(sourceFromOther.translation));
    }

    /**
     * The motion back.
     *
     * @return {@code sourceFromTarget}
     */
    public Rigid3 inverse() {
        Quaterniond back = rotation.conjugate(new Quaterniond());
        return new Rigid3(back, back.transform(translation, new Vector3d()).negate());
    }

    /**
     * The origin of the target frame in the source frame: for {@code camFromWorld}, the camera centre in the world.
     *
     * @return a new vector
     */
    public Vector3d targetOriginInSource() {
        return rotation.transformInverse(translation, new Vector3d()).negate();
    }

    /**
     * The angle of the rotation that takes one motion's rotation to another's.
     *
     * @param other the other motion
     * @return angle in radians, from 0 to pi
     */
    public double rotationAngleTo(Rigid3 other) {
        Quaterniond d = rotation.conjugate(new Quaterniond()).mul(other.rotation);
        return 2 * Math.atan2(Math.sqrt(d.x * d.x + d.y * d.y + d.z * d.z), Math.abs(d.w));
    }
}
