package io.github.dinosplat.matching;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.io.AtomicFiles;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/**
 * Keypoints and matches on disk, so that a stopped run goes on where it was. Files are named by a hash of all that they
 * depend on: what does not fit is never found. A damaged file counts as absent. Numbers are stored exactly.
 */
final class SfmCache {

    /** Goes up whenever the files or what they depend on change their meaning. */
    private static final String VERSION = "dinosplat-sfm-1";

    private final Path folder;

    SfmCache(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("keypoints"));
        Files.createDirectories(folder.resolve("matches"));
    }

    /** Key of a photo's keypoints. */
    static String keypointKey(Photo photo, KeypointOptions options) throws IOException {
        MessageDigest digest = sha256();
        digest.update((VERSION + options).getBytes(StandardCharsets.UTF_8));
        try (InputStream in = Files.newInputStream(photo.path())) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Key of the matches of some pairs. */
    static String matchKey(
            List<PhotoPair> pairs, List<String> keypointKeys, List<Optional<Camera>> cameras, MatchOptions options) {
        MessageDigest digest = sha256();
        digest.update((VERSION + options).getBytes(StandardCharsets.UTF_8));
        for (PhotoPair pair : pairs) {
            String text = pair.a() + " " + pair.b() + " " + keypointKeys.get(pair.a()) + " "
                    + keypointKeys.get(pair.b()) + " " + cameras.get(pair.a()) + " " + cameras.get(pair.b()) + ";";
            digest.update(text.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Reads something that may be there. */
    private interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    private static <T> Optional<T> read(Path file, Reader<T> reader) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            T value = reader.read(in);
            return in.read() < 0 ? Optional.of(value) : Optional.empty();
        } catch (EOFException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Optional<Keypoints> keypoints(String key) throws IOException {
        return read(keypointFile(key), in -> {
            int n = count(in);
            return new Keypoints(
                    floats(in, n),
                    floats(in, n),
                    floats(in, n),
                    floats(in, n),
                    floats(in, n * Keypoints.DESCRIPTOR_SIZE));
        });
    }

    void store(String key, Keypoints keypoints) throws IOException {
        AtomicFiles.write(keypointFile(key), stream -> {
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream, 1 << 16));
            int n = keypoints.count();
            out.writeInt(n);
            for (int i = 0; i < n; i++) {
                out.writeFloat((float) keypoints.x(i));
            }
            for (int i = 0; i < n; i++) {
                out.writeFloat((float) keypoints.y(i));
            }
            for (int i = 0; i < n; i++) {
                out.writeFloat((float) keypoints.scale(i));
            }
            for (int i = 0; i < n; i++) {
                out.writeFloat((float) keypoints.orientation(i));
            }
            for (float d : keypoints.descriptors()) {
                out.writeFloat(d);
            }
            out.flush();
        });
    }

    Optional<List<MatchedPair>> matches(String key) throws IOException {
        return read(matchFile(key), in -> {
            int n = count(in);
            List<MatchedPair> pairs = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                pairs.add(readPair(in));
            }
            return List.copyOf(pairs);
        });
    }

    void store(String key, List<MatchedPair> pairs) throws IOException {
        AtomicFiles.write(matchFile(key), stream -> {
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream, 1 << 16));
            out.writeInt(pairs.size());
            for (MatchedPair pair : pairs) {
                writePair(pair, out);
            }
            out.flush();
        });
    }

    private static void writePair(MatchedPair pair, DataOutputStream out) throws IOException {
        out.writeInt(pair.photoA());
        out.writeInt(pair.photoB());
        out.writeInt(pair.count());
        for (int i = 0; i < pair.count(); i++) {
            out.writeInt(pair.keypointA(i));
            out.writeInt(pair.keypointB(i));
        }
        TwoViewGeometry g = pair.geometry();
        out.writeInt(g.kind().ordinal());
        writeDoubles(out, g.fundamental());
        out.writeBoolean(g.essential().isPresent());
        writeDoubles(out, g.essential().orElse(new double[0]));
        out.writeBoolean(g.bFromA().isPresent());
        if (g.bFromA().isPresent()) {
            Rigid3 pose = g.bFromA().orElseThrow();
            writeDoubles(
                    out,
                    pose.rotation().x(),
                    pose.rotation().y(),
                    pose.rotation().z(),
                    pose.rotation().w(),
                    pose.translation().x(),
                    pose.translation().y(),
                    pose.translation().z());
        }
        out.writeInt(g.fundamentalInliers());
        out.writeInt(g.essentialInliers());
        out.writeInt(g.homographyInliers());
        out.writeDouble(g.medianAngleDeg());
    }

    private static MatchedPair readPair(DataInputStream in) throws IOException {
        PhotoPair photos = new PhotoPair(in.readInt(), in.readInt());
        int n = count(in);
        int[] a = new int[n];
        int[] b = new int[n];
        for (int i = 0; i < n; i++) {
            a[i] = in.readInt();
            b[i] = in.readInt();
        }
        int kind = in.readInt();
        if (kind < 0 || kind >= TwoViewGeometry.Kind.values().length) {
            throw new IllegalArgumentException("kind of two-view geometry " + kind);
        }
        double[] fundamental = doubles(in, 9);
        Optional<double[]> essential = in.readBoolean() ? Optional.of(doubles(in, 9)) : Optional.empty();
        Optional<Rigid3> pose = Optional.empty();
        if (in.readBoolean()) {
            double[] p = doubles(in, 7);
            pose = Optional.of(new Rigid3(new Quaterniond(p[0], p[1], p[2], p[3]), new Vector3d(p[4], p[5], p[6])));
        }
        return new MatchedPair(
                photos,
                a,
                b,
                new TwoViewGeometry(
                        TwoViewGeometry.Kind.values()[kind],
                        fundamental,
                        essential,
                        pose,
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        in.readDouble()));
    }

    private static void writeDoubles(DataOutputStream out, double... values) throws IOException {
        for (double v : values) {
            out.writeDouble(v);
        }
    }

    private static double[] doubles(DataInputStream in, int n) throws IOException {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }

    private static float[] floats(DataInputStream in, int n) throws IOException {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }

    private static int count(DataInputStream in) throws IOException {
        int n = in.readInt();
        if (n < 0 || n > 10_000_000) {
            throw new IllegalArgumentException("count " + n);
        }
        return n;
    }

    private Path keypointFile(String key) {
        return folder.resolve("keypoints").resolve(key + ".bin");
    }

    private Path matchFile(String key) {
        return folder.resolve("matches").resolve(key + ".bin");
    }
}
