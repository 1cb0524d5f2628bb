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
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.stereo.DenseDepth;
import io.github.dinosplat.splat.stereo.PatchDepth;
import io.github.dinosplat.splat.stereo.StereoView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    /** Without their points, which nothing asks for any more. */
    private final List<StereoView> stereo;

    /** Confirmed depths, those continued beside them and those of occluders. */
    private final List<DepthMap> maps;

    /** Confirmed depths continued. */
    private final List<SurfaceGrid> grids;

    /** What is known with depths of priors, where the terms ask for them. */
    private final List<DepthMap> seedMaps;

    /** The same but for occluders, whose depths are only likely, and so near that they would outweigh all others. */
    private final List<DepthMap> targetMaps;

    private final FreeSpace free;
    private final FewPhotoColours colours;
    private final Kept<Integer, DepthTarget> targets;

    private PhotoDepths(
            Scene scene,
            TrainOptions options,
            List<View> views,
            TrainingPhotos photos,
            int level,
            List<StereoView> stereo,
            Known known,
            PhotoPriors priors,
            long mostBytes)
            throws IOException {
        this.scene = scene;
        this.options = options;
        this.views = views;
        this.photos = photos;
        this.level = level;
        this.stereo = stereo.stream()
                .map(s -> new StereoView(s.camera(), s.picture(), new double[0]))
                .toList();
        maps = known.maps();
        grids = known.grids();
        TrainingTerms terms = options.terms();
        seedMaps = withPriors(known, priors, terms.priorSeeds() ? DenseDepth.GUESSED : 0);
        List<DepthMap> likely = withPriors(known, priors, (float) terms.priorDepth());
        targetMaps = IntStream.range(0, likely.size())
                .mapToObj(v -> only(known.targets().get(v), likely.get(v)))
                .toList();
        List<SeenDepths> seen = seen(maps);
        free = new FreeSpace(seen);
        colours = new FewPhotoColours(
                seen, stereo.stream().map(s -> ColourRanges.of(s.picture())).toList());
        targets = new Kept<>(mostBytes, t -> 2L * Float.BYTES * t.width() * t.height());
    }

    /** The maps with a prior's depths where no photos agree; these have this part of the prior's confidence. */
    private List<DepthMap> withPriors(Known known, PhotoPriors priors, float confidence) throws IOException {
        if (confidence == 0) {
            return maps;
        }
        List<DepthMap> filled = new ArrayList<>();
        for (int v = 0; v < maps.size(); v++) {
            DepthMap map = maps.get(v);
            boolean[] surface = known.surfaces().get(v);
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
     * @param mostBytes so much of what can be made again is kept: targets, and on the way to them cells
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
        List<StereoView> stereo = new ArrayList<>();
        List<Optional<boolean[]>> counted = new ArrayList<>();
        for (View view : views) {
            stereo.add(stereo(scene, view, photos, level));
            counted.add(photos.shown(view, level));
        }
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
        for (int v = 0; v < maps.size(); v++) {
            if (counted.get(v).isPresent()) {
                maps.set(v, only(counted.get(v).get(), maps.get(v)));
            }
        }
        Known known = new Known(maps);
        known.fill(stereo, counted, terms, mostBytes);
        return new PhotoDepths(scene, options, views, photos, level, stereo, known, priors, mostBytes);
    }

    /**
     * What is known about the photos' depths from the photos alone.
     *
     * @param maps confirmed depths; when filled, also those continued beside them and those of occluders
     * @param grids confirmed depths continued
     * @param surfaces [height, width] each: which pixels may have depths
     * @param targets the pixels whose depths are good enough as targets
     */
    private record Known(
            List<DepthMap> maps, List<SurfaceGrid> grids, List<boolean[]> surfaces, List<boolean[]> targets) {

        Known(List<DepthMap> confirmed) {
            this(confirmed, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        /** Each map takes the place of the one that it was made from, so that there are never two for each photo. */
        void fill(List<StereoView> stereo, List<Optional<boolean[]>> counted, TrainingTerms terms, long mostBytes)
                throws IOException {
            Kept<Integer, PhotoCells> cells = new Kept<>(mostBytes, PhotoCells::bytes);
            // What passes is to be masked, not learnt as something that stands there.
            List<float[]> occluders = terms.transients() ? List.of() : occluders(stereo, cells);
            for (int v = 0; v < maps.size(); v++) {
                StereoView view = stereo.get(v);
                DepthMap found = maps.get(v);
                SurfaceGrid grid = new SurfaceGrid(
                        view.camera(),
                        view.picture(),
                        found,
                        terms.stereo() || terms.patchDepth() ? inCam(view) : new double[0]);
                grids.add(grid);
                boolean[] surface = surface(view.picture(), counted.get(v));
                surfaces.add(surface);
                DepthMap map = grid.filled(found);
                if (occluders.isEmpty() || occluders.get(v).length == 0) {
                    targets.add(surface);
                } else {
                    DepthMap likely = cells(v, stereo, cells).pixels(occluders.get(v));
                    targets.add(without(likely, found, surface));
                    map = DepthFilling.fill(map, likely, DenseDepth.GUESSED);
                }
                maps.set(v, only(surface, map));
            }
        }

        /** For each photo the depths of its occluders, cell by cell; empty where there are none. */
        private List<float[]> occluders(List<StereoView> stereo, Kept<Integer, PhotoCells> cells) throws IOException {
            List<PinholeView> cameras = stereo.stream().map(StereoView::camera).toList();
            List<float[]> occluders = new ArrayList<>();
            for (int v = 0; v < maps.size(); v++) {
                List<PhotoCells> neighbours = new ArrayList<>();
                for (int o : Occluders.neighbours(cameras, v)) {
                    neighbours.add(cells(o, stereo, cells));
                }
                float[] depths = Occluders.depths(cells(v, stereo, cells), neighbours);
                boolean any = false;
                for (float depth : depths) {
                    any |= depth > 0;
                }
                occluders.add(any ? depths : new float[0]);
            }
            return occluders;
        }

        private PhotoCells cells(int v, List<StereoView> stereo, Kept<Integer, PhotoCells> kept) throws IOException {
            StereoView view = stereo.get(v);
            return kept.get(v, () -> PhotoCells.of(view.camera(), view.picture(), maps.get(v)));
        }

        /** The pixels of a surface that are not an occluder's. */
        private static boolean[] without(DepthMap occluders, DepthMap found, boolean[] surface) {
            boolean[] target = surface.clone();
            for (int i = 0; i < target.length; i++) {
                int x = i % found.width();
                int y = i / found.width();
                target[i] &= !(occluders.depth(x, y) > 0) || found.confidence(x, y) > DenseDepth.GUESSED;
            }
            return target;
        }
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

    private static StereoView stereo(Scene scene, View view, TrainingPhotos photos, int level) throws IOException {
        return new StereoView(photos.pinhole(view, level), photos.image(view, level), points(scene, view));
    }

    /**
     * Finds out which pixels of photos that are not trained on some training photo shows.
     *
     * @return for each photo the pixels of its picture here, see {@link #enlarged}
     */
    List<boolean[]> found(List<View> others, Progress progress) throws IOException {
        List<StereoView> further = new ArrayList<>();
        for (View view : others) {
            further.add(stereo(scene, view, photos, level));
        }
        return DenseDepth.found(further, stereo, maps, options.threads(), options.seed(), progress);
    }

    /** Pixels of a view's picture here as [height, width] of its picture at training size. */
    boolean[] enlarged(boolean[] pixels, View view) {
        Camera from = photos.camera(view, level);
        Camera to = photos.camera(view, 0);
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
        boolean same = true;
        for (int i = 0; i < pixels.length; i++) {
            int x = i % map.width();
            int y = i / map.width();
            same &= pixels[i] || map.depth(x, y) == 0 && map.confidence(x, y) == 0;
        }
        if (same) {
            return map;
        }
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
    public DenseSeeds.Points seeds(int most) {
        return DenseSeeds.of(
                seen(seedMaps), stereo.stream().map(StereoView::picture).toList(), most);
    }

    private List<SeenDepths> seen(List<DepthMap> depths) {
        return IntStream.range(0, depths.size())
                .mapToObj(v -> new SeenDepths(stereo.get(v).camera(), depths.get(v)))
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
        return Margins.beside(inner, seen(maps), grids, free, most);
    }

    /** What training compares a photo's depths with. */
    DepthTarget target(int photo, int pictureLevel) throws IOException {
        return targets.get(3 * photo + pictureLevel, () -> {
            Camera camera = photos.camera(views.get(photo), pictureLevel);
            return DepthTargets.of(targetMaps.get(photo), camera.width(), camera.height());
        });
    }
}
