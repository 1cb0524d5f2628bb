package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.TrainingState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where training photos show something that was not there for the others: people, cars, birds. The Gaussians get
 * features from all photos but one ({@link FeatureLifting}); where these, rendered, disagree with that photo's own
 * features far more than is usual over all photos, the photo is not trained on.
 */
final class TransientMasks {

    /** A pixel is left out where the mean squared difference is above this many usual ones. */
    private static final double OUTLYING = 8;

    /** A single channel tells no more than this. */
    private static final double MOST = 50;

    private static final double LEAST = 1e-3;

    /** A patch is left out where more than this part of what is near and like it disagrees. */
    private static final double MAJORITY = 0.5;

    /** How far is near, by the photo's longer side; two standard deviations. */
    private static final double REACH = 0.1;

    /** Distance of features, squared, at which a patch counts 1/e: unrelated ones are about 4 apart. */
    private static final double LIKE = 0.4;

    /** Where less than this part of a pixel's Gaussians is known from other photos, nothing is said. */
    private static final float KNOWN = 0.5f;

    private final List<View> views;
    private final TrainingPhotos photos;
    private final TrainingFeatures features;
    private Optional<List<boolean[]>> masks = Optional.empty();
    /** Masks at the levels of the pictures that were asked for. */
    private final Map<Integer, boolean[]> resized = new HashMap<>();

    /** A photo's disagreement: [height, width, channels] differences of features; NaN where nothing is known. */
    private record Residual(int width, int height, int channels, float[] values) {}

    TransientMasks(List<View> views, TrainingPhotos photos, TrainingFeatures features) {
        this.views = views;
        this.photos = photos;
        this.features = features;
    }

    /**
     * Finds the masks for the engine's Gaussians.
     *
     * @param engine renders; its state is the same afterwards
     */
    void find(SplatEngine engine) {
        List<Residual> residuals = residuals(engine);
        double[] usual = usual(residuals);
        List<boolean[]> found = new ArrayList<>();
        for (int v = 0; v < residuals.size(); v++) {
            found.add(mask(residuals.get(v), features.map(v), usual));
        }
        masks = Optional.of(found);
        resized.clear();
    }

    /** The masks as bits, for a checkpoint; empty before any was found. */
    int[] packed() {
        if (masks.isEmpty()) {
            return new int[0];
        }
        int[] packed = new int[(masks.get().stream().mapToInt(m -> m.length).sum() + 31) / 32];
        int at = 0;
        for (boolean[] mask : masks.get()) {
            for (boolean counts : mask) {
                packed[at / 32] |= (counts ? 1 : 0) << at % 32;
                at++;
            }
        }
        return packed;
    }

    /** Takes the masks of a checkpoint. */
    void restore(int[] packed) {
        if (packed.length == 0) {
            return;
        }
        List<boolean[]> restored = new ArrayList<>();
        int at = 0;
        for (View view : views) {
            Camera camera = photos.camera(view, TrainingFeatures.LEVEL);
            boolean[] mask = new boolean[camera.width() * camera.height()];
            for (int i = 0; i < mask.length; i++, at++) {
                mask[i] = (packed[at / 32] >> at % 32 & 1) != 0;
            }
            restored.add(mask);
        }
        masks = Optional.of(restored);
        resized.clear();
    }

    /** Which pixels of a photo at a level count, [height, width]; empty before any mask was found. */
    Optional<boolean[]> mask(int photo, int pictureLevel) {
        return masks.map(m -> resized.computeIfAbsent(
                3 * photo + pictureLevel, key -> resized(m.get(photo), views.get(photo), pictureLevel)));
    }

    private boolean[] resized(boolean[] mask, View view, int pictureLevel) {
        Camera from = photos.camera(view, TrainingFeatures.LEVEL);
        Camera to = photos.camera(view, pictureLevel);
        boolean[] other = new boolean[to.width() * to.height()];
        for (int i = 0; i < other.length; i++) {
            int x = (int) ((i % to.width() + 0.5) * from.width() / to.width());
            int y = (int) ((i / to.width() + 0.5) * from.height() / to.height());
            other[i] = mask[y * from.width() + x];
        }
        return other;
    }

    List<Residual> residuals(SplatEngine engine) {
        TrainingState state = engine.state();
        FeatureLifting lifting = features.lift(engine);
        List<Residual> residuals = new ArrayList<>();
        for (int v = 0; v < views.size(); v++) {
            residuals.add(residual(v, engine, state.gaussians(), lifting));
        }
        engine.load(state);
        return residuals;
    }

    private Residual residual(int v, SplatEngine engine, Gaussians gaussians, FeatureLifting lifting) {
        FeatureMap map = features.map(v);
        int channels = map.channels();
        float[] lifted = lifting.means(v);
        float[] withKnown = new float[(channels + 1) * gaussians.count()];
        for (int g = 0; g < gaussians.count(); g++) {
            float norm = 0;
            for (int c = 0; c < channels; c++) {
                withKnown[(channels + 1) * g + c] = lifted[channels * g + c];
                norm += Math.abs(lifted[channels * g + c]);
            }
            withKnown[(channels + 1) * g + channels] = norm > 0 ? 1 : 0;
        }
        engine.load(TrainingState.start(gaussians.withFeatures(channels + 1, withKnown)));
        Rendering rendering = engine.render(features.pinhole(v), TrainingFeatures.GEOMETRY.withFeatures(true));
        float[] rendered = rendering.features();
        float[] own = new float[channels];
        float[] values = new float[channels * rendering.width() * rendering.height()];
        for (int i = 0; i < values.length / channels; i++) {
            map.sample(
                    (i % rendering.width() + 0.5) * map.photoWidth() / rendering.width(),
                    (i / rendering.width() + 0.5) * map.photoHeight() / rendering.height(),
                    own);
            float known = rendered[(channels + 1) * i + channels];
            for (int c = 0; c < channels; c++) {
                float difference = Math.abs(rendered[(channels + 1) * i + c] / known - own[c]);
                values[channels * i + c] = known > KNOWN ? difference : Float.NaN;
            }
        }
        return new Residual(rendering.width(), rendering.height(), channels, values);
    }

    /** Which pixels count: those in patches whose like surroundings mostly agree with the other photos. */
    private static boolean[] mask(Residual r, FeatureMap map, double[] usual) {
        float[] known = new float[map.rows() * map.columns()];
        float[] outliers = new float[known.length];
        for (int i = 0; i < r.width() * r.height(); i++) {
            double value = outlying(r, i, usual);
            if (!Double.isNaN(value)) {
                int patch = patch(r, map, i);
                known[patch]++;
                outliers[patch] += value > OUTLYING ? 1 : 0;
            }
        }
        boolean[] out = new boolean[known.length];
        for (int p = 0; p < out.length; p++) {
            out[p] = outlyingAround(map, p, known, outliers) > MAJORITY;
        }
        boolean[] mask = new boolean[r.width() * r.height()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = !out[patch(r, map, i)];
        }
        return mask;
    }

    private static int patch(Residual r, FeatureMap map, int pixel) {
        int column = pixel % r.width() * map.columns() / r.width();
        return pixel / r.width() * map.rows() / r.height() * map.columns() + column;
    }

    /** The part of outliers among the known pixels around a patch, each counting by how near and how like it is. */
    private static double outlyingAround(FeatureMap map, int patch, float[] known, float[] outliers) {
        int row = patch / map.columns();
        int column = patch % map.columns();
        int reach = (int) Math.ceil(REACH * Math.max(map.rows(), map.columns()));
        double all = 0;
        double out = 0;
        for (int y = Math.max(0, row - reach); y <= Math.min(map.rows() - 1, row + reach); y++) {
            for (int x = Math.max(0, column - reach); x <= Math.min(map.columns() - 1, column + reach); x++) {
                int other = y * map.columns() + x;
                if (known[other] > 0) {
                    double weight = likeness(map, row, column, y, x, reach);
                    all += weight * known[other];
                    out += weight * outliers[other];
                }
            }
        }
        return all > 0 ? out / all : 0;
    }

    private static double likeness(FeatureMap map, int row, int column, int y, int x, int reach) {
        double square = 0;
        for (int c = 0; c < map.channels(); c++) {
            double d = map.value(row, column, c) - map.value(y, x, c);
            square += d * d;
        }
        double away = ((row - y) * (row - y) + (column - x) * (column - x)) / (0.25 * reach * reach);
        return Math.exp(-square / LIKE - away / 2);
    }

    /** The mean over channels of the squared difference by the usual one, each at most {@link #MOST}. */
    private static double outlying(Residual r, int pixel, double[] usual) {
        double sum = 0;
        for (int c = 0; c < usual.length; c++) {
            double relative = r.values()[usual.length * pixel + c] / usual[c];
            sum += Math.min(MOST, relative * relative);
        }
        return sum / usual.length;
    }

    /** The median difference of each channel over all photos. */
    private static double[] usual(List<Residual> residuals) {
        int channels = residuals.get(0).channels();
        double[] usual = new double[channels];
        for (int c = 0; c < channels; c++) {
            int n = 0;
            float[] all = new float
                    [residuals.stream().mapToInt(r -> r.width() * r.height()).sum()];
            for (Residual r : residuals) {
                for (int i = c; i < r.values().length; i += channels) {
                    if (!Float.isNaN(r.values()[i])) {
                        all[n++] = r.values()[i];
                    }
                }
            }
            usual[c] = Math.max(LEAST, n == 0 ? 1 : median(all, n));
        }
        return usual;
    }

    private static double median(float[] values, int count) {
        Arrays.sort(values, 0, count);
        return values[count / 2];
    }
}
