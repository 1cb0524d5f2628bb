package io.github.dinosplat.splat;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.Optional;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * A pinhole camera at a place.
 *
 * @param fx horizontal focal length in pixels
 * @param fy vertical focal length in pixels
 * @param cx principal point, in pixels from the left border
 * @param cy principal point, in pixels from the upper border
 * @param width picture width in pixels
 * @param height picture height in pixels
 * @param camFromWorld pose
 */
public record PinholeView(double fx, double fy, double cx, double cy, int width, int height, Rigid3 camFromWorld)
        implements SplatView {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a size or focal length is not positive, the picture has more than 2^30 pixels
     *     or the principal point is not finite
     */
    public PinholeView {
        SplatView.requireSize(width, height);
        if (!(fx > 0 && fy > 0 && Double.isFinite(fx) && Double.isFinite(fy))) {
            throw new IllegalArgumentException("focal lengths must be positive but were " + fx + ", " + fy);
        }
        if (!Double.isFinite(cx) || !Double.isFinite(cy)) {
            throw new IllegalArgumentException("principal point must be finite but was " + cx + ", " + cy);
        }
    }

    @Override
    public PinholeView withPose(Rigid3 newCamFromWorld) {
        return new PinholeView(fx, fy, cx, cy, width, height, newCamFromWorld);
    }

    /**
     * The view of a camera without distortion.
     *
     * @param camera a camera of one of the pinhole models
     * @param camFromWorld its pose
     * @return the view
     * @throws IllegalArgumentException if the camera has distortion
     */
    public static PinholeView of(Camera camera, Rigid3 camFromWorld) {
        if (!camera.model().isPinhole()) {
            throw new IllegalArgumentException(
                    "camera must be a pinhole camera but was " + camera + "; undistort the photos first");
        }
        return new PinholeView(
                camera.fx(), camera.fy(), camera.cx(), camera.cy(), camera.width(), camera.height(), camFromWorld);
    }

    /**
     * Projects a point.
     *
     * @param pointInWorld the point
     * @return its place, within the picture or beside it; empty where it does not lie before the camera
     */
    public Optional<PicturePoint> project(Vector3dc pointInWorld) {
        Vector3d c = camFromWorld.transform(pointInWorld);
        return c.z > 0
                ? Optional.of(new PicturePoint(fx * c.x / c.z + cx, fy * c.y / c.z + cy, c.z))
                : Optional.empty();
    }

    /**
     * Projects a point into the picture.
     *
     * @param pointInWorld the point
     * @return its place within the picture; empty where the picture does not show it, whatever may hide it
     */
    public Optional<PicturePoint> see(Vector3dc pointInWorld) {
        return project(pointInWorld).filter(p -> p.x() >= 0 && p.y() >= 0 && p.x() < width && p.y() < height);
    }

    /**
     * The inverse of {@link #project}.
     *
     * @param x pixels from the left border
     * @param y pixels from the upper border
     * @param depth distance along the viewing direction, in scene units
     * @return the point in the world
     */
    public Vector3d unproject(double x, double y, double depth) {
        Vector3d inCam = new Vector3d((x - cx) / fx * depth, (y - cy) / fy * depth, depth);
        return camFromWorld.inverse().transform(inCam);
    }
}
