package io.github.dinosplat.features;

import io.github.dinosplat.features.onnx.MatrixProduct;
import io.github.dinosplat.scene.FeatureMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Vectors for whole photos that find photos of the same place within a set: how often each visual word of the set occurs in
 * a photo (Sivic and Zisserman 2003). The words are the set's own, so nothing has to be learnt beforehand, and any dense
 * features will do.
 *
 * <p>Patches less the set's mean go to the nearest of up to 1,024 directions, which are the means of a spherical k-means over
 * a sample of the set. The square root keeps words that fill a photo from deciding alone; what all photos have is taken out.
 * Against means, generalised means, second moments and residuals of the words (VLAD) this was the best on the training's
 * held-out folders, most of all when the light had changed; see {@code features/training/README.md}.
 */
public final class VisualWords {

    private static final int WORDS = 1024;
    /** Fewer patches for a word, and it stands for a few patches of one photo. */
    private static final int PATCHES_FOR_A_WORD = 16;

    private static final int SAMPLES = 32_768;
    private static final int ROUNDS = 8;
    private static final long SEED = 1;

    private final int channels;
    private final float[] mean;
    /** [words, channels], each of length 1. */
    private final float[] words;

    private final int count;

    private VisualWords(float[] mean, float[] words) {
        this.channels = mean.length;
        this.mean = mean;
        this.words = words;
        this.count = words.length / channels;
    }

    /**
     * A vector of length 1 for each photo of a set; the greater the dot product of two, the more the photos have in common.
     * The same maps give the same bits. One map is held at a time, and some 30,000 patches of all.
     *
     * @param photos photos in the set, at least 2
     * @param maps the features of a photo, from 0 to photos - 1, all of one method; each is asked for twice
     * @return one vector for each photo; all of them 0 for a photo that is like every other
     * @throws IllegalArgumentException if photos is less than 2, or the maps have different numbers of channels
     * @throws IllegalStateException if ONNX Runtime cannot be used
     */
    public static List<float[]> vectors(int photos, IntFunction<FeatureMap> maps) {
        if (photos < 2) {
            throw new IllegalArgumentException("photos must be at least 2 but was " + photos);
        }
        try (MatrixProduct product = new MatrixProduct()) {
            VisualWords words = learned(photos, maps, product);
            List<float[]> vectors = new ArrayList<>();
            double[] sum = new double[words.count];
            for (int i = 0; i < photos; i++) {
                float[] v = words.frequencies(maps.apply(i), product);
                for (int k = 0; k < v.length; k++) {
                    sum[k] += v[k];
                }
                vectors.add(v);
            }
            for (float[] v : vectors) {
                for (int k = 0; k < v.length; k++) {
                    v[k] -= (float) (sum[k] / photos);
                }
                scaleToUnit(v, 0, v.length);
            }
            return vectors;
        }
    }

    /**
     * How much the photos of a set have in common, whichever way up each of them was taken: the greatest of the dot products of
     * {@link #vectors} among them and among them upside down. Networks tell up from down; cameras on a drone that flies
     * to and fro, or on an arm around an object, do not.
     *
     * @param photos photos in the set, at least 2
     * @param maps the features of a photo, from 0 to photos - 1, all of one method; each is asked for twice
     * @param upsideDown the features of the same photo turned by half a circle; likewise
     * @return {@code photos * photos} values, symmetric, row by row
     * @throws IllegalArgumentException if photos is less than 2, or the maps have different numbers of channels
     * @throws IllegalStateException if ONNX Runtime cannot be used
     */
    public static float[] similarities(int photos, IntFunction<FeatureMap> maps, IntFunction<FeatureMap> upsideDown) {
        if (photos < 2) {
            throw new IllegalArgumentException("photos must be at least 2 but was " + photos);
        }
        List<float[]> vectors = vectors(2 * photos, i -> i < photos ? maps.apply(i) : upsideDown.apply(i - photos));
        float[] similarities = new float[photos * photos];
        for (int a = 0; a < photos; a++) {
            for (int b = a; b < photos; b++) {
                float[] upright = vectors.get(a);
                float best = dot(upright, vectors.get(b));
                best = Math.max(best, dot(upright, vectors.get(photos + b)));
                best = Math.max(best, dot(vectors.get(photos + a), vectors.get(b)));
                similarities[a * photos + b] = best;
                similarities[b * photos + a] = best;
            }
        }
        return similarities;
    }

    private static float dot(float[] a, float[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += (double) a[k] * b[k];
        }
        return (float) sum;
    }

    private static VisualWords learned(int photos, IntFunction<FeatureMap> maps, MatrixProduct product) {
        List<float[]> sampled = new ArrayList<>();
        for (int i = 0; i < photos; i++) {
            sampled.addAll(PcaPictures.samples(maps.apply(i), Math.max(1, SAMPLES / photos)));
        }
        int channels = sampled.get(0).length;
        double[] sum = new double[channels];
        for (float[] patch : sampled) {
            if (patch.length != channels) {
                throw new IllegalArgumentException(
                        "maps must have one number of channels but had " + channels + " and " + patch.length);
            }
            scaleToUnit(patch, 0, channels);
            for (int k = 0; k < channels; k++) {
                sum[k] += patch[k];
            }
        }
        float[] mean = new float[channels];
        for (int k = 0; k < channels; k++) {
            mean[k] = (float) (sum[k] / sampled.size());
        }
        float[] patches = new float[sampled.size() * channels];
        for (int i = 0; i < sampled.size(); i++) {
            centre(sampled.get(i), mean, patches, i * channels);
        }
        VisualWords words = new VisualWords(mean, start(patches, channels));
        for (int round = 0; round < ROUNDS; round++) {
            words.improve(patches, product);
        }
        return words;
    }

    /** Some patches, no two of one place in the sample. */
    private static float[] start(float[] patches, int channels) {
        int n = patches.length / channels;
        int[] order = new int[n];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(SEED);
        int count = Math.max(1, Math.min(WORDS, n / PATCHES_FOR_A_WORD));
        float[] words = new float[count * channels];
        for (int i = 0; i < count; i++) {
            int j = i + random.nextInt(n - i);
            System.arraycopy(patches, order[j] * channels, words, i * channels, channels);
            order[j] = order[i];
        }
        return words;
    }

    /** A round of k-means. A word without patches stays where it is. */
    private void improve(float[] patches, MatrixProduct product) {
        int[] nearest = nearest(patches, product);
        double[] sums = new double[words.length];
        boolean[] used = new boolean[count];
        for (int i = 0; i < nearest.length; i++) {
            used[nearest[i]] = true;
            for (int k = 0; k < channels; k++) {
                sums[nearest[i] * channels + k] += patches[i * channels + k];
            }
        }
        for (int w = 0; w < count; w++) {
            if (used[w]) {
                for (int k = 0; k < channels; k++) {
                    words[w * channels + k] = (float) sums[w * channels + k];
                }
                scaleToUnit(words, w * channels, channels);
            }
        }
    }

    private int[] nearest(float[] patches, MatrixProduct product) {
        int n = patches.length / channels;
        float[] cosines = new float[n * count];
        product.multiplyTransposed(patches, n, words, count, channels, cosines);
        int[] nearest = new int[n];
        for (int i = 0; i < n; i++) {
            int best = 0;
            for (int w = 1; w < count; w++) {
                if (cosines[i * count + w] > cosines[i * count + best]) {
                    best = w;
                }
            }
            nearest[i] = best;
        }
        return nearest;
    }

    /** Square roots of the shares of a photo's patches that each word has. */
    private float[] frequencies(FeatureMap map, MatrixProduct product) {
        if (map.channels() != channels) {
            throw new IllegalArgumentException(
                    "maps must have one number of channels but had " + channels + " and " + map.channels());
        }
        int n = map.rows() * map.columns();
        float[] patches = new float[n * channels];
        float[] patch = new float[channels];
        for (int i = 0; i < n; i++) {
            map.copyPatch(i / map.columns(), i % map.columns(), patch);
            scaleToUnit(patch, 0, channels);
            centre(patch, mean, patches, i * channels);
        }
        float[] v = new float[count];
        for (int word : nearest(patches, product)) {
            v[word]++;
        }
        for (int w = 0; w < count; w++) {
            v[w] = (float) Math.sqrt(v[w] / n);
        }
        return v;
    }

    private static void centre(float[] patch, float[] mean, float[] target, int at) {
        for (int k = 0; k < patch.length; k++) {
            target[at + k] = patch[k] - mean[k];
        }
        scaleToUnit(target, at, patch.length);
    }

    /** Leaves a vector of zeros as it is. */
    private static void scaleToUnit(float[] values, int at, int length) {
        double square = 0;
        for (int k = at; k < at + length; k++) {
            square += (double) values[k] * values[k];
        }
        if (square > 0) {
            double scale = 1 / Math.sqrt(square);
            for (int k = at; k < at + length; k++) {
                values[k] *= (float) scale;
            }
        }
    }
}
