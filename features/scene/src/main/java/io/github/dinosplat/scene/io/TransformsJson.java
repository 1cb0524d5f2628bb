package io.github.dinosplat.scene.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.PhotoHeader;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.joml.Vector3d;

/**
 * A scene without points from a {@code transforms.json} of nerfstudio, instant-ngp or the NeRF synthetic sets: cameras
 * shared or per frame, poses as OpenGL camera-to-world matrices (x right, y up, z backward).
 *
 * @param scene cameras and views; view names are relative to the photo folder
 * @param photoFolder the deepest folder that has all photos
 * @param missing file paths, as in the JSON, of frames without a photo on disk
 */
public record TransformsJson(Scene scene, Path photoFolder, List<String> missing) {

    private static final List<String> EXTENSIONS =
            List.of("", ".png", ".jpg", ".jpeg", ".PNG", ".JPG", ".JPEG", ".tif");

    /** How far from orthonormal a rotation may be: text files are rounded. */
    private static final double ROTATION_TOLERANCE = 1e-2;

    /** Copies the list. */
    public TransformsJson {
        missing = List.copyOf(missing);
    }

    private record Frame(Path photo, JsonNode json) {}

    /**
     * Reads a file. Frames whose photo does not exist are left out and listed. A photo of another size than the JSON says,
     * but the same shape, gets a resized camera.
     *
     * @param path the JSON file, or the folder that has a {@code transforms.json}
     * @return scene and missing photos
     * @throws IOException if the file is missing, damaged, lacks intrinsics, has a pose that is none, or none of its photos
     *     exists; the message names the file
     */
    public static TransformsJson read(Path path) throws IOException {
        Path file = Files.isDirectory(path) ? path.resolve("transforms.json") : path;
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new IOException(file + ": is not JSON (" + e.getOriginalMessage() + "): export it again", e);
        }
        if (root == null || !root.path("frames").isArray()) {
            throw new IOException(file + ": has no list \"frames\": give a transforms.json");
        }
        List<String> missing = new ArrayList<>();
        List<Frame> frames = new ArrayList<>();
        for (JsonNode json : root.get("frames")) {
            String name = json.path("file_path").asText("");
            Optional<Path> photo = find(file, name);
            if (photo.isPresent()) {
                frames.add(new Frame(photo.orElseThrow(), json));
            } else {
                missing.add(name);
            }
        }
        if (frames.isEmpty()) {
            throw new IOException(file + ": none of the photos of its " + missing.size()
                    + " frames exists: put them where its file_path entries say, relative to the JSON file");
        }
        Path folder = commonFolder(frames);
        try {
            return new TransformsJson(toScene(file, root, frames, folder), folder, missing);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<Path> find(Path file, String name) {
        if (name.isBlank()) {
            return Optional.empty();
        }
        Path base =
                file.toAbsolutePath().resolveSibling(name.replace('\\', '/')).normalize();
        for (String extension : EXTENSIONS) {
            Path candidate = base.resolveSibling(base.getFileName() + extension);
            if (Files.isRegularFile(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static Path commonFolder(List<Frame> frames) {
        Path folder = frames.get(0).photo.resolveSibling("");
        for (Frame frame : frames) {
            while (!frame.photo.startsWith(folder)) {
                folder = folder.resolveSibling("");
            }
        }
        return folder;
    }

    private static Scene toScene(Path file, JsonNode root, List<Frame> frames, Path folder) throws IOException {
        Map<Camera, Integer> cameras = new LinkedHashMap<>();
        List<View> views = new ArrayList<>();
        for (Frame frame : frames) {
            PhotoHeader header = PhotoHeader.read(frame.photo);
            Camera camera = camera(file, root, frame.json, header);
            Integer index = cameras.computeIfAbsent(camera, c -> cameras.size());
            String name = folder.relativize(frame.photo).toString().replace('\\', '/');
            views.add(new View(name, index, pose(frame.json), new double[0], new int[0]));
        }
        views.sort(java.util.Comparator.comparing(View::name));
        return new Scene(List.copyOf(cameras.keySet()), views, ScenePoints.NONE);
    }

    private static Camera camera(Path file, JsonNode root, JsonNode frame, PhotoHeader header) throws IOException {
        Numbers n = new Numbers(root, frame);
        int width = (int) n.of("w", header.width());
        int height = (int) n.of("h", header.height());
        double fx = n.of("fl_x", 0);
        if (fx == 0 && n.has("camera_angle_x")) {
            fx = width / 2.0 / Math.tan(n.of("camera_angle_x", 0) / 2);
        }
        double fy = n.of("fl_y", 0);
        if (fy == 0) {
            fy = n.has("camera_angle_y") && !n.has("fl_x")
                    ? height / 2.0 / Math.tan(n.of("camera_angle_y", 0) / 2)
                    : fx;
        }
        if (fx == 0) {
            throw new IOException(
                    file + ": has neither fl_x nor camera_angle_x: add the focal length in pixels as fl_x");
        }
        double cx = n.of("cx", width / 2.0);
        double cy = n.of("cy", height / 2.0);
        String model = frame.path("camera_model")
                .asText(root.path("camera_model").asText("OPENCV"))
                .toUpperCase(Locale.ROOT);
        double[] k = {n.of("k1", 0), n.of("k2", 0), n.of("k3", 0), n.of("k4", 0)};
        double p1 = n.of("p1", 0);
        double p2 = n.of("p2", 0);
        boolean straight = k[0] == 0 && k[1] == 0 && k[2] == 0 && k[3] == 0 && p1 == 0 && p2 == 0;
        Camera camera;
        if (model.contains("FISHEYE") || root.path("is_fisheye").asBoolean(false)) {
            camera = new Camera(CameraModel.OPENCV_FISHEYE, width, height, fx, fy, cx, cy, k[0], k[1], k[2], k[3]);
        } else if (straight) {
            camera = new Camera(CameraModel.PINHOLE, width, height, fx, fy, cx, cy);
        } else if (k[3] != 0) {
            throw new IOException(file + ": has k4 = " + k[3] + " for camera model " + model
                    + ", which is not supported: undistort the photos");
        } else if (k[2] != 0) {
            camera = new Camera(
                    CameraModel.FULL_OPENCV, width, height, fx, fy, cx, cy, k[0], k[1], p1, p2, k[2], 0, 0, 0);
        } else {
            camera = new Camera(CameraModel.OPENCV, width, height, fx, fy, cx, cy, k[0], k[1], p1, p2);
        }
        return Intrinsics.fitted(camera, header.width(), header.height());
    }

    private static Rigid3 pose(JsonNode frame) {
        JsonNode matrix = frame.path("transform_matrix");
        double[] m = new double[12];
        for (int i = 0; i < 12; i++) {
            JsonNode entry = matrix.path(i / 4).path(i % 4);
            if (!entry.isNumber()) {
                throw new IllegalArgumentException(
                        "frame " + frame.path("file_path").asText() + " has no number in row " + i / 4 + ", column "
                                + i % 4 + " of its transform_matrix");
            }
            m[i] = entry.asDouble();
        }
        // Columns of the camera-to-world rotation are the camera's axes in the world: y and z turn over from OpenGL.
        double[] worldFromCam = {m[0], -m[1], -m[2], m[4], -m[5], -m[6], m[8], -m[9], -m[10]};
        for (int a = 0; a < 3; a++) {
            for (int b = a; b < 3; b++) {
                double dot = 0;
                for (int row = 0; row < 3; row++) {
                    dot += worldFromCam[3 * row + a] * worldFromCam[3 * row + b];
                }
                if (!(Math.abs(dot - (a == b ? 1 : 0)) < ROTATION_TOLERANCE)) {
                    throw new IllegalArgumentException(
                            "frame " + frame.path("file_path").asText()
                                    + " has a transform_matrix whose first three columns are no rotation");
                }
            }
        }
        return Rigid3.of(worldFromCam, new Vector3d(m[3], m[7], m[11])).inverse();
    }

    /** Numbers of a frame, or of the whole file where the frame has none. */
    private record Numbers(JsonNode root, JsonNode frame) {

        boolean has(String key) {
            return frame.path(key).isNumber() || root.path(key).isNumber();
        }

        double of(String key, double otherwise) {
            JsonNode own = frame.path(key);
            return (own.isNumber() ? own : root.path(key)).asDouble(otherwise);
        }
    }
}
