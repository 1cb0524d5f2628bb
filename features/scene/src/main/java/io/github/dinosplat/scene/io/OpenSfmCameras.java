package io.github.dinosplat.scene.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import java.io.IOException;

/**
 * OpenSfM's cameras: lengths over the longer side of the picture, the principal point from its middle. Source: OpenSfM's
 * documentation, "Geometric models".
 */
final class OpenSfmCameras {

    private OpenSfmCameras() {}

    /** A camera of OpenSfM's. */
    static Camera read(String name, JsonNode json) {
        String what = "camera " + name;
        int width = size(json.path("width"), what + "'s width");
        int height = size(json.path("height"), what + "'s height");
        int unit = Math.max(width, height);
        String type = json.path("projection_type").asText("perspective");
        boolean single = json.path("focal").isNumber();
        double fx = unit * JsonFile.number(json.path(single ? "focal" : "focal_x"), what + "'s focal length");
        double fy = single ? fx : unit * JsonFile.number(json.path("focal_y"), what + "'s focal length");
        double cx = width / 2.0 + unit * optional(json, "c_x", what);
        double cy = height / 2.0 + unit * optional(json, "c_y", what);
        double k1 = optional(json, "k1", what);
        double k2 = optional(json, "k2", what);
        double k3 = optional(json, "k3", what);
        return switch (type) {
            case "perspective", "simple_radial", "radial" ->
                fx == fy
                        ? new Camera(CameraModel.RADIAL, width, height, fx, cx, cy, k1, k2)
                        : new Camera(CameraModel.OPENCV, width, height, fx, fy, cx, cy, k1, k2, 0, 0);
            case "brown" -> {
                double p1 = optional(json, "p1", what);
                double p2 = optional(json, "p2", what);
                yield k3 == 0
                        ? new Camera(CameraModel.OPENCV, width, height, fx, fy, cx, cy, k1, k2, p1, p2)
                        : new Camera(
                                CameraModel.FULL_OPENCV, width, height, fx, fy, cx, cy, k1, k2, p1, p2, k3, 0, 0, 0);
            }
            case "fisheye", "fisheye_opencv" ->
                new Camera(
                        CameraModel.OPENCV_FISHEYE,
                        width,
                        height,
                        fx,
                        fy,
                        cx,
                        cy,
                        k1,
                        k2,
                        k3,
                        optional(json, "k4", what));
            default ->
                throw new IllegalArgumentException(what + " has projection type " + type
                        + ", which has no counterpart here; undistort the photos in OpenSfM");
        };
    }

    /** The camera in OpenSfM's terms. */
    static ObjectNode write(Camera camera) throws IOException {
        int unit = Math.max(camera.width(), camera.height());
        double[] p = camera.parameters();
        int first = camera.model().focalCount() + 2;
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("width", camera.width())
                .put("height", camera.height());
        boolean fisheye = switch (camera.model()) {
            case SIMPLE_RADIAL_FISHEYE, OPENCV_FISHEYE -> true;
            default -> false;
        };
        boolean tangential = !fisheye && p.length > first + 2;
        if (camera.model() == CameraModel.FULL_OPENCV
                && (p[first + 5] != 0 || p[first + 6] != 0 || p[first + 7] != 0)) {
            throw new IOException("OpenSfM has no counterpart of camera " + camera
                    + ": undistort the photos first (reconstruct and train leave them in undistorted/)");
        }
        json.put("projection_type", fisheye ? "fisheye_opencv" : "brown")
                .put("focal_x", camera.fx() / unit)
                .put("focal_y", camera.fy() / unit)
                .put("c_x", (camera.cx() - camera.width() / 2.0) / unit)
                .put("c_y", (camera.cy() - camera.height() / 2.0) / unit)
                .put("k1", at(p, first))
                .put("k2", at(p, first + 1));
        if (fisheye) {
            return json.put("k3", at(p, first + 2)).put("k4", at(p, first + 3));
        }
        return json.put("p1", tangential ? p[first + 2] : 0)
                .put("p2", tangential ? p[first + 3] : 0)
                .put("k3", tangential ? at(p, first + 4) : 0);
    }

    private static double at(double[] values, int index) {
        return index < values.length ? values[index] : 0;
    }

    private static double optional(JsonNode json, String key, String what) {
        return json.has(key) ? JsonFile.number(json.get(key), what + "'s " + key) : 0;
    }

    private static int size(JsonNode node, String what) {
        double value = JsonFile.number(node, what);
        if (value < 1 || value > 1 << 20) {
            throw new IllegalArgumentException(what + " must be 1 to " + (1 << 20) + " pixels but was " + value);
        }
        return (int) value;
    }
}
