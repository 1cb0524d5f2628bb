package io.github.dinosplat.depth;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Scene;
import java.util.BitSet;
import java.util.List;

/** The second pass over one photo: its depth map, and its share of the held-out errors. */
final class PhotoDepthJob {

    /** Expected relative error at which the confidence is one half. */
    private static final double HALF_CONFIDENCE = 0.05;

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

    Result run(int v, FeatureMap features, Image guide, double trust) {
        SparseDepth own = points.get(v);
        FeatureMap colours = ColourMap.of(guide, features);
        boolean[] held = new boolean[own.count];
        for (int i = 0; i < own.count; i++) {
            held[i] = HeldOutPoints.random(options.seed(), own.point[i]);
        }
        HeldOutErrors random = errors(
                own, held, predictor.withoutRandom(features), colourPredictor.withoutRandom(colours), guide, trust);

        BitSet inBlocks = blocks(own, v, options.seed(), features, held);
        HeldOutErrors blocks = errors(
                own,
                held,
                predictor.without(inBlocks, features),
                colourPredictor.without(inBlocks, colours),
                guide,
                trust);
        return new Result(map(DepthField.fit(own, predictor.onAll(features), trust, guide)), random, blocks);
    }

    /** Errors of {@link FeatureTrust}'s candidates, in other blocks and without the points held out at random. */
    double[] trustErrors(int v, FeatureMap features) {
        SparseDepth all = points.get(v);
        boolean[] keep = new boolean[all.count];
        for (int i = 0; i < all.count; i++) {
            keep[i] = !HeldOutPoints.random(options.seed(), all.point[i]);
        }
        SparseDepth own = all.only(keep);
        boolean[] held = new boolean[own.count];
        BitSet unseen = blocks(own, v, options.seed() + 1, features, held);
        return FeatureTrust.errors(own, held, predictor.without(unseen, features), options.minPoints());
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

    private HeldOutErrors errors(
            SparseDepth own, boolean[] held, FeatureMap withoutHeld, FeatureMap colours, Image guide, double trust) {
        HeldOutErrors errors = new HeldOutErrors();
        boolean[] keep = new boolean[held.length];
        for (int i = 0; i < held.length; i++) {
            keep[i] = !held[i];
        }
        SparseDepth kept = own.only(keep);
        if (kept.count < options.minPoints()) {
            return errors;
        }
        DepthField field = DepthField.fit(kept, withoutHeld, trust, guide);
        AlignedPrediction rgb = AlignedPrediction.of(kept, colours);
        double constant = 1 / kept.medianInverseDepth();
        double[] read = new double[2];
        for (int i = 0; i < own.count; i++) {
            if (held[i]) {
                int px = Math.min(guide.width() - 1, (int) (own.x[i] * guide.width() / withoutHeld.photoWidth()));
                int py = Math.min(guide.height() - 1, (int) (own.y[i] * guide.height() / withoutHeld.photoHeight()));
                field.read(px, py, read);
                errors.add(
                        1 / own.inverseDepth[i],
                        read[0],
                        confidence(read[1]),
                        constant,
                        1 / kept.inverseDepth[kept.nearestTo(own.x[i], own.y[i])],
                        1 / rgb.inverseDepth(own.x[i], own.y[i]));
            }
        }
        return errors;
    }

    private static double confidence(double expectedError) {
        double e = expectedError / HALF_CONFIDENCE;
        return 1 / (1 + e * e);
    }

    private static DepthMap map(DepthField field) {
        int width = field.guide().width();
        int height = field.guide().height();
        float[] depth = new float[width * height];
        float[] confidence = new float[width * height];
        double[] read = new double[2];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                field.read(x, y, read);
                depth[y * width + x] = (float) read[0];
                confidence[y * width + x] = (float) confidence(read[1]);
            }
        }
        return new DepthMap(width, height, depth, confidence);
    }
}
