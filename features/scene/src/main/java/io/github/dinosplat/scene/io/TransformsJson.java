package io.github.dinosplat.scene.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.PhotoHeader;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.joml.Vector3d;
import org.jspecify.annotations.Nullable;

/**
 * A scene without points from a {@code transforms.json} of nerfstudio, instant-ngp or the NeRF synthetic sets: cameras
 * shared or per frame, poses as OpenGL camera-to-world matrices (x right, y up, z backward).
 *
 * @param scene cameras and views; view names are relative to the photo folder
 * @param photoFolder the deepest folder that has all photos
 * @param missing file paths, as in the JSON, of frames without a photo on disk
 */
public record TransformsJson(Scene scene, Path photoFolder, List<String> missing) {

    /** The usual name of the file. */
    static final String NAME = "transforms.json";

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
     * @param images folder with the photos, below which a frame's path or the end of it leads to its photo; empty for the
     *     places that the file names
     * @return scene and missing photos
     * @throws IOException if the file is missing, damaged, lacks intrinsics, has a pose that is none, or none of its photos
     *     exists; the message names the file
     */
    public static TransformsJson read(Path path, Optional<Path> images) throws IOException {
        Path file = Files.isDirectory(path) ? path.resolve(NAME) : path;
        JsonNode root = JsonFile.read(file);
        if (!root.path("frames").isArray()) {
            throw new IOException(file + ": has no list \"frames\": give a transforms.json");
        }
        List<String> missing = new ArrayList<>();
        List<Frame> frames = new ArrayList<>();
        for (JsonNode json : root.get("frames")) {
            String name = json.path("file_path").asText("");
            Optional<Path> photo = images.isPresent() ? below(images.get(), name) : at(file, name);
            if (photo.isPresent()) {
                frames.add(new Frame(photo.orElseThrow(), json));
            } else {
                missing.add(name);
            }
        }
        if (frames.isEmpty()) {
            throw new IOException(file + ": none of the photos of its " + missing.size() + " frames exists"
                    + (missing.isEmpty() ? "" : ", first " + missing.get(0))
                    + ": put them where its file_path entries say, relative to the JSON file, or give their folder by"
                    + " --images");
        }
        Path folder = images.map(i -> i.toAbsolutePath().normalize()).orElseGet(() -> commonFolder(frames));
        try {
            return new TransformsJson(toScene(file, root, frames, folder), folder, missing);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<Path> at(Path file, String name) {
        return name.isBlank()
                ? Optional.empty()
                : existing(file.toAbsolutePath().getParent(), name);
    }

    /** The photo at a frame's path, or at the longest end of it that leads to one. */
    private static Optional<Path> below(Path images, String name) {
        Path folder = images.toAbsolutePath().normalize();
        String rest = name.replace('\\', '/').replaceFirst("^(\\./|/)+", "");
        while (!rest.isBlank()) {
            Optional<Path> photo = existing(folder, rest).filter(p -> p.startsWith(folder));
            if (photo.isPresent()) {
                return photo;
            }
            int slash = rest.indexOf('/');
            rest = slash < 0 ? "" : rest.substring(slash + 1);
        }
        return Optional.empty();
    }

    private static Optional<Path> existing(@Nullable Path folder, String name) {
        Path base;
        try {
            base = (folder == null ? Path.of("") : folder)
                    .resolve(name.replace('\\', '/'))
                    .normalize();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
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
        views.sort(Comparator.comparing(View::name));
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

    /**
     * Writes {@code transforms.json}. Its points are left out: trainers make their own from a COLMAP model.
     *
     * @param scene scene
     * @param photos folder with the scene's photos; the file names them relative to itself
     * @param folder folder for the file; made where missing
     * @throws IOException if a camera's model has no counterpart or writing fails
     */
    public static void write(Scene scene, Path photos, Path folder) throws IOException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        boolean shared = scene.cameras().size() == 1;
        if (shared) {
            putCamera(scene.cameras().get(0), root);
        }
        String prefix = relative(photos, folder);
        ArrayNode frames = root.putArray("frames");
        for (View view : scene.views()) {
            ObjectNode frame = frames.addObject().put("file_path", prefix + view.name());
            if (!shared) {
                putCamera(scene.cameraOf(view), frame);
            }
            Rigid3 worldFromCam = view.camFromWorld().inverse();
            double[] r = worldFromCam.rotationRowMajor();
            ArrayNode matrix = frame.putArray("transform_matrix");
            for (int i = 0; i < 3; i++) {
                matrix.addArray()
                        .add(r[3 * i])
                        .add(-r[3 * i + 1])
                        .add(-r[3 * i + 2])
                        .add(worldFromCam.translation().get(i));
            }
            matrix.addArray().add(0.0).add(0.0).add(0.0).add(1.0);
        }
        JsonFile.write(root, folder.resolve(NAME));
    }

    private static String relative(Path photos, Path folder) {
        Path to = photos.toAbsolutePath().normalize();
        Path from = folder.toAbsolutePath().normalize();
        Path path = Objects.equals(from.getRoot(), to.getRoot()) ? from.relativize(to) : to;
        String text = path.toString().replace('\\', '/');
        return text.isEmpty() ? "" : text + "/";
    }

    private static void putCamera(Camera camera, ObjectNode json) throws IOException {
        boolean fisheye =
                camera.model() == CameraModel.OPENCV_FISHEYE || camera.model() == CameraModel.SIMPLE_RADIAL_FISHEYE;
        json.put("camera_model", fisheye ? "OPENCV_FISHEYE" : camera.model().isPinhole() ? "PINHOLE" : "OPENCV");
        json.put("w", camera.width()).put("h", camera.height());
        json.put("fl_x", camera.fx()).put("fl_y", camera.fy());
        json.put("cx", camera.cx()).put("cy", camera.cy());
        double[] p = camera.parameters();
        for (int i = camera.model().focalCount() + 2; i < p.length; i++) {
            String name = camera.model().parameterNames().get(i);
            if (!fisheye && name.matches("k[456]")) {
                if (p[i] != 0) {
                    throw new IOException("transforms.json has no counterpart of camera " + camera
                            + ": undistort the photos first (reconstruct and train leave them in undistorted/)");
                }
            } else {
                json.put(name.equals("k") ? "k1" : name, p[i]);
            }
        }
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
