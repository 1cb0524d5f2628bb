package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PicturePoint;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.SplatEngine;
import java.util.Arrays;
import java.util.Optional;

/**
 * Features of finished Gaussians: for each the mean of what photos show at its centre, where it lies on the rendered surface.
 * With them Gaussians of one thing can be told by a few examples ({@link #like}).
 */
public final class GaussianFeatures {

    /** Of the examples this part may be something else. */
    private static final double ODD = 0.25;

    /** Cosines of features about the scene's mean: less is never alike, more is never asked for. */
    private static final double LEAST_LIKE = 0.6;

    private static final double MOST_ASKED = 0.9;

    private final int channels;
    private final float[] sums;
    private final int[] photos;

    private GaussianFeatures(int channels, float[] sums, int[] photos) {
        this.channels = channels;
        this.sums = sums;
        this.photos = photos;
    }

    /**
     * Nothing is known yet.
     *
     * @param count how many Gaussians there are
     * @param channels length of each feature vector, at least 1
     * @return features to {@link #add} to
     */
    public static GaussianFeatures none(int count, int channels) {
        return new GaussianFeatures(channels, new float[Math.multiplyExact(count, channels)], new int[count]);
    }

    /**
     * Features as {@link #values} gave them.
     *
     * @param channels how many each Gaussian has
     * @param values [N, channels], zeros where unknown; not copied
     * @return the features
     * @throws IllegalArgumentException if the length is no multiple of the channels
     */
    public static GaussianFeatures of(int channels, float[] values) {
        if (channels < 1 || values.length % channels != 0) {
            throw new IllegalArgumentException("expected values [N, " + channels + "] but length was " + values.length);
        }
        int[] photos = new int[values.length / channels];
        for (int i = 0; i < values.length; i++) {
            photos[i / channels] = values[i] != 0 ? 1 : photos[i / channels];
        }
        return new GaussianFeatures(channels, values, photos);
    }

    /**
     * Adds what a photo shows.
     *
     * @param gaussians the Gaussians, as the engine holds them
     * @param engine renders them
     * @param camera the photo's camera; its size is that of the rendering
     * @param map features of the photo, about zero over all photos
     * @throws IllegalArgumentException if the map has another number of channels
     */
    public void add(Gaussians gaussians, SplatEngine engine, PinholeView camera, FeatureMap map) {
        if (map.channels() != channels) {
            throw new IllegalArgumentException(
                    "expected a map of " + channels + " channels but it had " + map.channels());
        }
        FeatureLifting.Source source =
                new FeatureLifting.Source(camera, map, engine.render(camera, TrainingFeatures.GEOMETRY));
        float[] at = new float[channels];
        for (int g = 0; g < photos.length; g++) {
            if (source.sample(gaussians, g, at)) {
                photos[g]++;
                for (int c = 0; c < channels; c++) {
                    sums[channels * g + c] += at[c];
                }
            }
        }
    }

    /**
     * How many features each Gaussian has.
     *
     * @return at least 1
     */
    public int channels() {
        return channels;
    }

    /**
     * The features.
     *
     * @return [N, channels], zeros where no photo shows the Gaussian
     */
    public float[] values() {
        float[] values = sums.clone();
        for (int i = 0; i < values.length; i++) {
            values[i] /= Math.max(1, photos[i / channels]);
        }
        return values;
    }

    /**
     * Which Gaussians an area of a picture shows: those on the rendered surface with their centre in it.
     *
     * @param gaussians the Gaussians, as the engine holds them
     * @param engine renders them
     * @param camera its camera; its size is that of the rendering
     * @param area where in this rendering, in its pixels
     * @return indices, increasing
     */
    public static int[] shown(Gaussians gaussians, SplatEngine engine, PinholeView camera, Area area) {
        Rendering rendering = engine.render(camera, TrainingFeatures.GEOMETRY);
        int[] shown = new int[gaussians.count()];
        int n = 0;
        for (int g = 0; g < shown.length; g++) {
            Optional<PicturePoint> at = FeatureLifting.seen(camera, rendering, gaussians, g);
            if (at.isPresent() && area.has(at.get().x(), at.get().y())) {
                shown[n++] = g;
            }
        }
        return Arrays.copyOf(shown, n);
    }

    /** Part of a picture. */
    @FunctionalInterface
    public interface Area {

        /**
         * Whether a place belongs to it.
         *
         * @param x in pixels from the left edge
         * @param y in pixels from the upper edge
         * @return true if so
         */
        boolean has(double x, double y);
    }

    /**
     * The Gaussians that are like some examples: the cosine to the examples' mean is at least that which three quarters of the
     * examples themselves reach.
     *
     * @param examples indices of Gaussians
     * @return indices, increasing; none where no photo shows any of the examples
     */
    public int[] like(int[] examples) {
        float[] values = values();
        double[] mean = new double[channels];
        for (int g : examples) {
            double length = length(values, g);
            for (int c = 0; c < channels && length > 0; c++) {
                mean[c] += values[channels * g + c] / length;
            }
        }
        double[] reached = Arrays.stream(examples)
                .filter(g -> photos[g] > 0)
                .mapToDouble(g -> cosine(values, g, mean))
                .sorted()
                .toArray();
        if (reached.length == 0) {
            return new int[0];
        }
        double least = Math.max(LEAST_LIKE, Math.min(MOST_ASKED, reached[(int) (ODD * reached.length)]));
        int[] like = new int[photos.length];
        int n = 0;
        for (int g = 0; g < like.length; g++) {
            if (photos[g] > 0 && cosine(values, g, mean) >= least) {
                like[n++] = g;
            }
        }
        return Arrays.copyOf(like, n);
    }

    private double length(float[] values, int g) {
        double square = 0;
        for (int c = channels * g; c < channels * (g + 1); c++) {
            square += (double) values[c] * values[c];
        }
        return Math.sqrt(square);
    }

    private double cosine(float[] values, int g, double[] mean) {
        double dot = 0;
        double square = 0;
        for (int c = 0; c < channels; c++) {
            dot += mean[c] * values[channels * g + c];
            square += mean[c] * mean[c];
        }
        return dot / Math.max(Double.MIN_NORMAL, Math.sqrt(square) * length(values, g));
    }
}
