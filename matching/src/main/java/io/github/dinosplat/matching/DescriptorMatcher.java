package io.github.dinosplat.matching;

import io.github.dinosplat.features.onnx.ByteProduct;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Mutual nearest neighbours of unit descriptors that pass the ratio test (Lowe 2004, section 7.1) in both directions. */
final class DescriptorMatcher {

    /** Products are made in blocks of so many descriptors of the first and second photo, which stay in the processor's caches. */
    private static final int BLOCK_A = 256;

    private static final int BLOCK_B = 1024;

    private final ByteProduct product;
    private final ConcurrentLinkedQueue<int[]> idle = new ConcurrentLinkedQueue<>();

    DescriptorMatcher(ByteProduct product) {
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
    Comparison compare(ByteDescriptors a, ByteDescriptors b) {
        return new Comparison(a, b);
    }

    /** What is known of two photos' descriptors. What was compared once is not compared again. */
    final class Comparison {
        private final ByteDescriptors a;
        private final ByteDescriptors b;
        private final Nearest inB;
        private final Nearest inA;
        private int doneA;
        private int doneB;

        private Comparison(ByteDescriptors a, ByteDescriptors b) {
            this.a = a;
            this.b = b;
            inB = new Nearest(a.count());
            inA = new Nearest(b.count());
        }

        /** Matches among the first descriptors of both; at least as many as were asked for before. */
        Matches first(int most, double ratio) {
            int toA = Math.min(most, inB.index.length);
            int toB = Math.min(most, inA.index.length);
            int[] block = idle.poll();
            if (block == null) {
                block = new int[BLOCK_A * BLOCK_B];
            }
            compare(block, 0, doneA, doneB, toB);
            compare(block, doneA, toA, 0, toB);
            idle.add(block);
            doneA = toA;
            doneB = toB;
            return mutual(inB, inA, ratio);
        }

        private void compare(int[] block, int fromA, int toA, int fromB, int toB) {
            for (int j = fromB; j < toB; j += BLOCK_B) {
                int m = Math.min(BLOCK_B, toB - j);
                for (int i = fromA; i < toA; i += BLOCK_A) {
                    int n = Math.min(BLOCK_A, toA - i);
                    product.multiplyTransposed(a.bytes(), i, n, b.bytes(), j, m, Keypoints.DESCRIPTOR_SIZE, block);
                    for (int row = 0; row < n; row++) {
                        scan(block, row * m, m, i + row, j);
                    }
                }
            }
        }

        /** Looks through the products of descriptor i with some of the second photo's. */
        private void scan(int[] block, int offset, int count, int i, int fromB) {
            int best = inB.best[i];
            int second = inB.second[i];
            int index = inB.index[i];
            int[] bestA = inA.best;
            int[] secondA = inA.second;
            int[] lengths = b.squaredLengths();
            int length = a.squaredLengths()[i];
            for (int k = 0; k < count; k++) {
                int j = fromB + k;
                int d = length + lengths[j] - 2 * block[offset + k];
                if (d < second) {
                    if (d < best) {
                        second = best;
                        best = d;
                        index = j;
                    } else {
                        second = d;
                    }
                }
                if (d < secondA[j]) {
                    if (d < bestA[j]) {
                        secondA[j] = bestA[j];
                        bestA[j] = d;
                        inA.index[j] = i;
                    } else {
                        secondA[j] = d;
                    }
                }
            }
            inB.best[i] = best;
            inB.second[i] = second;
            inB.index[i] = index;
        }
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
            double nearest = inB.best[i];
            double next = Math.min(inB.second[i], inA.second[j]);
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

    /** For each descriptor the least two squared distances from the other photo's and where the least is; -1 where none. */
    static final class Nearest {
        /** Farther than unit vectors can be. */
        private static final int FAR = 4 * ByteDescriptors.UNIT;

        final int[] best;
        final int[] second;
        final int[] index;

        Nearest(int n) {
            best = new int[n];
            second = new int[n];
            index = new int[n];
            Arrays.fill(best, FAR);
            Arrays.fill(second, FAR);
            Arrays.fill(index, -1);
        }

        /** Descriptor i is so far from the other photo's j. */
        void offer(int i, int j, int distance2) {
            if (distance2 < best[i]) {
                second[i] = best[i];
                best[i] = distance2;
                index[i] = j;
            } else if (distance2 < second[i]) {
                second[i] = distance2;
            }
        }
    }
}
