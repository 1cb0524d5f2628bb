package io.github.dinosplat.matching;

import io.github.dinosplat.matching.twoview.MatchedPair;
import io.github.dinosplat.matching.twoview.PhotoPair;
import io.github.dinosplat.matching.twoview.TwoViewGeometry;
import io.github.dinosplat.scene.Rigid3;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/** Verified matches of a photo set on disk. */
final class MatchFiles {

    private static final String KIND = "DSMP";
    private static final int VERSION = 1;
    /** Photos, kind, F, flag, E, pose, inlier counts, angle, count. */
    private static final int FIXED = 8 + 4 + 72 + 4 + 72 + 56 + 12 + 8 + 4;

    private MatchFiles() {}

    /**
     * Writes matches; the file appears whole or not at all.
     *
     * @param pairs the pairs
     * @param path the file
     * @param key says what the matches were made of: a hash of the keypoints, pairs and options
     * @throws IOException if the file cannot be written
     */
    static void write(List<MatchedPair> pairs, Path path, long key) throws IOException {
        long size = 4;
        for (MatchedPair p : pairs) {
            size += FIXED + 8L * p.count();
        }
        ByteBuffer out = CacheFile.content(size).putInt(pairs.size());
        for (MatchedPair p : pairs) {
            write(p, out);
        }
        CacheFile.write(path, KIND, VERSION, key, out);
    }

    private static void write(MatchedPair pair, ByteBuffer out) {
        TwoViewGeometry g = pair.geometry();
        out.putInt(pair.photoA()).putInt(pair.photoB()).putInt(g.kind().ordinal());
        put(g.fundamental(), out);
        Rigid3 pose = g.bFromA().orElse(Rigid3.IDENTITY);
        out.putInt((g.essential().isPresent() ? 1 : 0) | (g.bFromA().isPresent() ? 2 : 0));
        put(g.essential().orElse(new double[9]), out);
        out.putDouble(pose.rotation().x())
                .putDouble(pose.rotation().y())
                .putDouble(pose.rotation().z());
        out.putDouble(pose.rotation().w());
        out.putDouble(pose.translation().x())
                .putDouble(pose.translation().y())
                .putDouble(pose.translation().z());
        out.putInt(g.fundamentalInliers()).putInt(g.essentialInliers()).putInt(g.homographyInliers());
        out.putDouble(g.medianAngleDeg()).putInt(pair.count());
        for (int i = 0; i < pair.count(); i++) {
            out.putInt(pair.keypointA(i)).putInt(pair.keypointB(i));
        }
    }

    private static void put(double[] values, ByteBuffer out) {
        for (double v : values) {
            out.putDouble(v);
        }
    }

    /**
     * Reads matches.
     *
     * @param path the file
     * @param key what the matches have to be made of
     * @return the pairs that were written
     * @throws IOException if the file is absent, damaged, of another version or made of something else
     */
    static List<MatchedPair> read(Path path, long key) throws IOException {
        ByteBuffer in = CacheFile.read(path, KIND, VERSION, key);
        List<MatchedPair> pairs = new ArrayList<>();
        try {
            int n = in.remaining() < 4 ? -1 : in.getInt();
            for (int i = 0; i < n; i++) {
                pairs.add(read(in, path));
            }
            if (n < 0 || in.hasRemaining()) {
                throw CacheFile.broken(path, "it names " + n + " pairs, which does not fit its length");
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw CacheFile.broken(path, "pair " + pairs.size() + " is damaged");
        }
        return List.copyOf(pairs);
    }

    private static MatchedPair read(ByteBuffer in, Path path) throws IOException {
        PhotoPair photos = new PhotoPair(in.getInt(), in.getInt());
        int kind = in.getInt();
        if (kind < 0 || kind >= TwoViewGeometry.Kind.values().length) {
            throw CacheFile.broken(path, "kind of geometry " + kind + " is unknown");
        }
        double[] fundamental = nine(in);
        int flags = in.getInt();
        double[] essential = nine(in);
        Rigid3 pose = new Rigid3(
                new Quaterniond(in.getDouble(), in.getDouble(), in.getDouble(), in.getDouble()),
                new Vector3d(in.getDouble(), in.getDouble(), in.getDouble()));
        int f = in.getInt();
        int e = in.getInt();
        int h = in.getInt();
        double angle = in.getDouble();
        int count = in.getInt();
        if (count < 0 || in.remaining() < 8L * count) {
            throw CacheFile.broken(path, "it names " + count + " matches, which does not fit its length");
        }
        int[] a = new int[count];
        int[] b = new int[count];
        for (int i = 0; i < count; i++) {
            a[i] = in.getInt();
            b[i] = in.getInt();
        }
        return new MatchedPair(
                photos,
                a,
                b,
                new TwoViewGeometry(
                        TwoViewGeometry.Kind.values()[kind],
                        fundamental,
                        (flags & 1) != 0 ? Optional.of(essential) : Optional.empty(),
                        (flags & 2) != 0 ? Optional.of(pose) : Optional.empty(),
                        f,
                        e,
                        h,
                        angle));
    }

    private static double[] nine(ByteBuffer in) {
        double[] values = new double[9];
        for (int i = 0; i < 9; i++) {
            values[i] = in.getDouble();
        }
        return values;
    }
}
