package io.github.dinosplat.features;

import io.github.dinosplat.scene.FeatureMap;
import java.util.Arrays;

/** What a network says of a photo: its patches, and one vector for the whole of it. Immutable. */
public final class PhotoFeatures {

    /** Exponent of the generalised mean (Radenović, Tolias and Chum 2019, section 3.2). */
    private static final double EXPONENT = 3;

    private final FeatureMap patches;
    private final float[] classToken;
    private final float[] global;

    /**
     * Features of a photo.
     *
     * @param patches one vector for each patch
     * @param classToken the network's class token; empty where it has none
     */
    public PhotoFeatures(FeatureMap patches, float[] classToken) {
        this.patches = patches;
        this.classToken = classToken.clone();
        this.global = concatenated(unit(this.classToken), unit(generalisedMean(patches)));
    }

    /**
     * The patches.
     *
     * @return feature map
     */
    public FeatureMap patches() {
        return patches;
    }

    /**
     * The network's class token; in tiled pictures the mean over the tiles.
     *
     * @return a new array; empty where the network has none
     */
    public float[] classToken() {
        return classToken.clone();
    }

    /**
     * A vector for the whole photo, to find photos of the same place by its dot products: the class token and the
     * generalised mean of the patches with exponent 3 (GeM), each of length 1, together of length 1. It is best taken from
     * {@link Layer#FINAL}; a long side of 224 to 448 is enough.
     *
     * @return a new array
     */
    public float[] globalVector() {
        return global.clone();
    }

    private static float[] generalisedMean(FeatureMap map) {
        double[] sums = new double[map.channels()];
        float[] patch = new float[map.channels()];
        for (int r = 0; r < map.rows(); r++) {
            for (int c = 0; c < map.columns(); c++) {
                map.copyPatch(r, c, patch);
                for (int k = 0; k < patch.length; k++) {
                    double v = Math.max(patch[k], 1e-6);
                    sums[k] += v * v * v;
                }
            }
        }
        float[] mean = new float[sums.length];
        for (int k = 0; k < mean.length; k++) {
            mean[k] = (float) Math.pow(sums[k] / ((double) map.rows() * map.columns()), 1 / EXPONENT);
        }
        return mean;
    }

    private static float[] unit(float[] v) {
        double square = 0;
        for (float x : v) {
            square += (double) x * x;
        }
        float[] unit = v.clone();
        if (square > 0) {
            for (int k = 0; k < unit.length; k++) {
                unit[k] = (float) (unit[k] / Math.sqrt(square));
            }
        }
        return unit;
    }

    private static float[] concatenated(float[] a, float[] b) {
        float[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return unit(both);
    }
}
