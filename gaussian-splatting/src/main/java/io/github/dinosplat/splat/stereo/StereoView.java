package io.github.dinosplat.splat.stereo;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.splat.PinholeView;
import org.joml.Vector3d;

/**
 * A photo as stereo looks at it.
 *
 * @param camera camera and pose
 * @param picture the photo, of the camera's size
 * @param points [N, 3] sparse points that it shows, in the world frame; not copied
 */
public record StereoView(PinholeView camera, Image picture, double[] points) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the camera has another size than the picture, or the points are not triples
     */
    public StereoView {
        if (camera.width() != picture.width() || camera.height() != picture.height()) {
            throw new IllegalArgumentException("expected a picture of " + camera.width() + "x" + camera.height()
                    + " but it was " + picture.width() + "x" + picture.height());
        }
        if (points.length % 3 != 0) {
            throw new IllegalArgumentException("expected points [N, 3] but length was " + points.length);
        }
    }

    /** A sparse point by the index of its first coordinate. */
    Vector3d point(int at) {
        return new Vector3d(points[at], points[at + 1], points[at + 2]);
    }
}
