package io.github.dinosplat.scene;

import org.joml.Quaterniond;
import org.joml.Quaterniondc;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * A similarity of 3-D space: {@code xInTarget = scale * rotation * xInSource + translation}.
 *
 * @param scale positive length of a source unit in target units
 * @param rotation unit quaternion
 * @param translation translation in the target frame
 */
public record Similarity3(double scale, Quaterniondc rotation, Vector3dc translation) {

    /** The similarity that changes nothing. */
    public static final Similarity3 IDENTITY = new Similarity3(1, new Quaterniond(), new Vector3d());

    /**
     * Copies the parts and normalises the rotation.
     *
     * @throws IllegalArgumentException if the scale is not positive and finite
     */
    public Similarity3 {
        if (!(scale > 0) || Double.isInfinite(scale)) {
            throw new IllegalArgumentException("scale must be positive and finite but was " + scale);
        }
        rotation = new Quaterniond(rotation).normalize();
        translation = new Vector3d(translation);
    }

    /**
     * Moves a point.
     *
     * @param pointInSource the point; not changed
     * @return a new vector in the target frame
     */
    public Vector3d transform(Vector3dc pointInSource) {
        return rotation.transform(pointInSource, new Vector3d()).mul(scale).add(translation);
    }

    /**
     * Moves a camera pose: the camera sees the moved world as it saw the world before, in units of the target frame.
     *
     * @param camFromSource world-to-camera pose in the source frame
     * @return world-to-camera pose in the target frame
     */
    public Rigid3 transformPose(Rigid3 camFromSource) {
        Quaterniond camFromTarget =
                camFromSource.rotation().mul(rotation.conjugate(new Quaterniond()), new Quaterniond());
        Vector3d centre = transform(camFromSource.targetOriginInSource());
        return new Rigid3(
                camFromTarget, camFromTarget.transform(centre, new Vector3d()).negate());
    }

    /**
     * The similarity back.
     *
     * @return {@code sourceFromTarget}
     */
    public Similarity3 inverse() {
        Quaterniond back = rotation.conjugate(new Quaterniond());
        return new Similarity3(
                1 / scale, back, back.transform(translation, new Vector3d()).div(-scale));
    }

    /**
     * This similarity after another.
     *
     * @param sourceFromOther the similarity that is applied first
     * @return {@code targetFromOther}
     */
    public Similarity3 compose(Similarity3 sourceFromOther) {
        return new Similarity3(
                scale * sourceFromOther.scale,
                rotation.mul(sourceFromOther.rotation, new Quaterniond()),
                transform(sourceFromOther.translation));
    }

    /**
     * The 4x4 homogeneous matrix.
     *
     * @return sixteen entries, row by row
     */
    public double[] rowMajor() {
        double[] r = new Rigid3(rotation, translation).rotationRowMajor();
        return new double[] {
            scale * r[0],
            scale * r[1],
            scale * r[2],
            translation.x(),
            scale * r[3],
            scale * r[4],
            scale * r[5],
            translation.y(),
            scale * r[6],
            scale * r[7],
            scale * r[8],
            translation.z(),
            0,
            0,
            0,
            1
        };
    }
}
