package io.github.dinosplat.matching;

import io.github.dinosplat.features.onnx.MatrixProduct;
import io.github.dinosplat.matching.keypoint.Keypoints;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How alike photos look: vectors of locally aggregated descriptors (Jegou et al. 2010) with intra-normalisation
 * (Arandjelovic and Zisserman 2013) over a small vocabulary that is learnt from the photos themselves.
 */
final class Vlad {

    private static final int WORDS = 64;
    private static final int DIM = Keypoints.DESCRIPTOR_SIZE;
    /** Length of a photo's vector. */
    private static final int SIZE = WORDS * DIM;
    /** Photos compared with all at once. */
    private static final int BLOCK = 64;

    private static final int MOST_PHOTOS = 65_535;
    /** Strongest keypoints of a photo that are looked at. */
    private static final int KEYPOINTS = 2048;

    private static final int TRAINING_DESCRIPTORS = 30_000;
    private static final int ITERATIONS = 8;

    private Vlad() {}

    /** Told how alike a photo is to all. */
    interface Row {
        /**
         * One photo.
         *
         * @param photo its index
         * @param cosines holds its cosines with all photos
         * @param offset where they begin
         */
        void accept(int photo, float[] cosines, int offset);
    }

    /**
     * Compares all photos with all. Takes memory for a vector of 32 KiB and {@value #BLOCK} cosines a photo (33 MB for 1,000
     * photos) and time that grows with the square of the photos, though little: with a hundred keypoints each, 0.7 CPU seconds
     * for 1,000 photos and 1.8 for 2,000.
     *
     * @param photos keypoints of each photo, 65,535 photos at most
     * @param row told of the photos in order; keeps nothing of the array
     */
    static void compareAll(List<Keypoints> photos, Row row) {
        int n = photos.size();
        if (n > MOST_PHOTOS) {
            throw new IllegalArgumentException("at most " + MOST_PHOTOS + " photos can be compared but were " + n);
        }
        float[] cosines = new float[BLOCK * n];
        try (MatrixProduct product = new MatrixProduct()) {
            float[] words = learn(photos, product);
            float[] vectors = new float[words.length == 0 ? 0 : n * SIZE];
            for (int i = 0; i < n && words.length > 0; i++) {
                aggregate(photos.get(i), words, product, vectors, i * SIZE);
            }
            for (int from = 0; from < n; from += BLOCK) {
                int count = Math.min(BLOCK, n - from);
                if (words.length > 0) {
                    product.multiplyTransposed(vectors, from, count, vectors, 0, n, SIZE, cosines);
                }
                for (int i = 0; i < count; i++) {
                    row.accept(from + i, cosines, i * n);
                }
            }
        }
    }

    /** k-means over an even sample of all photos' descriptors; empty where there are fewer than words. */
    private static float[] learn(List<Keypoints> photos, MatrixProduct product) {
        long all =
                photos.stream().mapToLong(k -> Math.min(KEYPOINTS, k.count())).sum();
        if (all < WORDS) {
            return new float[0];
        }
        double step = Math.max(1, (double) all / TRAINING_DESCRIPTORS);
        int m = (int) Math.ceil(all / step);
        float[] sample = new float[m * DIM];
        int taken = 0;
        long seen = 0;
        for (Keypoints k : photos) {
            int count = Math.min(KEYPOINTS, k.count());
            for (int i = 0; i < count; i++, seen++) {
                if (taken < m && seen >= (long) (taken * step)) {
                    System.arraycopy(k.descriptors(), i * DIM, sample, taken++ * DIM, DIM);
                }
            }
        }
        float[] words = new float[WORDS * DIM];
        SplittableRandom random = new SplittableRandom(1);
        for (int w = 0; w < WORDS; w++) {
            System.arraycopy(sample, random.nextInt(taken) * DIM, words, w * DIM, DIM);
        }
        int[] nearest = new int[taken];
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            assign(sample, taken, words, product, nearest);
            words = means(sample, nearest, words);
        }
        return words;
    }

    /** For each descriptor the nearest word. */
    private static void assign(float[] descriptors, int n, float[] words, MatrixProduct product, int[] nearest) {
        float[] products = new float[n * WORDS];
        product.multiplyTransposed(descriptors, n, words, WORDS, DIM, products);
        float[] half = new float[WORDS];
        for (int w = 0; w < WORDS; w++) {
            for (int d = 0; d < DIM; d++) {
                half[w] += 0.5f * words[w * DIM + d] * words[w * DIM + d];
            }
        }
        for (int i = 0; i < n; i++) {
            int best = 0;
            for (int w = 1; w < WORDS; w++) {
                if (products[i * WORDS + w] - half[w] > products[i * WORDS + best] - half[best]) {
                    best = w;
                }
            }
            nearest[i] = best;
        }
    }

    private static float[] means(float[] sample, int[] nearest, float[] words) {
        double[] sums = new double[WORDS * DIM];
        int[] counts = new int[WORDS];
        for (int i = 0; i < nearest.length; i++) {
            counts[nearest[i]]++;
            for (int d = 0; d < DIM; d++) {
                sums[nearest[i] * DIM + d] += sample[i * DIM + d];
            }
        }
        float[] out = words.clone();
        for (int w = 0; w < WORDS; w++) {
            for (int d = 0; d < DIM && counts[w] > 0; d++) {
                out[w * DIM + d] = (float) (sums[w * DIM + d] / counts[w]);
            }
        }
        return out;
    }

    private static void aggregate(Keypoints k, float[] words, MatrixProduct product, float[] out, int offset) {
        int n = Math.min(KEYPOINTS, k.count());
        if (n == 0) {
            return;
        }
        int[] nearest = new int[n];
        assign(k.descriptors(), n, words, product, nearest);
        for (int i = 0; i < n; i++) {
            int word = nearest[i] * DIM;
            for (int d = 0; d < DIM; d++) {
                out[offset + word + d] += k.descriptors()[i * DIM + d] - words[word + d];
            }
        }
        int used = 0;
        for (int w = 0; w < WORDS; w++) {
            used += normalise(out, offset + w * DIM) ? 1 : 0;
        }
        float scale = (float) (1 / Math.sqrt(Math.max(1, used)));
        for (int i = offset; i < offset + WORDS * DIM; i++) {
            out[i] *= scale;
        }
    }

    private static boolean normalise(float[] a, int from) {
        double norm2 = 0;
        for (int i = from; i < from + DIM; i++) {
            norm2 += (double) a[i] * a[i];
        }
        if (!(norm2 > 1e-12)) {
            Arrays.fill(a, from, from + DIM, 0);
            return false;
        }
        float inv = (float) (1 / Math.sqrt(norm2));
        for (int i = from; i < from + DIM; i++) {
            a[i] *= inv;
        }
        return true;
    }
}
