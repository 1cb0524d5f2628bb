package io.github.dinosplat.scene.io;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Known intrinsics as a user gives them: the numbers themselves, a COLMAP {@code cameras.txt}, or a folder of Strecha's
 * {@code .camera} files. Immutable.
 */
public final class Intrinsics {

    /** How far the shapes of a photo and of its camera may differ for one to be the other resized, in pixels. */
    private static final double SHAPE_TOLERANCE = 1.5;

    private final String source;
    private final double[] values;
    private final List<Camera> cameras;
    private final Map<String, Camera> byName;

    private Intrinsics(String source, double[] values, List<Camera> cameras, Map<String, Camera> byName) {
        this.source = source;
        this.values = values;
        this.cameras = cameras;
        this.byName = byName;
    }

    /**
     * Understands what a user gave.
     *
     * @param text {@code fx,fy,cx,cy} or {@code fx,fy,cx,cy,k1,k2,p1,p2} in pixels of the photos, or the path of a
     *     cameras.txt, of a folder that has one, or of a folder of .camera files
     * @return the intrinsics
     * @throws IOException if a file or folder is damaged
     * @throws IllegalArgumentException if the text is neither numbers nor something that exists
     */
    public static Intrinsics parse(String text) throws IOException {
        if (text.matches("[\\s0-9eE+.,-]+") && text.contains(",")) {
            return new Intrinsics(text, parseNumbers(text), List.of(), Map.of());
        }
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(wrong(text), e);
        }
        if (Files.isRegularFile(path)) {
            return fromCamerasText(path);
        }
        if (Files.isRegularFile(path.resolve("cameras.txt"))) {
            return fromCamerasText(path.resolve("cameras.txt"));
        }
        if (Files.isDirectory(path)) {
            return byName(text, StrechaCameras.read(path));
        }
        throw new IllegalArgumentException(wrong(text));
    }

    private static String wrong(String text) {
        return "intrinsics must be fx,fy,cx,cy[,k1,k2,p1,p2], a cameras.txt or a folder of .camera files but were "
                + text;
    }

    private static double[] parseNumbers(String text) {
        String[] words = text.split(",", -1);
        if (words.length != 4 && words.length != 8) {
            throw new IllegalArgumentException("intrinsics must be the 4 numbers fx,fy,cx,cy or the 8 numbers"
                    + " fx,fy,cx,cy,k1,k2,p1,p2 but were the " + words.length + " in " + text);
        }
        double[] values = new double[words.length];
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = Double.parseDouble(words[i].strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(wrong(text), e);
            }
        }
        if (!Arrays.stream(values).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("intrinsics must be finite but were " + text);
        }
        if (!(values[0] > 0) || !(values[1] > 0)) {
            throw new IllegalArgumentException("focal lengths must be positive but were " + text);
        }
        return values;
    }

    /** With an images.txt beside it each photo has its own camera; without one a camera serves the photos of its size. */
    private static Intrinsics fromCamerasText(Path path) throws IOException {
        Path images = path.resolveSibling("images.txt");
        Path points = path.resolveSibling("points3D.txt");
        if (Files.isRegularFile(images) && Files.isRegularFile(points)) {
            return byName(path.toString(), ColmapText.read(path.resolveSibling("")));
        }
        List<Camera> cameras = new ArrayList<>(ColmapText.readCameras(path).values());
        if (cameras.isEmpty()) {
            throw new IOException(path + ": has no camera: expected lines CAMERA_ID MODEL WIDTH HEIGHT PARAMS[]");
        }
        return new Intrinsics(path.toString(), new double[0], cameras, Map.of());
    }

    private static Intrinsics byName(String source, Scene scene) {
        Map<String, Camera> byName = new HashMap<>();
        for (View view : scene.views()) {
            byName.put(view.name(), scene.cameraOf(view));
        }
        return new Intrinsics(source, new double[0], List.of(), byName);
    }

    /**
     * The camera of a photo. Equal cameras compare equal, so that photos can be grouped by them.
     *
     * @param photo photo
     * @return its camera, of the photo's size; empty when the files say nothing of this photo
     * @throws IllegalArgumentException if the intrinsics belong to photos of another shape, or several cameras would fit
     */
    public Optional<Camera> camera(Photo photo) {
        if (values.length > 0) {
            CameraModel model = values.length == 4 ? CameraModel.PINHOLE : CameraModel.OPENCV;
            return Optional.of(new Camera(model, photo.width(), photo.height(), values));
        }
        if (!byName.isEmpty()) {
            Camera named = byName.get(photo.name());
            if (named == null) {
                named = byName.get(photo.path().getFileName().toString());
            }
            if (named == null) {
                named = byName.get(photo.stem());
            }
            return Optional.ofNullable(named).map(c -> fitted(c, photo.width(), photo.height()));
        }
        List<Camera> fitting = cameras.stream()
                .filter(c -> c.width() == photo.width() && c.height() == photo.height())
                .toList();
        if (fitting.isEmpty() && cameras.size() == 1) {
            return Optional.of(fitted(cameras.get(0), photo.width(), photo.height()));
        }
        if (fitting.size() > 1) {
            throw new IllegalArgumentException(source + ": has " + fitting.size() + " cameras of the size of "
                    + photo.name() + ": put the model's images.txt and points3D.txt beside it to say which is whose");
        }
        return fitting.stream().findFirst();
    }

    /**
     * A camera for a photo that may have been resized.
     *
     * @throws IllegalArgumentException if the photo has another shape than the camera
     */
    static Camera fitted(Camera camera, int width, int height) {
        if (camera.width() == width && camera.height() == height) {
            return camera;
        }
        double scale = (double) width / camera.width();
        if (Math.abs(camera.height() * scale - height) > SHAPE_TOLERANCE) {
            throw new IllegalArgumentException("the camera is for photos of " + camera.width() + "x" + camera.height()
                    + " but a photo has " + width + "x" + height + " pixels, which is not the same shape");
        }
        return camera.resized(width, height);
    }
}
