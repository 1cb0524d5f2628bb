package io.github.dinosplat.scene.io;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.StringTokenizer;
import java.util.TreeMap;
import org.joml.Quaterniond;
import org.joml.Quaterniondc;
import org.joml.Vector3d;
import org.joml.Vector3dc;
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

    static void write(Scene scene, Path folder) throws IOException {
        StringBuilder cameras = new StringBuilder("# CAMERA_ID, MODEL, WIDTH, HEIGHT, PARAMS[]\n");
        for (int c = 0; c < scene.cameras().size(); c++) {
            Camera camera = scene.cameras().get(c);
            cameras.append(c + 1).append(' ').append(camera.model()).append(' ');
            cameras.append(camera.width()).append(' ').append(camera.height());
            for (double parameter : camera.parameters()) {
                cameras.append(' ').append(parameter);
            }
            cameras.append('\n');
        }
        AtomicFiles.writeText(folder.resolve("cameras.txt"), cameras.toString());
        AtomicFiles.write(folder.resolve("images.txt"), out -> writePhotos(scene, out));
        AtomicFiles.write(folder.resolve("points3D.txt"), out -> writePoints(scene, out));
    }

    private static void writePhotos(Scene scene, OutputStream out) throws IOException {
        put(out, "# IMAGE_ID, QW, QX, QY, QZ, TX, TY, TZ, CAMERA_ID, NAME; then a line of X, Y, POINT3D_ID\n");
        for (int v = 0; v < scene.views().size(); v++) {
            View view = scene.views().get(v);
            Quaterniondc q = view.camFromWorld().rotation();
            Vector3dc t = view.camFromWorld().translation();
            StringBuilder lines = new StringBuilder().append(v + 1);
            for (double value : new double[] {q.w(), q.x(), q.y(), q.z(), t.x(), t.y(), t.z()}) {
                lines.append(' ').append(value);
            }
            lines.append(' ').append(view.cameraIndex() + 1).append(' ').append(view.name());
            lines.append('\n');
            for (int k = 0; k < view.keypointCount(); k++) {
                int point = view.pointIndex(k);
                lines.append(k == 0 ? "" : " ").append(view.x(k)).append(' ').append(view.y(k));
                lines.append(' ').append(point < 0 ? -1 : point + 1);
            }
            put(out, lines.append('\n').toString());
        }
    }

    private static void writePoints(Scene scene, OutputStream out) throws IOException {
        put(out, "# POINT3D_ID, X, Y, Z, R, G, B, ERROR, TRACK[] as IMAGE_ID, POINT2D_IDX\n");
        ScenePoints points = scene.points();
        for (int p = 0; p < points.count(); p++) {
            StringBuilder line = new StringBuilder().append(p + 1);
            for (int axis = 0; axis < 3; axis++) {
                line.append(' ').append(points.coordinate(p, axis));
            }
            for (int channel = 0; channel < 3; channel++) {
                line.append(' ').append(points.colour(p, channel));
            }
            line.append(' ').append(points.error(p));
            for (int i = 0; i < scene.trackLength(p); i++) {
                line.append(' ').append(scene.trackView(p, i) + 1).append(' ').append(scene.trackKeypoint(p, i));
            }
            put(out, line.append('\n').toString());
        }
    }

    private static void put(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
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
            } catch (CharacterCodingException e) {
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
