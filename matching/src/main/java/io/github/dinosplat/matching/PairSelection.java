package io.github.dinosplat.matching;

import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.twoview.PhotoPair;
import io.github.dinosplat.scene.GeoPosition;
import io.github.dinosplat.scene.PhotoMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Chooses the pairs of photos worth matching, a bounded number for each photo: those that look alike ({@link Vlad}), those
 * taken near each other, and those next to each other in the list. The number of pairs grows with the photos: at most {@code
 * similar + near + following} for each. Choosing them takes memory for 32 KiB a photo and time that grows with their square,
 * though little of it ({@link Vlad}).
 */
final class PairSelection {

    /** Share of photos with a position that makes the positions worth using. */
    private static final double POSITIONED_SHARE = 0.5;

    private PairSelection() {}

    /**
     * Chooses pairs.
     *
     * @param photos metadata of the photos, in the order of the list
     * @param keypoints keypoints of the same photos
     * @param options which photos are matched with which
     * @return distinct pairs in ascending order
     * @throws IllegalArgumentException if the lists differ in length
     */
    static List<PhotoPair> select(List<PhotoMetadata> photos, List<Keypoints> keypoints, PairOptions options) {
        int n = photos.size();
        if (keypoints.size() != n) {
            throw new IllegalArgumentException(
                    "expected the keypoints of " + n + " photos but were " + keypoints.size());
        }
        TreeSet<PhotoPair> pairs = new TreeSet<>();
        if (n <= options.exhaustiveUpTo()) {
            for (int a = 0; a < n; a++) {
                addFollowing(a, n, n, pairs);
            }
            return new ArrayList<>(pairs);
        }
        long positioned = photos.stream().filter(p -> p.position().isPresent()).count();
        if (options.near() > 0 && positioned >= POSITIONED_SHARE * n) {
            addNearest(photos, options.near(), pairs);
        }
        Vlad.compareAll(keypoints, (a, cosines, offset) -> {
            addBest(a, cosines, offset, n, options.similar(), pairs);
            addFollowing(a, n, options.following(), pairs);
        });
        return new ArrayList<>(pairs);
    }

    private static void addFollowing(int a, int n, int count, TreeSet<PhotoPair> pairs) {
        for (int b = a + 1; b < n && b <= (long) a + count; b++) {
            pairs.add(new PhotoPair(a, b));
        }
    }

    /** The photos with the greatest scores in a row; of equal ones the first. */
    private static void addBest(int a, float[] scores, int offset, int n, int count, TreeSet<PhotoPair> pairs) {
        long[] keys = new long[n - 1];
        int k = 0;
        for (int b = 0; b < n; b++) {
            if (b != a) {
                int bits = Float.floatToIntBits(-scores[offset + b]);
                // Order-preserving bits: negative floats sort backwards.
                int ordered = bits ^ ((bits >> 31) & 0x7fffffff);
                keys[k++] = ((long) ordered << 32) | b;
            }
        }
        Arrays.sort(keys);
        for (int i = 0; i < Math.min(count, keys.length); i++) {
            pairs.add(PhotoPair.of(a, (int) keys[i]));
        }
    }

    /** The nearest photos in the horizontal: the height of a camera's GPS is often off by tens of metres. */
    private static void addNearest(List<PhotoMetadata> photos, int count, TreeSet<PhotoPair> pairs) {
        int n = photos.size();
        float[] closeness = new float[n];
        for (int a = 0; a < n; a++) {
            Optional<GeoPosition> here = photos.get(a).position();
            if (here.isEmpty()) {
                continue;
            }
            int positioned = 0;
            for (int b = 0; b < n; b++) {
                Optional<GeoPosition> there = photos.get(b).position();
                closeness[b] = there.isPresent() ? (float) -metres(here.get(), there.get()) : Float.NEGATIVE_INFINITY;
                positioned += there.isPresent() && a != b ? 1 : 0;
            }
            addBest(a, closeness, 0, n, Math.min(count, positioned), pairs);
        }
    }

    /** Horizontal distance on a sphere, good to 1 % over a survey. */
    private static double metres(GeoPosition a, GeoPosition b) {
        double north = b.latitudeDeg() - a.latitudeDeg();
        double east = (b.longitudeDeg() - a.longitudeDeg())
                * Math.cos(Math.toRadians(0.5 * (a.latitudeDeg() + b.latitudeDeg())));
        return Math.hypot(north, east) * 111_195;
    }
}
