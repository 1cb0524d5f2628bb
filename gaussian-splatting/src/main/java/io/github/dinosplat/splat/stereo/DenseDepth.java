package io.github.dinosplat.splat.stereo;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.joml.Vector3d;

/**
 * Depth for every pixel that two photos show: PatchMatch stereo with slanted windows (Bleyer et al. 2011, Galliani et al.
 * 2015) for each photo against its best partners, then only what the partners' own depths confirm.
 *
 * <p>The same input and seed give the same bits, for any number of threads.
 */
public final class DenseDepth {

    /** Confidence of a guess in a hole; what another photo confirms has more. */
    public static final float GUESSED = 0.25f;

    /** With how many other photos each is compared. */
    private static final int PARTNERS = 4;

    /** An angle between the rays to a point at which a partner is fully useful, radians, and one at which it is useless. */
    private static final double GOOD_ANGLE = Math.toRadians(5);

    private static final double MOST_ANGLE = Math.toRadians(50);

    /** Another photo confirms a depth that it sees to within this part, and this many pixels on the way back. */
    private static final double DEPTH_TOLERANCE = 0.015;

    private static final double PIXEL_TOLERANCE = 1.5;

    private final List<StereoView> views;
    /** By view: [height, width] inverse depths before any is confirmed, 0 where there is none. */
    private final float[][] inverses;

    private DenseDepth(List<StereoView> views) {
        this.views = views;
        inverses = new float[views.size()][];
    }

    /**
     * Estimates depths.
     *
     * @param views photos with sparse points
     * @param threads how many threads to use; the result does not depend on it
     * @param seed seed of the random search
     * @param progress told about every photo as stage {@code "stereo"}
     * @return for each view a map of its picture's size: depths in scene units, 0 where unknown; the confidence is 1 where
     *     two other photos confirm it, 0.5 where one does, {@link #GUESSED} in holes near what is confirmed
     * @throws java.util.concurrent.CancellationException if {@code progress} asked to stop
     * @throws IOException if the calling thread is interrupted
     */
    public static List<DepthMap> estimate(List<StereoView> views, int threads, long seed, Progress progress)
            throws IOException {
        return new DenseDepth(views).run(threads, seed, progress);
    }

    /**
     * Finds what further photos show of the surfaces that {@link #estimate} found.
     *
     * @param further photos with sparse points
     * @param views the photos of the estimate
     * @param maps its result
     * @param threads how many threads to use; the result does not depend on it
     * @param seed seed of the random search
     * @param progress told about every further photo as stage {@code "stereo"}
     * @return for each further photo [height, width]: whether the pixel was found again on a surface that another photo
     *     confirmed; a sky or a bare wall has nothing to be found by
     * @throws java.util.concurrent.CancellationException if {@code progress} asked to stop
     * @throws IOException if the calling thread is interrupted
     */
    public static List<boolean[]> found(
            List<StereoView> further,
            List<StereoView> views,
            List<DepthMap> maps,
            int threads,
            long seed,
            Progress progress)
            throws IOException {
        List<boolean[]> found = new ArrayList<>(Collections.nCopies(further.size(), new boolean[0]));
        Parallel.forEach(
                "stereo",
                further.size(),
                threads,
                progress,
                i -> found.set(i, found(further.get(i), views, maps, seed + i)));
        return found;
    }

    private static boolean[] found(StereoView view, List<StereoView> views, List<DepthMap> maps, long seed) {
        List<Integer> partners = partners(view, views);
        float[] inverses =
                PatchMatch.inverse(view, partners.stream().map(views::get).toList(), seed);
        boolean[] found = new boolean[inverses.length];
        for (int o : partners) {
            Pair pair = new Pair(view, views.get(o));
            DepthMap map = maps.get(o);
            Surface surface = (x, y) -> map.confidence(x, y) > GUESSED ? 1 / map.depth(x, y) : 0;
            for (int i = 0; i < found.length; i++) {
                found[i] |= inverses[i] > 0 && pair.confirms(i, inverses[i], surface);
            }
        }
        return found;
    }

    /** What another photo says about its own pixels: inverse depths, 0 where it can't tell. */
    private interface Surface {
        float inverse(int x, int y);
    }

    private List<DepthMap> run(int threads, long seed, Progress progress) throws IOException {
        List<List<Integer>> partners =
                views.stream().map(view -> partners(view, views)).toList();
        Parallel.forEach("stereo", views.size(), threads, progress, v -> {
            List<StereoView> others = partners.get(v).stream().map(views::get).toList();
            inverses[v] = PatchMatch.inverse(views.get(v), others, seed + v);
        });
        List<DepthMap> maps = new ArrayList<>();
        for (int v = 0; v < views.size(); v++) {
            maps.add(HoleFilling.fill(Speckles.removed(confirmed(v, partners.get(v)))));
        }
        return maps;
    }

    /** The views that see many of the same points from angles that tell their depth, best first. */
    static List<Integer> partners(StereoView view, List<StereoView> views) {
        double[] scores = new double[views.size()];
        for (int o = 0; o < scores.length; o++) {
            scores[o] = views.get(o) == view ? 0 : score(view, views.get(o));
        }
        return IntStream.range(0, scores.length)
                .filter(o -> scores[o] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer o) -> -scores[o]))
                .limit(PARTNERS)
                .toList();
    }

    private static double score(StereoView view, StereoView other) {
        Warp warp = new Warp(view, other);
        double score = 0;
        for (int i = 0; i < view.points().length; i += 3) {
            Vector3d point = view.point(i);
            if (other.camera().see(point).isPresent()) {
                double angle = warp.angleAt(point);
                score += angle > MOST_ANGLE ? 0 : Math.min(1, angle / GOOD_ANGLE);
            }
        }
        return score;
    }

    private DepthMap confirmed(int v, List<Integer> partners) {
        StereoView view = views.get(v);
        float[] own = inverses[v];
        float[] depth = new float[own.length];
        float[] confidence = new float[own.length];
        int[] votes = new int[own.length];
        for (int o : partners) {
            Pair pair = new Pair(view, views.get(o));
            int width = views.get(o).picture().width();
            Surface surface = (x, y) -> inverses[o][y * width + x];
            for (int i = 0; i < votes.length; i++) {
                votes[i] += own[i] > 0 && pair.confirms(i, own[i], surface) ? 1 : 0;
            }
        }
        for (int i = 0; i < votes.length; i++) {
            if (votes[i] > 0) {
                depth[i] = 1 / own[i];
                confidence[i] = Math.min(1, votes[i] / 2f);
            }
        }
        return new DepthMap(view.picture().width(), view.picture().height(), depth, confidence);
    }

    /** A photo beside another one that may confirm its depths. */
    private static final class Pair {

        private final int width;
        private final int otherWidth;
        private final int otherHeight;
        private final Warp there;
        private final Warp back;

        Pair(StereoView view, StereoView other) {
            width = view.picture().width();
            otherWidth = other.picture().width();
            otherHeight = other.picture().height();
            there = new Warp(view, other);
            back = new Warp(other, view);
        }

        /** Whether the other photo shows its surface where a pixel with this inverse depth would lie on it. */
        boolean confirms(int i, float own, Surface surface) {
            double x = i % width + 0.5;
            double y = i / width + 0.5;
            double[] pixel = new double[3];
            if (!there.map(x, y, own, pixel)) {
                return false;
            }
            int px = (int) pixel[0];
            int py = (int) pixel[1];
            if (pixel[0] < 0 || pixel[1] < 0 || px >= otherWidth || py >= otherHeight) {
                return false;
            }
            float inverse = surface.inverse(px, py);
            double expected = pixel[2];
            if (!(inverse > 0) || Math.abs(inverse - expected) > DEPTH_TOLERANCE * expected) {
                return false;
            }
            double[] returned = new double[3];
            // The other's own pixel centre is up to half a pixel off; carry the offset along.
            return back.map(pixel[0], pixel[1], inverse, returned)
                    && Math.hypot(returned[0] - x, returned[1] - y) < PIXEL_TOLERANCE;
        }
    }

    static float[] filled(int n, float value) {
        float[] array = new float[n];
        Arrays.fill(array, value);
        return array;
    }
}
