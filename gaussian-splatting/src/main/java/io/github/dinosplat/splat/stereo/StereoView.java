package io.github.dinosplat.splat.stereo;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;

/**
 * A photo as stereo looks at it.
 *
 * @param camera a pinhole camera
 * @param camFromWorld its pose
 * @param picture the photo, of the camera's size
 * @param points [N, 3] sparse points that it shows, in the world frame; not copied
 */
public record StereoView(Camera camera, Rigid3 camFromWorld, Image picture, double[] points) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the camera has distortion or another size than the picture, or the points are
     *     not triples
     */
    public StereoView {
        if (!camera.model().isPinhole()) {
            throw new IllegalArgumentException("camera must be a pinhole camera but was " + camera);
        }
        if (camera.width() != picture.width() || camera.height() != picture.height()) {
            throw new IllegalArgumentException("expected a picture of " + camera.width() + "x" + camera.height()
                    + " but it was " + picture.width() + "x" + picture.height());
        }
        if (points.length % 3 != 0) {
            throw new IllegalArgumentException("expected points [N, 3] but length was " + points.length);
        }
    }
}
