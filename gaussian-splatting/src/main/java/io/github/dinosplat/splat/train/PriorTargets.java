package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.FeatureTarget;
import io.github.dinosplat.splat.ViewPriors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What steps ask of the renderings of the training photos by {@link PhotoPriors}. */
final class PriorTargets {

    /** Patches along a photo's longer side: the Gram matrix has the fourth power of it in entries. */
    private static final int PATCHES = 24;

    private final List<View> views;
    private final TrainingPhotos photos;
    private final TrainingTerms terms;
    private final List<Optional<DepthMap>> depths = new ArrayList<>();
    private final List<Optional<FeatureTarget>> features = new ArrayList<>();
    private final Map<Integer, DepthTarget> targets = new HashMap<>();

    /**
     * Reads what the terms need.
     *
     * @param priors with depths in the normalised frame
     */
    PriorTargets(List<View> views, TrainingPhotos photos, PhotoPriors priors, TrainingTerms terms) throws IOException {
        this.views = views;
        this.photos = photos;
        this.terms = terms;
        boolean comparesDepths = terms.shape() > 0 || terms.normals() > 0;
        for (View view : views) {
            depths.add(comparesDepths ? priors.depth(view.name()) : Optional.empty());
            Optional<FeatureMap> own = terms.trainsFeatures() ? priors.features(view.name()) : Optional.empty();
            Optional<FeatureMap> network = terms.gram() > 0 ? priors.patches(view.name()) : own;
            features.add(
                    own.isPresent() && network.isPresent()
                            ? Optional.of(target(own.get(), network.get()))
                            : Optional.empty());
        }
    }

    /**
     * What a step asks.
     *
     * @param known the depths that the photo's pixels are known to have
     * @param part what the weights have fallen to, 1 at the start
     */
    ViewPriors of(int photo, int level, DepthTarget known, double part) {
        Optional<DepthTarget> depth = depths.get(photo)
                .map(map -> targets.computeIfAbsent(3 * photo + level, k -> {
                    Camera camera = photos.camera(views.get(photo), level);
                    return DepthTargets.of(map, camera.width(), camera.height(), known.offset());
                }));
        return new ViewPriors(
                depth,
                part * terms.shape(),
                part * terms.normals(),
                features.get(photo),
                part * terms.features(),
                part * terms.gram());
    }

    private static FeatureTarget target(FeatureMap own, FeatureMap network) {
        double scale = Math.min(1, (double) PATCHES / Math.max(own.rows(), own.columns()));
        int rows = Math.max(1, (int) Math.round(scale * own.rows()));
        int columns = Math.max(1, (int) Math.round(scale * own.columns()));
        return new FeatureTarget(
                rows,
                columns,
                own.channels(),
                pooled(own, rows, columns),
                gram(pooled(network, rows, columns), rows * columns));
    }

    /** Means of the vectors in the cells of a coarser grid. */
    private static float[] pooled(FeatureMap map, int rows, int columns) {
        int channels = map.channels();
        float[] out = new float[rows * columns * channels];
        int[] counts = new int[rows * columns];
        for (int r = 0; r < map.rows(); r++) {
            for (int c = 0; c < map.columns(); c++) {
                int to = r * rows / map.rows() * columns + c * columns / map.columns();
                counts[to]++;
                for (int k = 0; k < channels; k++) {
                    out[to * channels + k] += map.value(r, c, k);
                }
            }
        }
        for (int i = 0; i < out.length; i++) {
            out[i] /= Math.max(1, counts[i / channels]);
        }
        return out;
    }

    private static float[] gram(float[] vectors, int count) {
        int channels = vectors.length / count;
        double[] lengths = new double[count];
        for (int i = 0; i < vectors.length; i++) {
            lengths[i / channels] += (double) vectors[i] * vectors[i];
        }
        float[] gram = new float[count * count];
        for (int p = 0; p < count; p++) {
            for (int q = 0; q <= p; q++) {
                double dot = 0;
                for (int k = 0; k < channels; k++) {
                    dot += (double) vectors[p * channels + k] * vectors[q * channels + k];
                }
                float cosine = (float) (dot / Math.max(Double.MIN_NORMAL, Math.sqrt(lengths[p] * lengths[q])));
                gram[p * count + q] = cosine;
                gram[q * count + p] = cosine;
            }
        }
        return gram;
    }
}
