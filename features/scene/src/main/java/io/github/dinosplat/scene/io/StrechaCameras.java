package io.github.dinosplat.scene.io;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * The calibration files of Strecha's multi-view benchmark, one {@code PHOTO.camera} for each photo: K in three rows, a
 * row of distortion coefficients, the camera-to-world rotation in three rows, the camera centre, width and height.
 *
 * <p>Source: Strecha et al. 2008, "On Benchmarking Camera Calibration and Multi-View Stereo for High Resolution Imagery".
 */
public final class StrechaCameras {

    private static final String ENDING = ".camera";
    private static final int NUMBERS = 9 + 3 + 9 + 3 + 2;
    private static final long MAX_BYTES = 1 << 16;

    private StrechaCameras() {}

    /**
     * Whether a folder has such files.
     *
     * @param folder folder
     * @return true if at least one is there
     * @throws IOException if the folder can't be listed
     */
    public static boolean areIn(Path folder) throws IOException {
        return !list(folder).isEmpty();
    }

    /**
     * Reads a folder of camera files.
     *
     * @param folder folder
     * @return scene without points: a view for each file, named as the file without {@code .camera}; equal cameras are
     *     shared
     * @throws IOException if there is none, or one is damaged or has distortion or skew, which the format leaves undefined
     */
    public static Scene read(Path folder) throws IOException {
        List<Path> files = list(folder);
        if (files.isEmpty()) {
            throw new IOException(folder + ": has no " + ENDING + " files: give a folder with one for each photo");
        }
        Map<Camera, Integer> cameras = new LinkedHashMap<>();
        List<View> views = new ArrayList<>();
        for (Path file : files) {
            double[] n = numbers(file);
            if (n[1] != 0 || n[9] != 0 || n[10] != 0 || n[11] != 0) {
                throw new IOException(file + ": has skew or distortion, which is not supported: undistort the photos");
            }
            try {
                Camera camera = new Camera(
                        CameraModel.PINHOLE,
                        Math.toIntExact(Math.round(n[24])),
                        Math.toIntExact(Math.round(n[25])),
                        n[0],
                        n[4],
                        n[2],
                        n[5]);
                double[] worldFromCam = Arrays.copyOfRange(n, 12, 21);
                Rigid3 camFromWorld = Rigid3.of(worldFromCam, new Vector3d(n[21], n[22], n[23]))
                        .inverse();
                Integer index = cameras.computeIfAbsent(camera, c -> cameras.size());
                String name = file.getFileName().toString();
                name = name.substring(0, name.length() - ENDING.length());
                views.add(new View(name, index, camFromWorld, new double[0], new int[0]));
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new IOException(file + ": is not a sound camera (" + e.getMessage() + "): get the file again", e);
            }
        }
        return new Scene(List.copyOf(cameras.keySet()), views, ScenePoints.NONE);
    }

    /**
     * Writes one {@code PHOTO.camera} for each view.
     *
     * @param scene scene; its points have no place in these files
     * @param folder folder for the files; made where missing
     * @throws IOException if a camera has distortion, which the format leaves undefined, or writing fails
     */
    public static void write(Scene scene, Path folder) throws IOException {
        for (View view : scene.views()) {
            Camera camera = scene.cameraOf(view);
            if (!camera.model().isPinhole()) {
                throw new IOException(view.name() + ": has distortion, for which .camera files have no place: undistort"
                        + " the photos first (reconstruct and train leave them in undistorted/)");
            }
        }
        for (View view : scene.views()) {
            Camera camera = scene.cameraOf(view);
            Rigid3 worldFromCam = view.camFromWorld().inverse();
            double[] r = worldFromCam.rotationRowMajor();
            Vector3dc c = worldFromCam.translation();
            StringBuilder text = new StringBuilder();
            row(text, camera.fx(), 0, camera.cx());
            row(text, 0, camera.fy(), camera.cy());
            row(text, 0, 0, 1);
            row(text, 0, 0, 0);
            for (int i = 0; i < 9; i += 3) {
                row(text, r[i], r[i + 1], r[i + 2]);
            }
            row(text, c.x(), c.y(), c.z());
            text.append(camera.width()).append(' ').append(camera.height()).append('\n');
            AtomicFiles.writeText(folder.resolve(view.name() + ENDING), text.toString());
        }
    }

    private static void row(StringBuilder text, double a, double b, double c) {
        text.append(a).append(' ').append(b).append(' ').append(c).append('\n');
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        }
    }

    private static double[] numbers(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + ": is too large for a camera file: get the file again");
        }
        String[] words = Files.readString(file).strip().split("\\s+");
        if (words.length < NUMBERS) {
            throw new IOException(file + ": has " + words.length + " numbers, expected " + NUMBERS
                    + " (K, distortion, R, C, width, height): get the file again");
        }
        double[] numbers = new double[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            try {
                numbers[i] = Double.parseDouble(words[i]);
            } catch (NumberFormatException e) {
                throw new IOException(file + ": expected a number but found " + words[i] + ": get the file again", e);
            }
        }
        return numbers;
    }
}
