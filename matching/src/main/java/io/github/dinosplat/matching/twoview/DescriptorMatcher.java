package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.features.onnx.ByteProduct;
import io.github.dinosplat.matching.keypoint.Keypoints;
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

    /** Compares two photos, more and more of their descriptors. */
    Comparison compare(ByteDescriptors a, ByteDescriptors b) {
        return new Comparison(a, b);
    }

    /** What is known of two photos' descriptors. What was compared once is not compared again. */
    final class Comparison {
        private final ByteDescriptors a;
        private final ByteDescriptors b;
        private final NearestNeighbours inB;
        private final NearestNeighbours inA;
        private int doneA;
        private int doneB;

        private Comparison(ByteDescriptors a, ByteDescriptors b) {
            this.a = a;
            this.b = b;
            inB = new NearestNeighbours(a.count());
            inA = new NearestNeighbours(b.count());
        }

        /** Matches among the first descriptors of both; at least as many as were asked for before. */
        KeypointMatches first(int most, double ratio) {
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
            return NearestNeighbours.mutual(inB, inA, ratio);
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
}
