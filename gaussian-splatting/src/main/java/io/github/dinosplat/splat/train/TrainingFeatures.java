package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.SplatEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The features of the training photos, and what they say about an engine's Gaussians. */
final class TrainingFeatures {

    /** Features are coarse, so half the size is enough. */
    static final int LEVEL = 1;

    /** Without colour: features and depth alone are looked at. */
    static final RenderOptions GEOMETRY = new RenderOptions(0, Colour.BLACK);

    private final List<View> views;
    private final TrainingPhotos photos;
    private final List<FeatureMap> maps = new ArrayList<>();

    /**
     * Reads the features.
     *
     * @throws IOException if a photo has none
     */
    TrainingFeatures(List<View> views, TrainingPhotos photos, PhotoPriors priors) throws IOException {
        this.views = views;
        this.photos = photos;
        List<FeatureMap> given = new ArrayList<>();
        List<FeatureMap> colours = new ArrayList<>();
        for (View view : views) {
            FeatureMap map = priors.features(view.name())
                    .orElseThrow(() -> new IOException(view.name() + ": the terms of the training need features of"
                            + " every training photo; give them or leave those terms out"));
            given.add(map);
            colours.add(colours(photos.image(view, 0), map));
        }
        float scale = (float) (1 / spread(given));
        float colourScale = (float) (1 / spread(colours));
        for (int v = 0; v < views.size(); v++) {
            maps.add(joined(given.get(v), scale, colours.get(v), colourScale));
        }
    }

    /** A photo's colours at the size of a map. */
    private static FeatureMap colours(Image photo, FeatureMap map) {
        Image small = photo.resized(map.columns(), map.rows());
        float[] values = new float[small.rgb().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (small.rgb()[i] & 0xff) / 255f;
        }
        return new FeatureMap(map.rows(), map.columns(), 3, map.photoWidth(), map.photoHeight(), values);
    }

    /** The root of the mean squared distance of all vectors from their mean. */
    private static double spread(List<FeatureMap> maps) {
        int channels = maps.get(0).channels();
        double[] sums = new double[channels];
        double squares = 0;
        long patches = 0;
        float[] patch = new float[channels];
        for (FeatureMap map : maps) {
            for (int i = 0; i < map.rows() * map.columns(); i++) {
                map.copyPatch(i / map.columns(), i % map.columns(), patch);
                for (int c = 0; c < channels; c++) {
                    sums[c] += patch[c];
                    squares += (double) patch[c] * patch[c];
                }
            }
            patches += (long) map.rows() * map.columns();
        }
        double ofMean = 0;
        for (double sum : sums) {
            ofMean += sum / patches * (sum / patches);
        }
        return Math.max(1e-12, Math.sqrt(squares / patches - ofMean));
    }

    private static FeatureMap joined(FeatureMap a, float scaleA, FeatureMap b, float scaleB) {
        int channels = a.channels() + b.channels();
        float[] values = new float[a.rows() * a.columns() * channels];
        for (int i = 0; i < values.length; i++) {
            int patch = i / channels;
            int c = i % channels;
            FeatureMap map = c < a.channels() ? a : b;
            float value = map.value(patch / a.columns(), patch % a.columns(), c < a.channels() ? c : c - a.channels());
            values[i] = (map == a ? scaleA : scaleB) * value;
        }
        return new FeatureMap(a.rows(), a.columns(), channels, a.photoWidth(), a.photoHeight(), values);
    }

    /** How many of a patch's features are the network's; its colours follow. */
    int networkChannels() {
        return channels() - 3;
    }

    /** How many features a patch has. */
    int channels() {
        return maps.get(0).channels();
    }

    /** The features of a photo and its colours, each scaled to a spread of one over all photos. */
    FeatureMap map(int photo) {
        return maps.get(photo);
    }

    /** The camera of a photo at {@link #LEVEL}. */
    PinholeView pinhole(int photo) {
        return photos.pinhole(views.get(photo), LEVEL);
    }

    /** Features of the engine's Gaussians from all photos. */
    FeatureLifting lift(SplatEngine engine) {
        List<FeatureLifting.Source> sources = new ArrayList<>();
        for (int v = 0; v < views.size(); v++) {
            sources.add(new FeatureLifting.Source(pinhole(v), maps.get(v), engine.render(pinhole(v), GEOMETRY)));
        }
        return new FeatureLifting(engine.state().gaussians(), sources);
    }
}
