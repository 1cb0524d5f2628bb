package io.github.dinosplat.scene.io;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * OpenSfM's {@code tracks.csv}: photo, track, feature, x and y over the longer side of the picture from its middle, and
 * columns that differ between versions.
 */
final class OpenSfmTracks {

    static final String ENDING = ".csv";

    private static final String HEADER = "OPENSFM_TRACKS_VERSION_";

    /** Observations of one photo; grows. */
    private static final class Observations {
        double[] keypoints = new double[256];
        int[] points = new int[128];
        int count;

        void add(double x, double y, int point) {
            if (count == points.length) {
                keypoints = Arrays.copyOf(keypoints, 4 * count);
                points = Arrays.copyOf(points, 2 * count);
            }
            keypoints[2 * count] = x;
            keypoints[2 * count + 1] = y;
            points[count++] = point;
        }
    }

    private final Map<String, Observations> byPhoto = new HashMap<>();

    private OpenSfmTracks() {}

    /**
     * Reads a file.
     *
     * @param file the file; without it there are no observations
     * @param cameras camera of each photo; others are passed over
     * @param points index of each track that is a point
     */
    static OpenSfmTracks read(Path file, Map<String, Camera> cameras, Map<String, Integer> points) throws IOException {
        OpenSfmTracks tracks = new OpenSfmTracks();
        if (!Files.isRegularFile(file)) {
            return tracks;
        }
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank() && !line.startsWith(HEADER)) {
                    tracks.add(line.split("\t"), cameras, points);
                }
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new IOException(file + ": line " + number + ": " + e.getMessage() + ": export it again", e);
        }
        return tracks;
    }

    private void add(String[] words, Map<String, Camera> cameras, Map<String, Integer> points) {
        if (words.length < 5) {
            throw new IllegalArgumentException(
                    "expected photo, track, feature, x and y but found " + words.length + " columns");
        }
        Camera camera = cameras.get(words[0]);
        Integer point = points.get(words[1]);
        if (camera == null || point == null) {
            return;
        }
        double unit = Math.max(camera.width(), camera.height());
        double x = Double.parseDouble(words[3]) * unit + camera.width() / 2.0;
        double y = Double.parseDouble(words[4]) * unit + camera.height() / 2.0;
        if (!Double.isFinite(x + y)) {
            throw new IllegalArgumentException("observation at " + words[3] + ", " + words[4]);
        }
        byPhoto.computeIfAbsent(words[0], n -> new Observations()).add(x, y, point);
    }

    double[] keypoints(String photo) {
        Observations found = byPhoto.get(photo);
        return found == null ? new double[0] : Arrays.copyOf(found.keypoints, 2 * found.count);
    }

    int[] points(String photo) {
        Observations found = byPhoto.get(photo);
        return found == null ? new int[0] : Arrays.copyOf(found.points, found.count);
    }

    /** Writes the observations of all points as version 1. */
    static void write(Scene scene, Path file) throws IOException {
        AtomicFiles.write(file, out -> {
            out.write((HEADER + "v1\n").getBytes(StandardCharsets.UTF_8));
            for (View view : scene.views()) {
                Camera camera = scene.cameraOf(view);
                double unit = Math.max(camera.width(), camera.height());
                for (int k = 0; k < view.keypointCount(); k++) {
                    int p = view.pointIndex(k);
                    if (p < 0) {
                        continue;
                    }
                    // OpenSfM divides residuals by the scale: a pixel for all.
                    String line = view.name() + "\t" + p + "\t" + k + "\t"
                            + (view.x(k) - camera.width() / 2.0) / unit + "\t"
                            + (view.y(k) - camera.height() / 2.0) / unit + "\t" + 1 / unit + "\t"
                            + scene.points().colour(p, 0) + "\t"
                            + scene.points().colour(p, 1) + "\t"
                            + scene.points().colour(p, 2) + "\n";
                    out.write(line.getBytes(StandardCharsets.UTF_8));
                }
            }
        });
    }
}
