package io.github.dinosplat.depth;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import org.joml.Vector3d;

/** Between the pixels of a view's depth map and the world. */
final class MapGeometry {

    private final Camera camera;
    private final double[] r;
    private final double[] t;
    private final Vector3d centre;
    private final int width;
    private final int height;

    MapGeometry(Scene scene, View view, int width, int height) {
        camera = scene.cameraOf(view).resized(width, height);
        Rigid3 pose = view.camFromWorld();
        r = pose.rotationRowMajor();
        t = new double[] {
            pose.translation().x(), pose.translation().y(), pose.translation().z()
        };
        centre = pose.targetOriginInSource();
        this.width = width;
        this.height = height;
    }

    /** The camera's centre in the world. */
    Vector3d centre() {
        return centre;
    }

    /** The direction of a pixel's centre: x and y at z = 1 in the camera frame; false where the lens has no inverse. */
    boolean ray(int x, int y, double[] ray) {
        return camera.unproject(x + 0.5, y + 0.5, ray);
    }

    /** World point on a ray, at a distance along the viewing axis. */
    void world(double[] ray, double z, Vector3d point) {
        double x = ray[0] * z - t[0];
        double y = ray[1] * z - t[1];
        double w = z - t[2];
        point.set(r[0] * x + r[3] * y + r[6] * w, r[1] * x + r[4] * y + r[7] * w, r[2] * x + r[5] * y + r[8] * w);
    }

    /** World direction of one in the camera frame. */
    void worldDirection(Vector3d direction) {
        double x = direction.x;
        double y = direction.y;
        double z = direction.z;
        direction.set(r[0] * x + r[3] * y + r[6] * z, r[1] * x + r[4] * y + r[7] * z, r[2] * x + r[5] * y + r[8] * z);
    }

    /** Distance of a world point along the viewing axis. */
    double depth(Vector3d p) {
        return r[6] * p.x + r[7] * p.y + r[8] * p.z + t[2];
    }

    /** The pixel, row by row, that a world point before the camera falls on, or -1. */
    int pixel(Vector3d p, double[] pixel) {
        double z = depth(p);
        if (!(z > 0)) {
            return -1;
        }
        double x = r[0] * p.x + r[1] * p.y + r[2] * p.z + t[0];
        double y = r[3] * p.x + r[4] * p.y + r[5] * p.z + t[1];
        camera.project(x, y, z, pixel, null, null);
        // Written so that NaN is outside.
        if (!(pixel[0] >= 0 && pixel[1] >= 0 && pixel[0] < width && pixel[1] < height)) {
            return -1;
        }
        return (int) pixel[1] * width + (int) pixel[0];
    }

    /**
     * The unit normal of the surface at a pixel, in the world, towards the camera: across the differences to the pixel's
     * neighbours, central ones where the surface goes on on both sides. False where it goes on to neither side.
     *
     * @param step greatest relative difference of depth within a surface
     */
    boolean normal(DepthMap map, int x, int y, double step, Vector3d normal) {
        Vector3d across = new Vector3d();
        Vector3d down = new Vector3d();
        if (!difference(map, x, y, 1, 0, step, across) || !difference(map, x, y, 0, 1, step, down)) {
            return false;
        }
        across.cross(down, normal);
        double length = normal.length();
        double[] ray = new double[2];
        if (!(length > 0) || !ray(x, y, ray)) {
            return false;
        }
        double sign = normal.x * ray[0] + normal.y * ray[1] + normal.z > 0 ? -1 : 1;
        normal.mul(sign / length);
        worldDirection(normal);
        return true;
    }

    private boolean difference(DepthMap map, int x, int y, int dx, int dy, double step, Vector3d to) {
        int ax = goesOn(map, x, y, -dx, -dy, step) ? x - dx : x;
        int ay = goesOn(map, x, y, -dx, -dy, step) ? y - dy : y;
        int bx = goesOn(map, x, y, dx, dy, step) ? x + dx : x;
        int by = goesOn(map, x, y, dx, dy, step) ? y + dy : y;
        double[] ray = new double[2];
        if ((ax == bx && ay == by) || !ray(ax, ay, ray)) {
            return false;
        }
        double z = map.depth(ax, ay);
        to.set(-ray[0] * z, -ray[1] * z, -z);
        if (!ray(bx, by, ray)) {
            return false;
        }
        z = map.depth(bx, by);
        to.add(ray[0] * z, ray[1] * z, z);
        return true;
    }

    private boolean goesOn(DepthMap map, int x, int y, int dx, int dy, double step) {
        int nx = x + dx;
        int ny = y + dy;
        if (nx < 0 || ny < 0 || nx >= width || ny >= height) {
            return false;
        }
        double z = map.depth(x, y);
        return map.depth(nx, ny) > 0 && Math.abs(map.depth(nx, ny) - z) <= step * z;
    }
}
