package io.github.dinosplat.scene.io;

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
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.joml.Vector3d;

/**
 * The camera files of Middlebury's multi-view stereo benchmark, {@code ..._par.txt}: a count, then for each photo its name,
 * K row by row, and the world-to-camera rotation and translation. Source: Seitz et al. 2006, "A Comparison and Evaluation of
 * Multi-View Stereo Reconstruction Algorithms", and the data's readme.
 */
final class MiddleburyCameras {

    private static final String ENDING = "_par.txt";
    private static final int NUMBERS = 9 + 9 + 3;
    private static final long MAX_BYTES = 1 << 26;

    private MiddleburyCameras() {}

    /** The one such file of a folder. */
    static Optional<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(f -> String.valueOf(f.getFileName()).endsWith(ENDING))
                    .toList();
            return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
        }
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @param images folder with the photos, whose sizes the file does not tell; photos that are not there go to {@code
     *     missing}
     * @param missing receives the names of photos that are not there
     * @return scene without points
     * @throws IOException if the file is damaged, has skew, or none of its photos exists
     */
    static Scene read(Path file, Path images, List<String> missing) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + ": is too large for a camera file: give Middlebury's " + ENDING);
        }
        List<String> lines =
                Files.readString(file).lines().filter(l -> !l.isBlank()).toList();
        if (lines.isEmpty() || !lines.get(0).strip().equals(String.valueOf(lines.size() - 1))) {
            throw new IOException(file + ": its first line must be the number of the photos, " + (lines.size() - 1)
                    + " by its lines: get the file again");
        }
        Map<Camera, Integer> cameras = new LinkedHashMap<>();
        List<View> views = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.strip().split("\\s+");
            try {
                double[] n = numbers(words);
                Path photo = images.resolve(words[0]);
                if (!Files.isRegularFile(photo)) {
                    missing.add(words[0]);
                    continue;
                }
                PhotoHeader header = PhotoHeader.read(photo);
                Camera camera = new Camera(
                        CameraModel.PINHOLE, header.width(), header.height(), n[0], n[4], n[2] + 0.5, n[5] + 0.5);
                Integer index = cameras.computeIfAbsent(camera, c -> cameras.size());
                Rigid3 pose = Rigid3.of(Arrays.copyOfRange(n, 9, 18), new Vector3d(n[18], n[19], n[20]));
                views.add(new View(words[0], index, pose, new double[0], new int[0]));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ": photo " + words[0] + ": " + e.getMessage() + ": get the file again", e);
            }
        }
        if (views.isEmpty()) {
            throw new IOException(file + ": none of its " + missing.size() + " photos is in " + images
                    + ": give the folder that has them by --images");
        }
        views.sort(Comparator.comparing(View::name));
        try {
            return new Scene(List.copyOf(cameras.keySet()), views, ScenePoints.NONE);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage() + ": get the file again", e);
        }
    }

    /** The numbers behind the name, without skew. */
    private static double[] numbers(String[] words) {
        if (words.length != NUMBERS + 1) {
            throw new IllegalArgumentException(
                    "expected " + NUMBERS + " numbers (K, R, t) but found " + (words.length - 1));
        }
        double[] n = new double[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            n[i] = Double.parseDouble(words[i + 1]);
        }
        if (n[1] != 0) {
            throw new IllegalArgumentException("its camera has skew, which no camera model here has");
        }
        return n;
    }
}
