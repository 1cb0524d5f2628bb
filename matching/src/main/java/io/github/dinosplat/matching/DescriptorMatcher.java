package io.github.dinosplat.matching;

import io.github.dinosplat.features.onnx.MatrixProduct;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Mutual nearest neighbours of unit descriptors that pass the ratio test (Lowe 2004, section 7.1) in both directions. */
final class DescriptorMatcher {

    /** Cosines are made in blocks of so many descriptors of the first and second photo, which stay in the processor's caches. */
    private static final int BLOCK_A = 256;

    private static final int BLOCK_B = 2048;

    private final MatrixProduct product;
    private final ConcurrentLinkedQueue<float[]> idle = new ConcurrentLinkedQueue<>();

    DescriptorMatcher(MatrixProduct product) {
        this.product = product;
    }

    /** Matches, most trusted (smallest ratio of distances) first. */
    record Matches(int[] a, int[] b) {

        int count() {
            return a.length;
        }

        /** These, then those of the others whose keypoints are not matched here. */
        Matches with(Matches others) {
            Set<Integer> usedA = new HashSet<>();
            Set<Integer> usedB = new HashSet<>();
            for (int k = 0; k < a.length; k++) {
                usedA.add(a[k]);
                usedB.add(b[k]);
            }
            int[] newA = Arrays.copyOf(a, a.length + others.a.length);
            int[] newB = Arrays.copyOf(b, newA.length);
            int n = a.length;
            for (int k = 0; k < others.a.length; k++) {
                if (!usedA.contains(others.a[k]) && !usedB.contains(others.b[k])) {
                    newA[n] = others.a[k];
                    newB[n++] = others.b[k];
                }
            }
            return new Matches(Arrays.copyOf(newA, n), Arrays.copyOf(newB, n));
        }
    }

    /** Compares two photos, more and more of their descriptors. */
    Comparison compare(float[] a, int countA, float[] b, int countB) {
        return new Comparison(a, countA, b, countB);
    }

    /** What is known of two photos' descriptors. What was compared once is not compared again. */
    final class Comparison {
        private final float[] a;
        private final float[] b;
        private final Nearest inB;
        private final Nearest inA;
        private int doneA;
        private int doneB;

        private Comparison(float[] a, int countA, float[] b, int countB) {
            this.a = a;
            this.b = b;
            inB = new Nearest(countA);
            inA = new Nearest(countB);
        }

        /** Matches among the first descriptors of both; at least as many as were asked for before. */
        Matches first(int most, double ratio) {
            int toA = Math.min(most, inB.index.length);
            int toB = Math.min(most, inA.index.length);
            float[] block = idle.poll();
            if (block == null) {
                block = new float[BLOCK_A * BLOCK_B];
            }
            compare(block, 0, doneA, doneB, toB);
            compare(block, doneA, toA, 0, toB);
            idle.add(block);
            doneA = toA;
            doneB = toB;
            return mutual(inB, inA, ratio);
        }

        private void compare(float[] block, int fromA, int toA, int fromB, int toB) {
            for (int j = fromB; j < toB; j += BLOCK_B) {
                int m = Math.min(BLOCK_B, toB - j);
                for (int i = fromA; i < toA; i += BLOCK_A) {
                    int n = Math.min(BLOCK_A, toA - i);
                    product.multiplyTransposed(a, i, n, b, j, m, Keypoints.DESCRIPTOR_SIZE, block);
                    for (int row = 0; row < n; row++) {
                        scan(block, row * m, m, i + row, j, inB, inA);
                    }
                }
            }
        }
    }

    /** Looks through the cosines of descriptor i with some of the second photo's. */
    private static void scan(float[] block, int offset, int count, int i, int fromB, Nearest inB, Nearest inA) {
        float best = inB.best[i];
        float second = inB.second[i];
        int index = inB.index[i];
        float[] bestA = inA.best;
        float[] secondA = inA.second;
        for (int k = 0; k < count; k++) {
            float v = block[offset + k];
            if (v > second) {
                if (v > best) {
                    second = best;
                    best = v;
                    index = fromB + k;
                } else {
                    second = v;
                }
            }
            int j = fromB + k;
            if (v > secondA[j]) {
                if (v > bestA[j]) {
                    secondA[j] = bestA[j];
                    bestA[j] = v;
                    inA.index[j] = i;
                } else {
                    secondA[j] = v;
                }
            }
        }
        inB.best[i] = best;
        inB.second[i] = second;
        inB.index[i] = index;
    }

    static Matches mutual(Nearest inB, Nearest inA, double ratio) {
        int n = inB.index.length;
        long[] keys = new long[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            int j = inB.index[i];
            if (j < 0 || inA.index[j] != i) {
                continue;
            }
            // Unit vectors: squared distance = 2 - 2 cosine.
            double nearest = Math.max(0, 1 - inB.best[i]);
            double next = 1 - Math.max(inB.second[i], inA.second[j]);
            if (nearest < ratio * ratio * next) {
                // Ratio in the high bits, index in the low ones: sorted by trust, equal ones by index.
                keys[count++] = ((long) (nearest / next * Integer.MAX_VALUE) << 32) | i;
            }
        }
        Arrays.sort(keys, 0, count);
        int[] a = new int[count];
        int[] b = new int[count];
        for (int k = 0; k < count; k++) {
            a[k] = (int) keys[k];
            b[k] = inB.index[a[k]];
        }
        return new Matches(a, b);
    }

    /** For each descriptor the greatest two cosines with the other photo's and where the greatest is; -1 where none. */
    static final class Nearest {
        final float[] best;
        final float[] second;
        final int[] index;

        Nearest(int n) {
            best = new float[n];
            second = new float[n];
            index = new int[n];
            Arrays.fill(best, -1);
            Arrays.fill(second, -1);
            Arrays.fill(index, -1);
        }

        /** Descriptor i has this cosine with the other photo's j. */
        void offer(int i, int j, float cosine) {
            if (cosine > best[i]) {
                second[i] = best[i];
                best[i] = cosine;
                index[i] = j;
            } else if (cosine > second[i]) {
                second[i] = cosine;
            }
        }
    }
}
