package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.stereo.DenseDepth;
import io.github.dinosplat.splat.stereo.StereoView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is known about the depths of the training photos, from each other: seeds and targets. */
final class PhotoDepths implements DenseSeeds.Source {

    /** Pictures are halved until their long side is at most this: enough for seeds, and seconds a photo. */
    private static final int MOST_SIZE = 512;

    /** And until all together have at most so many pixels, which bounds memory and time where photos are many. */
    private static final long MOST_PIXELS = 12_000_000;

    private final List<View> views;
    private final TrainingPhotos photos;
    private final int level;
    private final List<DepthMap> maps;
    private final Map<Integer, DepthTarget> targets = new HashMap<>();
    private final boolean keep;

    private PhotoDepths(List<View> views, TrainingPhotos photos, int level, List<DepthMap> maps, long mostBytes) {
        this.views = views;
        this.photos = photos;
        this.level = level;
        this.maps = maps;
        keep = 8 * pixels(views, photos, 0) <= mostBytes;
    }

    /**
     * Estimates the depths.
     *
     * @param scene in the normalised frame
     * @param views the photos that are trained on
     * @param mostBytes targets are kept in memory up to this, and made anew for each step beyond
     */
    static PhotoDepths of(
            Scene scene,
            List<View> views,
            TrainingPhotos photos,
            TrainOptions options,
            long mostBytes,
            Progress progress)
            throws IOException {
        int level = level(views, photos);
        List<StereoView> stereo = new ArrayList<>();
        for (View view : views) {
            stereo.add(new StereoView(
                    photos.camera(view, level), view.camFromWorld(), photos.image(view, level), points(scene, view)));
        }
        List<DepthMap> maps = DenseDepth.estimate(stereo, options.threads(), options.seed(), progress);
        return new PhotoDepths(views, photos, level, maps, mostBytes);
    }

    private static int level(List<View> views, TrainingPhotos photos) {
        int level = 0;
        while (longSide(views, photos, level) > MOST_SIZE || pixels(views, photos, level) > MOST_PIXELS) {
            level++;
        }
        return level;
    }

    private static int longSide(List<View> views, TrainingPhotos photos, int level) {
        return views.stream()
                .map(v -> photos.camera(v, level))
                .mapToInt(c -> Math.max(c.width(), c.height()))
                .max()
                .orElse(0);
    }

    private static long pixels(List<View> views, TrainingPhotos photos, int level) {
        return views.stream()
                .map(v -> photos.camera(v, level))
                .mapToLong(c -> (long) c.width() * c.height())
                .sum();
    }

    /** The points that a view observes, or all where nothing is known about that. */
    private static double[] points(Scene scene, View view) {
        boolean tracks = scene.observationCount() > 0;
        int n = tracks ? view.keypointCount() : scene.points().count();
        double[] points = new double[3 * n];
        int used = 0;
        for (int i = 0; i < n; i++) {
            int p = tracks ? view.pointIndex(i) : i;
            if (p >= 0) {
                for (int axis = 0; axis < 3; axis++) {
                    points[used++] = scene.points().coordinate(p, axis);
                }
            }
        }
        return Arrays.copyOf(points, used);
    }

    /** Points on the surfaces, evenly spread over what the photos show. */
    @Override
    public DenseSeeds.Points seeds(int most) throws IOException {
        return DenseSeeds.of(views, maps, photos, level, most);
    }

    /** What training compares a photo's depths with. */
    DepthTarget target(int photo, int pictureLevel) {
        int key = 3 * photo + pictureLevel;
        DepthTarget kept = targets.get(key);
        if (kept == null) {
            Camera camera = photos.camera(views.get(photo), pictureLevel);
            kept = DepthTargets.of(maps.get(photo), camera.width(), camera.height());
            if (keep) {
                targets.put(key, kept);
            }
        }
        return kept;
    }
}
