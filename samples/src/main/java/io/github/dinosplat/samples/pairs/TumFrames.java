package io.github.dinosplat.samples.pairs;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/**
 * Frames of a TUM RGB-D sequence (Sturm et al. 2012) with their poses: {@code rgb.txt} names a frame for each time,
 * {@code groundtruth.txt} has the pose of the same time, {@code intrinsics.txt} OpenCV's fx fy cx cy k1 k2 p1 p2 k3.
 */
final class TumFrames {

    /** Of a frame. */
    private static final int WIDTH = 640;

    private static final int HEIGHT = 480;

    private TumFrames() {}

    static Scene read(Path folder) throws IOException {
        double[] k = numbers(rows(folder.resolve("intrinsics.txt")).get(0), folder);
        // OpenCV counts pixels from the middle of the first one.
        Camera camera = new Camera(
                CameraModel.FULL_OPENCV,
                WIDTH,
                HEIGHT,
                k[0],
                k[1],
                k[2] + 0.5,
                k[3] + 0.5,
                k[4],
                k[5],
                k[6],
                k[7],
                k[8],
                0,
                0,
                0);
        Map<String, Rigid3> poses = new HashMap<>();
        for (String[] row : rows(folder.resolve("groundtruth.txt"))) {
            double[] n = numbers(row, folder);
            Rigid3 worldFromCam =
                    new Rigid3(new Quaterniond(n[4], n[5], n[6], n[7]).normalize(), new Vector3d(n[1], n[2], n[3]));
            poses.put(row[0], worldFromCam.inverse());
        }
        List<View> views = new ArrayList<>();
        for (String[] row : rows(folder.resolve("rgb.txt"))) {
            Rigid3 pose = poses.get(row[0]);
            if (pose == null) {
                throw new IOException(folder.resolve("groundtruth.txt") + ": has no pose for time " + row[0]);
            }
            views.add(new View(row[1], 0, pose, new double[0], new int[0]));
        }
        return new Scene(List.of(camera), views, ScenePoints.NONE);
    }

    private static List<String[]> rows(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.trim().split("\\s+"))
                .toList();
    }

    private static double[] numbers(String[] row, Path folder) throws IOException {
        try {
            double[] numbers = new double[row.length];
            for (int i = 0; i < row.length; i++) {
                numbers[i] = Double.parseDouble(row[i]);
            }
            return numbers;
        } catch (NumberFormatException e) {
            throw new IOException(folder + ": a row holds something else than numbers: " + String.join(" ", row), e);
        }
    }
}
