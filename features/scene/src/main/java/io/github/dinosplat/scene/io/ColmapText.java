package io.github.dinosplat.scene.io;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.StringTokenizer;
import java.util.TreeMap;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.jspecify.annotations.Nullable;

/** COLMAP's text model files. */
final class ColmapText {

    private ColmapText() {}

    static Scene read(Path folder) throws IOException {
        ColmapRecords records = new ColmapRecords();
        readCameras(folder.resolve("cameras.txt")).forEach(records::addCamera);
        readPhotos(folder.resolve("images.txt"), records);
        readPoints(folder.resolve("points3D.txt"), records);
        return records.toScene(folder);
    }

    /** The cameras of a cameras.txt by their numbers. */
    static SortedMap<Long, Camera> readCameras(Path path) throws IOException {
        SortedMap<Long, Camera> cameras = new TreeMap<>();
        try (Lines lines = new Lines(path)) {
            for (String line = lines.nextFilled(); line != null; line = lines.nextFilled()) {
                try {
                    StringTokenizer words = new StringTokenizer(line);
                    long id = lines.integer(words);
                    CameraModel model = CameraModel.valueOf(lines.word(words));
                    int width = Math.toIntExact(lines.integer(words));
                    int height = Math.toIntExact(lines.integer(words));
                    double[] parameters = new double[words.countTokens()];
                    for (int i = 0; i < parameters.length; i++) {
                        parameters[i] = lines.number(words);
                    }
                    if (cameras.put(id, new Camera(model, width, height, parameters)) != null) {
                        throw lines.error("camera " + id + " comes twice");
                    }
                } catch (IllegalArgumentException | ArithmeticException e) {
                    throw lines.error(String.valueOf(e.getMessage()));
                }
            }
        }
        return cameras;
    }

    private static void readPhotos(Path path, ColmapRecords records) throws IOException {
        try (Lines lines = new Lines(path)) {
            for (String line = lines.nextFilled(); line != null; line = lines.nextFilled()) {
                StringTokenizer words = new StringTokenizer(line);
                long id = lines.integer(words);
                double w = lines.number(words);
                Quaterniond rotation =
                        new Quaterniond(lines.number(words), lines.number(words), lines.number(words), w);
                Vector3d translation = new Vector3d(lines.number(words), lines.number(words), lines.number(words));
                long cameraId = lines.integer(words);
                // The rest of the line: a name may have spaces.
                String name = lines.word(words) + (words.hasMoreTokens() ? words.nextToken("") : "").stripTrailing();
                String second = lines.next();
                StringTokenizer observations = new StringTokenizer(second == null ? "" : second);
                int count = observations.countTokens() / 3;
                if (observations.countTokens() % 3 != 0) {
                    throw lines.error("expected X Y POINT3D_ID for each keypoint but found "
                            + observations.countTokens() + " words");
                }
                double[] keypoints = new double[2 * count];
                long[] pointIds = new long[count];
                for (int k = 0; k < count; k++) {
                    keypoints[2 * k] = lines.number(observations);
                    keypoints[2 * k + 1] = lines.number(observations);
                    pointIds[k] = lines.integer(observations);
                }
                try {
                    records.addPhoto(id, name, new Rigid3(rotation, translation), cameraId, keypoints, pointIds);
                } catch (IllegalArgumentException e) {
                    throw lines.error(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private static void readPoints(Path path, ColmapRecords records) throws IOException {
        try (Lines lines = new Lines(path)) {
            for (String line = lines.nextFilled(); line != null; line = lines.nextFilled()) {
                StringTokenizer words = new StringTokenizer(line);
                long id = lines.integer(words);
                double x = lines.number(words);
                double y = lines.number(words);
                double z = lines.number(words);
                int red = (int) lines.integer(words);
                int green = (int) lines.integer(words);
                int blue = (int) lines.integer(words);
                try {
                    records.addPoint(id, x, y, z, red, green, blue, lines.number(words));
                } catch (IllegalArgumentException e) {
                    throw lines.error(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    /** The lines of a text file that knows where it is, for messages. */
    private static final class Lines implements AutoCloseable {

        private final Path path;
        private final BufferedReader reader;
        private int number;

        Lines(Path path) throws IOException {
            this.path = path;
            this.reader = Files.newBufferedReader(path);
        }

        @Nullable
        String next() throws IOException {
            try {
                number++;
                return reader.readLine();
            } catch (java.nio.charset.CharacterCodingException e) {
                throw error("is not UTF-8 text");
            }
        }

        /** The next line that is neither blank nor a comment. */
        @Nullable
        String nextFilled() throws IOException {
            String line = next();
            while (line != null && (line.isBlank() || line.startsWith("#"))) {
                line = next();
            }
            return line;
        }

        String word(StringTokenizer words) throws IOException {
            if (!words.hasMoreTokens()) {
                throw error("too few words");
            }
            return words.nextToken();
        }

        double number(StringTokenizer words) throws IOException {
            String word = word(words);
            try {
                return Double.parseDouble(word);
            } catch (NumberFormatException e) {
                throw error("expected a number but found " + word);
            }
        }

        long integer(StringTokenizer words) throws IOException {
            String word = word(words);
            try {
                return Long.parseLong(word);
            } catch (NumberFormatException e) {
                throw error("expected a whole number but found " + word);
            }
        }

        IOException error(String what) {
            return new IOException(path + ": line " + number + ": " + what + ": export the model again");
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
