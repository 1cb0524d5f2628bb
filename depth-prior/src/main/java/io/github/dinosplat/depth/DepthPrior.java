package io.github.dinosplat.depth;

import io.github.dinosplat.depth.network.DepthNetwork;
import io.github.dinosplat.depth.network.DepthOutput;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Depth maps of all photos of a scene from a head that is fitted to the scene itself, or from a depth network.
 *
 * <p>A ridge regression on frozen dense features predicts differences of the logarithm of the inverse depth at the sparse
 * points of all photos jointly. For each photo the prediction is aligned robustly in inverse depth, followed as far as
 * cross-validation over the scene supports, corrected by a smooth field, and by local planes near the sparse points that
 * stop at the picture's edges.
 */
public final class DepthPrior {

    /** Feature maps up to this many values in all are kept for the second pass; others are made again. */
    private static final long KEPT_VALUES = 50_000_000;
    /** Photos that the cross-validation looks at. */
    private static final int TRUST_PHOTOS = 10;
    /** The head learns from differences within cells of a sixth of a photo; what is wider the smooth field follows. */
    private static final int CELLS = 6;

    private static final HeadFeatures DENSE = new HeadFeatures(false);
    private static final HeadFeatures COLOUR = new HeadFeatures(true);

    private final Scene scene;
    private final PhotoSource photos;
    private final String name;
    private final PhotoMaps maps;
    /** Whether a head has to be fitted to the maps, or they tell the depth themselves. */
    private final boolean needsHead;

    private final DepthOptions options;
    private final Progress progress;

    /** What is known of a photo: its dense features, or what a network says of its depth. */
    private interface PhotoMaps {
        FeatureMap of(View view, Image photo);
    }

    private DepthPrior(
            Scene scene,
            PhotoSource photos,
            String name,
            PhotoMaps maps,
            boolean needsHead,
            DepthOptions options,
            Progress progress) {
        this.scene = scene;
        this.photos = photos;
        this.name = name;
        this.maps = maps;
        this.needsHead = needsHead;
        this.options = options;
        this.progress = progress;
    }

    /**
     * Estimates the depth of every photo of a scene. Deterministic: the maps do not depend on the number of threads.
     *
     * @param scene cameras, poses and sparse points; the maps are in the pixel grid of its photos, reduced
     * @param photos pixels of the scene's photos
     * @param features dense features for the head
     * @param options size of the maps and so on
     * @param sink takes the maps
     * @param progress told of each photo; stage {@code "depth"}
     * @return what became of each photo, and the error on held-out points
     * @throws IOException if a photo can't be read or the sink fails
     * @throws java.util.concurrent.CancellationException if progress asks to stop
     */
    public static DepthResult estimate(
            Scene scene,
            PhotoSource photos,
            DenseFeatures features,
            DepthOptions options,
            DepthSink sink,
            Progress progress)
            throws IOException {
        PhotoMaps maps = (view, photo) -> features.extract(photo);
        return new DepthPrior(scene, photos, features.name(), maps, true, options, progress).run(sink);
    }

    /**
     * Estimates the depth of every photo of a scene from what a depth network says of each photo alone. Its maps take the
     * place of the fitted head; everything else is the same: the robust alignment to the photo's points, how far the network
     * is followed, the corrections and the errors on held-out points. What the network's numbers mean, where its file does
     * not say, is found on ten photos: the kind that fits the points best. Deterministic.
     *
     * @param scene cameras, poses and sparse points
     * @param photos pixels of the scene's photos
     * @param network tells the depth of a photo
     * @param options size of the maps and so on
     * @param sink takes the maps
     * @param progress told of each photo; stage {@code "depth"}
     * @return what became of each photo, and the error on held-out points
     * @throws IOException if a photo can't be read or the sink fails
     * @throws java.util.concurrent.CancellationException if progress asks to stop
     */
    public static DepthResult estimate(
            Scene scene,
            PhotoSource photos,
            DepthNetwork network,
            DepthOptions options,
            DepthSink sink,
            Progress progress)
            throws IOException {
        NetworkMaps maps = new NetworkMaps(scene, network, kind(scene, photos, network, options, progress));
        return new DepthPrior(scene, photos, network.name(), maps::of, false, options, progress).run(sink);
    }

    private static DepthOutput kind(
            Scene scene, PhotoSource photos, DepthNetwork network, DepthOptions options, Progress progress)
            throws IOException {
        List<DepthOutput> kinds = network.kinds();
        double[] errors = new double[kinds.size()];
        int step = (scene.views().size() + TRUST_PHOTOS - 1) / TRUST_PHOTOS;
        for (int v = 0; v < scene.views().size() && kinds.size() > 1; v += step) {
            progress.checkCancelled();
            View view = scene.views().get(v);
            SparseDepth points = SparseDepth.of(scene, v);
            if (points.count >= options.minPoints()) {
                double[] of = NetworkMaps.errors(scene, view, points, network.guess(photos.read(view.name())), kinds);
                for (int k = 0; k < errors.length; k++) {
                    errors[k] += of[k];
                }
            }
        }
        int best = 0;
        for (int k = 1; k < errors.length; k++) {
            best = errors[k] < errors[best] ? k : best;
        }
        return kinds.get(best);
    }

    private DepthResult run(DepthSink sink) throws IOException {
        List<SparseDepth> points = new ArrayList<>();
        List<Integer> usable = new ArrayList<>();
        List<DepthResult.PhotoDepth> outcome = new ArrayList<>();
        for (int v = 0; v < scene.views().size(); v++) {
            SparseDepth p = SparseDepth.of(scene, v);
            points.add(p);
            Optional<String> why = Optional.empty();
            if (p.count < options.minPoints()) {
                why = Optional.of("only " + p.count + " usable sparse points, " + options.minPoints() + " are needed");
            } else {
                usable.add(v);
            }
            outcome.add(new DepthResult.PhotoDepth(scene.views().get(v).name(), p.count, why));
        }
        if (usable.isEmpty()) {
            return new DepthResult(name, 0, outcome, Optional.empty(), Optional.empty());
        }
        HeldOutErrors random = new HeldOutErrors();
        HeldOutErrors blocks = new HeldOutErrors();
        PhotoDepthJob.Reliance reliance;
        try (PhotoBatches batches = new PhotoBatches(options.threads(), progress)) {
            FirstPass first = firstPass(usable, points, batches);
            PhotoDepthJob job = new PhotoDepthJob(scene, points, first.predictor, first.colour, options);
            reliance = reliance(usable, first, job, batches);
            int[] done = {2 * usable.size()};
            batches.run(
                    usable,
                    v -> {
                        Image photo = photo(v);
                        FeatureMap map = first.map(usable.indexOf(v), () -> map(v, photo));
                        return job.run(v, map, photo.fitted(options.maxSize()), reliance);
                    },
                    (v, result) -> {
                        random.add(result.random());
                        blocks.add(result.blocks());
                        View view = scene.views().get(v);
                        sink.accept(view, result.map());
                        progress.update("depth", ++done[0], 3L * usable.size(), view.name());
                    });
        }
        return new DepthResult(name, reliance.trend().trust(), outcome, random.result(), blocks.result());
    }

    private FirstPass firstPass(List<Integer> usable, List<SparseDepth> points, PhotoBatches batches)
            throws IOException {
        List<Optional<FeatureMap>> kept = new ArrayList<>();
        List<Training.PhotoRows> dense = new ArrayList<>();
        List<Training.PhotoRows> colour = new ArrayList<>();
        int[] channels = new int[1];
        long[] values = new long[1];
        batches.run(
                usable,
                v -> {
                    Image photo = photo(v);
                    FeatureMap map = map(v, photo);
                    FeatureMap colours = ColourMap.of(photo.fitted(options.maxSize()), map);
                    SparseDepth p = points.get(v);
                    return new PhotoFirst(
                            map,
                            needsHead
                                    ? Optional.of(Training.rows(p, map, DENSE, usable.size(), CELLS))
                                    : Optional.empty(),
                            Training.rows(p, colours, COLOUR, usable.size(), 1));
                },
                (v, photo) -> {
                    channels[0] = photo.map.channels();
                    values[0] += (long) photo.map.rows() * photo.map.columns() * channels[0];
                    kept.add(values[0] <= KEPT_VALUES ? Optional.of(photo.map) : Optional.empty());
                    photo.dense.ifPresent(dense::add);
                    colour.add(photo.colour);
                    progress.update("depth", kept.size(), 3L * usable.size(), "features");
                });
        return new FirstPass(
                kept,
                needsHead
                        ? Predictor.of(Training.of(dense, DENSE, channels[0], CELLS, options.seed()))
                        : Predictor.NETWORK,
                Predictor.of(Training.of(colour, COLOUR, ColourMap.CHANNELS, 1, options.seed())));
    }

    /** By cross-validation on some photos. */
    private PhotoDepthJob.Reliance reliance(
            List<Integer> usable, FirstPass first, PhotoDepthJob job, PhotoBatches batches) throws IOException {
        int step = (usable.size() + TRUST_PHOTOS - 1) / TRUST_PHOTOS;
        List<Integer> some = new ArrayList<>();
        for (int i = 0; i < usable.size(); i += step) {
            some.add(usable.get(i));
        }
        TrendChoice choice = new TrendChoice();
        List<PhotoDepthJob.Held> foretold = new ArrayList<>();
        int[] done = {0};
        batches.run(
                some,
                v -> {
                    FeatureMap map = first.map(usable.indexOf(v), () -> map(v, photo(v)));
                    PhotoDepthJob.Held held = job.validation(v, map);
                    return new Validation(held, TrendChoice.errors(held, map, options.minPoints()));
                },
                (v, validation) -> {
                    foretold.add(validation.held);
                    choice.add(validation.errors);
                    long of = usable.size();
                    progress.update("depth", of + ++done[0] * of / (2 * some.size()), 3 * of, "cross-validation");
                });
        TrendKind best = choice.best();
        ErrorScale scale = new ErrorScale();
        batches.run(
                some,
                v -> {
                    Image photo = photo(v);
                    FeatureMap map = first.map(usable.indexOf(v), () -> map(v, photo));
                    return job.errorScale(foretold.get(some.indexOf(v)), map, photo.fitted(options.maxSize()), best);
                },
                (v, errors) -> {
                    scale.add(errors);
                    long of = usable.size();
                    progress.update("depth", of + ++done[0] * of / (2 * some.size()), 3 * of, "cross-validation");
                });
        return new PhotoDepthJob.Reliance(best, scale.ratio());
    }

    /** Points of a photo that were foretold from the others, and how far off {@link TrendChoice}'s candidates were. */
    private record Validation(PhotoDepthJob.Held held, double[] errors) {}

    /** What the first pass gives of one photo. */
    private record PhotoFirst(FeatureMap map, Optional<Training.PhotoRows> dense, Training.PhotoRows colour) {}

    /** What the first pass gives. */
    private record FirstPass(List<Optional<FeatureMap>> kept, Predictor predictor, Predictor colour) {

        /** Kept, or made again. */
        FeatureMap map(int i, MapMaker again) throws IOException {
            Optional<FeatureMap> map = kept.get(i);
            return map.isPresent() ? map.get() : again.make();
        }
    }

    private interface MapMaker {
        FeatureMap make() throws IOException;
    }

    private FeatureMap map(int v, Image photo) {
        return maps.of(scene.views().get(v), photo);
    }

    private Image photo(int v) throws IOException {
        return photos.read(scene.views().get(v).name());
    }
}
