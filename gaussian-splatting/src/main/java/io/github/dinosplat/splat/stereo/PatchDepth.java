package io.github.dinosplat.splat.stereo;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Progress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Depth by what a network says about the patches of photos with known cameras: plane sweep over cosines of features
 * ({@link PatchSweep}), then only what another photo's own depths confirm. Coarser than {@link DenseDepth}, but it finds
 * places again that look too different from one photo to the next for correlation of their pixels.
 *
 * <p>The same input gives the same bits, for any number of threads.
 */
public final class PatchDepth {

    /** What another photo's patches confirm: more than a guess, less than what correlation of pixels confirms. */
    public static final float CONFIDENCE = 0.3f;

    /** Another photo confirms a depth that it sees to within this part, and to less than a patch on the way back. */
    private static final double DEPTH_TOLERANCE = 0.05;

    /** A photo's patches count where half of its sparse points lie within this part of their depths. */
    private static final double POINT_TOLERANCE = 0.03;

    /** With fewer sparse points on known patches nothing can be said. */
    private static final int LEAST_POINTS = 5;

    private final List<StereoView> views;
    private final List<List<Integer>> partners;
    private final List<PatchSweep> sweeps;

    private PatchDepth(List<StereoView> views, List<List<Integer>> partners, List<PatchSweep> sweeps) {
        this.views = views;
        this.partners = partners;
        this.sweeps = sweeps;
    }

    /**
     * Estimates depths.
     *
     * @param views photos with sparse points
     * @param features their features, about zero on the whole
     * @param threads how many threads to use; the result does not depend on it
     * @param progress told about every photo as stage {@code "patches"}
     * @return for each view a map of its picture's size: depths in scene units, 0 where unknown; the confidence is
     *     {@link #CONFIDENCE}
     * @throws IllegalArgumentException if there are not as many feature maps as photos
     * @throws java.util.concurrent.CancellationException if {@code progress} asked to stop
     * @throws IOException if the calling thread is interrupted
     */
    public static List<DepthMap> estimate(
            List<StereoView> views, List<FeatureMap> features, int threads, Progress progress) throws IOException {
        if (features.size() != views.size()) {
            throw new IllegalArgumentException(
                    "expected features of " + views.size() + " photos but there were " + features.size());
        }
        List<List<Integer>> partners =
                views.stream().map(v -> DenseDepth.partners(v, views)).toList();
        List<PatchSweep> sweeps = IntStream.range(0, views.size())
                .mapToObj(v -> new PatchSweep(
                        views.get(v),
                        features.get(v),
                        partners.get(v).stream().map(views::get).toList(),
                        partners.get(v).stream().map(features::get).toList()))
                .toList();
        Parallel.forEach(
                "patches", views.size(), threads, progress, v -> sweeps.get(v).run());
        PatchDepth depth = new PatchDepth(views, partners, sweeps);
        return IntStream.range(0, views.size())
                .mapToObj(v -> depth.enlarged(v, depth.trusted(v)))
                .toList();
    }

    /** The confirmed inverse depths where the photo's sparse points agree with them on the whole, none where they don't. */
    private float[] trusted(int v) {
        StereoView view = views.get(v);
        float[] inverse = confirmed(v);
        double[] errors = IntStream.range(0, view.points().length / 3)
                .mapToObj(i -> view.camera().see(view.point(3 * i)))
                .flatMap(Optional::stream)
                .mapToDouble(p -> inverse[sweeps.get(v).at(p.x(), p.y())] * p.depth() - 1)
                .filter(error -> error > -1)
                .map(Math::abs)
                .sorted()
                .toArray();
        return errors.length >= LEAST_POINTS && errors[errors.length / 2] < POINT_TOLERANCE
                ? inverse
                : new float[inverse.length];
    }

    /** [rows, columns] inverse depths, 0 where no other photo confirms them. */
    private float[] confirmed(int v) {
        PatchSweep own = sweeps.get(v);
        float[] inverse = new float[own.rows * own.columns];
        for (int o : partners.get(v)) {
            Warp there = new Warp(views.get(v), views.get(o));
            Warp back = new Warp(views.get(o), views.get(v));
            for (int i = 0; i < inverse.length; i++) {
                if (confirms(own, i, there, sweeps.get(o), back)) {
                    inverse[i] = own.inverse[i];
                }
            }
        }
        return inverse;
    }

    private static boolean confirms(PatchSweep own, int i, Warp there, PatchSweep other, Warp back) {
        double[] place = new double[3];
        double x = own.x(i);
        double y = own.y(i);
        if (!(own.inverse[i] > 0) || !there.map(x, y, own.inverse[i], place)) {
            return false;
        }
        int at = other.at(place[0], place[1]);
        if (at < 0 || Math.abs(other.inverse[at] / place[2] - 1) > DEPTH_TOLERANCE) {
            return false;
        }
        double[] returned = new double[3];
        return back.map(place[0], place[1], other.inverse[at], returned)
                && Math.hypot(returned[0] - x, returned[1] - y) < own.patch;
    }

    /** A map of the picture's size: bilinear where four patches around a pixel are known and alike, else the pixel's own. */
    private DepthMap enlarged(int v, float[] inverse) {
        int width = views.get(v).picture().width();
        int height = views.get(v).picture().height();
        float[] depth = new float[width * height];
        float[] confidence = new float[width * height];
        for (int i = 0; i < depth.length; i++) {
            float value = sweeps.get(v).interpolated(inverse, i % width + 0.5, i / width + 0.5);
            if (value > 0) {
                depth[i] = 1 / value;
                confidence[i] = CONFIDENCE;
            }
        }
        return new DepthMap(width, height, depth, confidence);
    }
}
