package io.github.dinosplat.matching;

import io.github.dinosplat.features.onnx.MatrixProduct;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Mutual nearest neighbours of unit descriptors that pass the ratio test (Lowe 2004, section 7.1) in both directions. */
final class DescriptorMatcher {

    private static final int BLOCK_ROWS = 512;

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

    /** Matches the first descriptors of two photos. */
    Matches match(float[] a, int countA, float[] b, int countB, double ratio) {
        Nearest inB = new Nearest(countA);
        Nearest inA = new Nearest(countB);
        float[] block = idle.poll();
        if (block == null || block.length < BLOCK_ROWS * countB) {
            block = new float[BLOCK_ROWS * countB];
        }
        float[] rows = new float[BLOCK_ROWS * Keypoints.DESCRIPTOR_SIZE];
        for (int from = 0; from < countA; from += BLOCK_ROWS) {
            int n = Math.min(BLOCK_ROWS, countA - from);
            System.arraycopy(a, from * Keypoints.DESCRIPTOR_SIZE, rows, 0, n * Keypoints.DESCRIPTOR_SIZE);
            product.multiplyTransposed(rows, n, b, countB, Keypoints.DESCRIPTOR_SIZE, block);
            for (int i = 0; i < n; i++) {
                scan(block, i * countB, countB, from + i, inB, inA);
            }
        }
        idle.add(block);
        return mutual(inB, inA, ratio);
    }

    private static void scan(float[] block, int offset, int countB, int i, Nearest inB, Nearest inA) {
        float best = -1;
        float second = -1;
        int index = -1;
        float[] bestA = inA.best;
        float[] secondA = inA.second;
        for (int j = 0; j < countB; j++) {
            float v = block[offset + j];
            if (v > second) {
                if (v > best) {
                    second = best;
                    best = v;
                    index = j;
                } else {
                    second = v;
                }
            }
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
    }
}
