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
    private final List<PatchMatch> matches = new ArrayList<>();

    private DenseDepth(List<StereoView> views) {
        this.views = views;
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
        PatchMatch match =
                new PatchMatch(view, partners.stream().map(views::get).toList(), seed);
        match.run();
        boolean[] found = new boolean[match.width * match.height];
        for (int o : partners) {
            Warp there = new Warp(view, views.get(o));
            Warp back = new Warp(views.get(o), view);
            DepthMap map = maps.get(o);
            Surface surface = (x, y) -> map.confidence(x, y) > GUESSED ? 1 / map.depth(x, y) : 0;
            for (int i = 0; i < found.length; i++) {
                found[i] |= match.isMatch(i) && confirms(match, i, there, map.width(), map.height(), surface, back);
            }
        }
        return found;
    }

    /** What another photo says about its own pixels: inverse depths, 0 where it can't tell. */
    private interface Surface {
        float inverse(int x, int y);
    }

    private List<DepthMap> run(int threads, long seed, Progress progress) throws IOException {
        List<List<Integer>> partners = new ArrayList<>();
        for (int v = 0; v < views.size(); v++) {
            partners.add(partners(views.get(v), views));
            List<StereoView> others = partners.get(v).stream().map(views::get).toList();
            matches.add(new PatchMatch(views.get(v), others, seed + v));
        }
        Parallel.forEach(
                "stereo", matches.size(), threads, progress, v -> matches.get(v).run());
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
        PatchMatch own = matches.get(v);
        int width = own.width;
        int height = own.height;
        float[] depth = new float[width * height];
        float[] confidence = new float[width * height];
        int[] votes = new int[width * height];
        for (int o : partners) {
            Warp there = new Warp(views.get(v), views.get(o));
            Warp back = new Warp(views.get(o), views.get(v));
            PatchMatch other = matches.get(o);
            Surface surface = (x, y) -> other.isMatch(y * other.width + x) ? other.inverse[y * other.width + x] : 0;
            for (int i = 0; i < votes.length; i++) {
                votes[i] += confirms(own, i, there, other.width, other.height, surface, back) ? 1 : 0;
            }
        }
        for (int i = 0; i < votes.length; i++) {
            if (votes[i] > 0 && own.isMatch(i)) {
                depth[i] = 1 / own.inverse[i];
                confidence[i] = Math.min(1, votes[i] / 2f);
            }
        }
        return new DepthMap(width, height, depth, confidence);
    }

    private static boolean confirms(
            PatchMatch own, int i, Warp there, int width, int height, Surface surface, Warp back) {
        double x = i % own.width + 0.5;
        double y = i / own.width + 0.5;
        double[] pixel = new double[3];
        if (!there.map(x, y, own.inverse[i], pixel)) {
            return false;
        }
        int px = (int) pixel[0];
        int py = (int) pixel[1];
        if (pixel[0] < 0 || pixel[1] < 0 || px >= width || py >= height) {
            return false;
        }
        float inverse = surface.inverse(px, py);
        double expected = pixel[2];
        if (!(inverse > 0) || Math.abs(inverse - expected) > DEPTH_TOLERANCE * expected) {
            return false;
        }
        double[] returned = new double[3];
        // The partner's own pixel centre is up to half a pixel off; carry the offset along.
        return back.map(pixel[0], pixel[1], inverse, returned)
                && Math.hypot(returned[0] - x, returned[1] - y) < PIXEL_TOLERANCE;
    }

    static float[] filled(int n, float value) {
        float[] array = new float[n];
        Arrays.fill(array, value);
        return array;
    }
}
