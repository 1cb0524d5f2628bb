package io.github.dinosplat.depth;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Scene;
import java.util.BitSet;
import java.util.List;

/** The second pass over one photo: its depth map, and its share of the held-out errors. */
final class PhotoDepthJob {

    private final Scene scene;
    private final List<SparseDepth> points;
    private final Predictor predictor;
    private final Predictor colourPredictor;
    private final DepthOptions options;

    PhotoDepthJob(
            Scene scene,
            List<SparseDepth> points,
            Predictor predictor,
            Predictor colourPredictor,
            DepthOptions options) {
        this.scene = scene;
        this.points = points;
        this.predictor = predictor;
        this.colourPredictor = colourPredictor;
        this.options = options;
    }

    record Result(DepthMap map, HeldOutErrors random, HeldOutErrors blocks) {}

    /** What the trends follow, and what the fields' expected errors are multiplied by. */
    record Reliance(TrendKind trend, double errorScale) {}

    Result run(int v, FeatureMap features, Image guide, Reliance reliance) {
        SparseDepth own = points.get(v);
        FeatureMap colours = ColourMap.of(guide, features);
        boolean[] held = new boolean[own.count];
        for (int i = 0; i < own.count; i++) {
            held[i] = HeldOutPoints.random(options.seed(), own.point[i]);
        }
        HeldOutErrors random = errors(
                new Held(own, held, predictor.withoutRandom(features)),
                features,
                colourPredictor.withoutRandom(colours),
                guide,
                reliance);

        BitSet inBlocks = blocks(own, v, options.seed(), features, held);
        HeldOutErrors blocks = errors(
                new Held(own, held, predictor.without(inBlocks, features)),
                features,
                colourPredictor.without(inBlocks, colours),
                guide,
                reliance);
        DepthField field = DepthField.fit(own, predictor.onAll(features), features, reliance.trend, guide);
        return new Result(map(field, reliance.errorScale), random, blocks);
    }

    /**
     * Points of a photo that are to be foretold from the others.
     *
     * @param own the photo's points
     * @param held which of them
     * @param prediction of a head that has not seen them
     */
    record Held(SparseDepth own, boolean[] held, FeatureMap prediction) {

        SparseDepth others() {
            boolean[] keep = new boolean[held.length];
            for (int i = 0; i < held.length; i++) {
                keep[i] = !held[i];
            }
            return own.only(keep);
        }
    }

    /** For validation: the points in other blocks than those of the final judgement, none of its single points among all. */
    Held validation(int v, FeatureMap features) {
        SparseDepth all = points.get(v);
        boolean[] keep = new boolean[all.count];
        for (int i = 0; i < all.count; i++) {
            keep[i] = !HeldOutPoints.random(options.seed(), all.point[i]);
        }
        SparseDepth own = all.only(keep);
        boolean[] held = new boolean[own.count];
        BitSet unseen = blocks(own, v, options.seed() + 1, features, held);
        return new Held(own, held, predictor.without(unseen, features));
    }

    /** What the field expected and what became of it. */
    ErrorScale errorScale(Held held, FeatureMap features, Image guide, TrendKind trend) {
        ErrorScale scale = new ErrorScale();
        SparseDepth others = held.others();
        if (others.count >= options.minPoints()) {
            DepthField field = DepthField.fit(others, held.prediction, features, trend, guide);
            double[] read = new double[2];
            for (int i = 0; i < held.own.count; i++) {
                if (held.held[i]) {
                    field.readPhoto(held.own.x[i], held.own.y[i], read);
                    scale.add(Math.abs(read[0] * held.own.inverseDepth[i] - 1), read[1]);
                }
            }
        }
        return scale;
    }

    /** Marks the points in the photo's blocks. */
    private BitSet blocks(SparseDepth own, int v, long seed, FeatureMap size, boolean[] held) {
        BitSet inBlocks = new BitSet(scene.points().count());
        for (int i = 0; i < own.count; i++) {
            held[i] = HeldOutPoints.inBlock(seed, v, own.x[i], own.y[i], size.photoWidth(), size.photoHeight());
            if (held[i]) {
                inBlocks.set(own.point[i]);
            }
        }
        return inBlocks;
    }

    private HeldOutErrors errors(Held held, FeatureMap features, FeatureMap colours, Image guide, Reliance reliance) {
        HeldOutErrors errors = new HeldOutErrors();
        SparseDepth kept = held.others();
        if (kept.count < options.minPoints()) {
            return errors;
        }
        DepthField field = DepthField.fit(kept, held.prediction, features, reliance.trend, guide);
        AlignedPrediction rgb = AlignedPrediction.of(kept, colours);
        double constant = 1 / kept.medianInverseDepth();
        double[] read = new double[2];
        SparseDepth own = held.own;
        for (int i = 0; i < own.count; i++) {
            if (held.held[i]) {
                field.readPhoto(own.x[i], own.y[i], read);
                errors.add(
                        1 / own.inverseDepth[i],
                        read[0],
                        reliance.errorScale * read[1],
                        constant,
                        1 / kept.inverseDepth[kept.nearestTo(own.x[i], own.y[i])],
                        1 / rgb.inverseDepth(own.x[i], own.y[i]));
            }
        }
        return errors;
    }

    private static DepthMap map(DepthField field, double errorScale) {
        int width = field.guide().width();
        int height = field.guide().height();
        float[] depth = new float[width * height];
        float[] confidence = new float[width * height];
        double[] read = new double[2];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                field.read(x, y, read);
                depth[y * width + x] = (float) read[0];
                confidence[y * width + x] = (float) Confidence.of(errorScale * read[1]);
            }
        }
        return new DepthMap(width, height, depth, confidence);
    }
}
