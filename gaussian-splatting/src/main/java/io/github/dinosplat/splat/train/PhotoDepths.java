package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.stereo.DenseDepth;
import io.github.dinosplat.splat.stereo.PatchDepth;
import io.github.dinosplat.splat.stereo.StereoView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.joml.Vector3d;

/** What is known about the depths of the training photos, from each other: seeds and targets. */
final class PhotoDepths implements DenseSeeds.Source {

    /** Pictures are halved until their long side is at most this: enough for seeds, and seconds a photo. */
    private static final int MOST_SIZE = 512;

    /** And until all together have at most so many pixels, which bounds memory and time where photos are many. */
    private static final long MOST_PIXELS = 12_000_000;

    private final Scene scene;
    private final TrainOptions options;
    private final List<View> views;
    private final TrainingPhotos photos;
    private final int level;
    private final List<Known> known;

    /** What is known with depths of priors, where the terms ask for them. */
    private final List<DepthMap> seedMaps;

    /** The same but for occluders, whose depths are only likely, and so near that they would outweigh all others. */
    private final List<DepthMap> targetMaps;

    private final FreeSpace free;
    private final FewPhotoColours colours;
    private final Map<Integer, DepthTarget> targets = new HashMap<>();
    private final boolean keep;

    /**
     * What is known about a photo's depths from the photos alone.
     *
     * @param map confirmed depths, those continued beside them and those of occluders
     * @param grid confirmed depths continued
     * @param surface [height, width]: which pixels may have depths
     * @param target the pixels whose depths are good enough as targets
     */
    private record Known(DepthMap map, SurfaceGrid grid, boolean[] surface, boolean[] target) {}

    private PhotoDepths(
            Scene scene,
            TrainOptions options,
            List<View> views,
            TrainingPhotos photos,
            int level,
            List<Known> known,
            PhotoPriors priors,
            long mostBytes)
            throws IOException {
        this.scene = scene;
        this.options = options;
        this.views = views;
        this.photos = photos;
        this.level = level;
        this.known = known;
        TrainingTerms terms = options.terms();
        seedMaps = withPriors(priors, terms.priorSeeds() ? DenseDepth.GUESSED : 0);
        targetMaps = targets(withPriors(priors, (float) terms.priorDepth()));
        List<SeenDepths> seen = seen(maps());
        free = new FreeSpace(seen);
        colours = new FewPhotoColours(seen);
        keep = 8 * pixels(views, photos, 0) <= mostBytes;
    }

    private List<DepthMap> maps() {
        return known.stream().map(Known::map).toList();
    }

    private List<DepthMap> targets(List<DepthMap> maps) {
        return IntStream.range(0, maps.size())
                .mapToObj(v -> only(known.get(v).target(), maps.get(v)))
                .toList();
    }

    /** The maps with a prior's depths where no photos agree; these have this part of the prior's confidence. */
    private List<DepthMap> withPriors(PhotoPriors priors, float confidence) throws IOException {
        if (confidence == 0) {
            return maps();
        }
        List<DepthMap> filled = new ArrayList<>();
        for (int v = 0; v < known.size(); v++) {
            DepthMap map = known.get(v).map();
            boolean[] surface = known.get(v).surface();
            filled.add(priors.depth(views.get(v).name())
                    .map(prior -> only(surface, DepthFilling.fill(map, prior, confidence)))
                    .orElse(map));
        }
        return filled;
    }

    /**
     * Estimates the depths.
     *
     * @param scene in the normalised frame
     * @param views the photos that are trained on
     * @param priors their depths in the normalised frame, as far as the options ask for them
     * @param mostBytes targets are kept in memory up to this, and made anew for each step beyond
     */
    static PhotoDepths of(
            Scene scene,
            List<View> views,
            TrainingPhotos photos,
            PhotoPriors priors,
            TrainOptions options,
            long mostBytes,
            Progress progress)
            throws IOException {
        int level = level(views, photos);
        List<StereoView> stereo = stereo(scene, views, photos, level);
        TrainingTerms terms = options.terms();
        List<DepthMap> maps = terms.stereo()
                ? DenseDepth.estimate(stereo, options.threads(), options.seed(), progress)
                : new ArrayList<>(stereo.stream()
                        .map(s -> DepthFilling.unknown(
                                s.camera().width(), s.camera().height()))
                        .toList());
        if (terms.patchDepth()) {
            addPatchDepths(maps, stereo, views, priors, options.threads(), progress);
        }
        List<PhotoCells> cells = new ArrayList<>();
        List<boolean[]> surfaces = new ArrayList<>();
        for (int v = 0; v < maps.size(); v++) {
            Optional<boolean[]> counted = photos.shown(views.get(v), level);
            if (counted.isPresent()) {
                maps.set(v, only(counted.get(), maps.get(v)));
            }
            surfaces.add(surface(stereo.get(v).picture(), counted));
            cells.add(PhotoCells.of(stereo.get(v).camera(), stereo.get(v).picture(), maps.get(v)));
        }
        List<Known> known = new ArrayList<>();
        for (int v = 0; v < maps.size(); v++) {
            DepthMap found = maps.get(v);
            SurfaceGrid grid = new SurfaceGrid(
                    photos.camera(views.get(v), level),
                    stereo.get(v).picture(),
                    found,
                    terms.stereo() || terms.patchDepth() ? inCam(stereo.get(v)) : new double[0]);
            // What passes is to be masked, not learnt as something that stands there.
            DepthMap occluders =
                    terms.transients() ? DepthFilling.unknown(found.width(), found.height()) : Occluders.of(cells, v);
            known.add(known(grid, found, surfaces.get(v), occluders));
        }
        return new PhotoDepths(scene, options, views, photos, level, known, priors, mostBytes);
    }

    private static Known known(SurfaceGrid grid, DepthMap found, boolean[] surface, DepthMap occluders) {
        DepthMap map = DepthFilling.fill(grid.filled(found), occluders, DenseDepth.GUESSED);
        boolean[] target = surface.clone();
        for (int i = 0; i < target.length; i++) {
            int x = i % map.width();
            int y = i / map.width();
            target[i] &= !(occluders.depth(x, y) > 0) || found.confidence(x, y) > DenseDepth.GUESSED;
        }
        return new Known(only(surface, map), grid, surface, target);
    }

    /** Puts what the network's patches tell where stereo confirmed nothing. */
    private static void addPatchDepths(
            List<DepthMap> maps,
            List<StereoView> stereo,
            List<View> views,
            PhotoPriors priors,
            int threads,
            Progress progress)
            throws IOException {
        List<FeatureMap> patches = new ArrayList<>();
        for (View view : views) {
            patches.add(priors.patches(view.name())
                    .orElseThrow(() -> new IOException(view.name() + ": depths of patches need a network's features of"
                            + " every training photo; give them or leave that term out")));
        }
        List<DepthMap> found = PatchDepth.estimate(stereo, patches, threads, progress);
        for (int v = 0; v < maps.size(); v++) {
            // A patch at the border of an object reaches beyond it, into the black around.
            DepthMap lit = only(surface(stereo.get(v).picture(), Optional.empty()), found.get(v));
            maps.set(v, DepthFilling.fill(maps.get(v), lit, 1));
        }
    }

    private static List<StereoView> stereo(Scene scene, List<View> views, TrainingPhotos photos, int level)
            throws IOException {
        List<StereoView> stereo = new ArrayList<>();
        for (View view : views) {
            stereo.add(new StereoView(photos.pinhole(view, level), photos.image(view, level), points(scene, view)));
        }
        return stereo;
    }

    /**
     * Finds out which pixels of photos that are not trained on some training photo shows.
     *
     * @return for each photo [height, width] of its picture at training size
     */
    List<boolean[]> found(List<View> others, Progress progress) throws IOException {
        List<boolean[]> found = DenseDepth.found(
                stereo(scene, others, photos, level),
                stereo(scene, views, photos, level),
                maps(),
                options.threads(),
                options.seed(),
                progress);
        List<boolean[]> enlarged = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            enlarged.add(enlarged(found.get(i), photos.camera(others.get(i), level), photos.camera(others.get(i), 0)));
        }
        return enlarged;
    }

    private static boolean[] enlarged(boolean[] pixels, Camera from, Camera to) {
        boolean[] all = new boolean[to.width() * to.height()];
        for (int i = 0; i < all.length; i++) {
            int x = i % to.width() * from.width() / to.width();
            int y = i / to.width() * from.height() / to.height();
            all[i] = pixels[y * from.width() + x];
        }
        return all;
    }

    /** A photo's sparse points in its camera's frame. */
    private static double[] inCam(StereoView view) {
        double[] points = view.points().clone();
        for (int i = 0; i < points.length; i += 3) {
            Vector3d c = view.camera().camFromWorld().transform(new Vector3d(points[i], points[i + 1], points[i + 2]));
            points[i] = c.x;
            points[i + 1] = c.y;
            points[i + 2] = c.z;
        }
        return points;
    }

    /** The depths of some pixels: where a photo does not count nothing is seeded, and no depth is asked for. */
    private static DepthMap only(boolean[] pixels, DepthMap map) {
        float[] depth = new float[map.width() * map.height()];
        float[] confidence = new float[depth.length];
        for (int i = 0; i < depth.length; i++) {
            if (pixels[i]) {
                depth[i] = map.depth(i % map.width(), i / map.width());
                confidence[i] = map.confidence(i % map.width(), i / map.width());
            }
        }
        return new DepthMap(map.width(), map.height(), depth, confidence);
    }

    /**
     * Where a photo may show a surface. What is {@link BlackBackdrop#isBlack black} may as well be nothing: stereo takes what is black beside a lit
     * edge for part of it, as patches there match by the edge alone, and a surface there hides what other photos see behind.
     * Nothing is missing without it, as splats are rendered before black; what is dark and real grows in training.
     */
    private static boolean[] surface(Image photo, Optional<boolean[]> counted) {
        boolean[] surface = new boolean[photo.width() * photo.height()];
        for (int i = 0; i < surface.length; i++) {
            int x = i % photo.width();
            int y = i / photo.width();
            surface[i] = !BlackBackdrop.isBlack(photo, x, y) && (counted.isEmpty() || counted.get()[i]);
        }
        return surface;
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
        List<Image> pictures = new ArrayList<>();
        for (View view : views) {
            pictures.add(photos.image(view, level));
        }
        return DenseSeeds.of(seen(seedMaps), pictures, most);
    }

    private List<SeenDepths> seen(List<DepthMap> depths) {
        return IntStream.range(0, depths.size())
                .mapToObj(v -> new SeenDepths(photos.pinhole(views.get(v), level), depths.get(v)))
                .toList();
    }

    /** Where nothing can be. */
    FreeSpace freeSpace() {
        return free;
    }

    /** Holds the colours of what few photos show. */
    FewPhotoColours colours() {
        return colours;
    }

    /** Adds what lies beside the photos. */
    Gaussians margins(Gaussians inner, int most) {
        return Margins.beside(
                inner, seen(maps()), known.stream().map(Known::grid).toList(), free, most);
    }

    /** What training compares a photo's depths with. */
    DepthTarget target(int photo, int pictureLevel) {
        int key = 3 * photo + pictureLevel;
        DepthTarget kept = targets.get(key);
        if (kept == null) {
            Camera camera = photos.camera(views.get(photo), pictureLevel);
            kept = DepthTargets.of(targetMaps.get(photo), camera.width(), camera.height());
            if (keep) {
                targets.put(key, kept);
            }
        }
        return kept;
    }
}
