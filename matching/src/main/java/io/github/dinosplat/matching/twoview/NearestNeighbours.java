package io.github.dinosplat.matching.twoview;

import java.util.Arrays;

/**
 * For each descriptor of one photo the least two squared distances from descriptors of the other photo, and which the nearest
 * is; -1 where there is none. The arrays are open to the loops that fill them.
 */
final class NearestNeighbours {

    /** Farther than unit vectors can be. */
    private static final int FAR = 4 * ByteDescriptors.UNIT;

    /** [n] squared distance from the nearest descriptor, in units of {@link ByteDescriptors#UNIT}. */
    final int[] best;
    /** [n] squared distance from the second nearest. */
    final int[] second;
    /** [n] index of the nearest. */
    final int[] index;

    NearestNeighbours(int n) {
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

    /**
     * The mutual nearest neighbours that pass the ratio test in both directions.
     *
     * @param inB for each descriptor of the first photo its neighbours in the second
     * @param inA for each descriptor of the second photo its neighbours in the first
     * @param maxRatio greatest ratio of the distances from the nearest and the second nearest
     */
    static KeypointMatches mutual(NearestNeighbours inB, NearestNeighbours inA, double maxRatio) {
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
            if (nearest < maxRatio * maxRatio * next) {
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
        return new KeypointMatches(a, b);
    }
}
