package io.github.dinosplat.matching.twoview;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Matches of two photos as places, most trusted first. Unlike {@link KeypointMatches} they may come from keypoints of several
 * views of a photo. Arrays are shared.
 *
 * @param a [n, 2] pixels of the first photo
 * @param b [n, 2] pixels of the second photo
 * @param cosines [n] how alike the places look
 * @param ratios [n] ratio of the distances to the nearest and the second nearest descriptor; the smaller, the more trusted
 * @param affine [n, 2, 2] row by row, what takes small steps from the place in the first photo to steps in the second
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PlaceMatches(double[] a, double[] b, float[] cosines, float[] ratios, double[] affine) {

    int count() {
        return cosines.length;
    }

    /** The matches at some places of this list, in the order of {@code which}. */
    PlaceMatches select(int[] which) {
        int n = which.length;
        PlaceMatches some =
                new PlaceMatches(new double[2 * n], new double[2 * n], new float[n], new float[n], new double[4 * n]);
        for (int k = 0; k < n; k++) {
            copy(which[k], some, k);
        }
        return some;
    }

    /**
     * Two lists as one, most trusted first.
     *
     * @param cell matches whose places lie in the same square of this many pixels, in either photo, count as one: the most
     *     trusted is kept
     */
    static PlaceMatches merged(PlaceMatches p, PlaceMatches q, double cell) {
        int n = p.count();
        int all = n + q.count();
        long[] order = new long[all];
        for (int k = 0; k < all; k++) {
            order[k] = trustKey(k < n ? p.ratios[k] : q.ratios[k - n], k);
        }
        Arrays.sort(order);
        Builder builder = new Builder(cell, all);
        for (long key : order) {
            int k = (int) key;
            if (k < n) {
                builder.add(p, k);
            } else {
                builder.add(q, k - n);
            }
        }
        return builder.build();
    }

    /** A number that sorts matches by trust, equal ones by their index, which is in the low 32 bits. */
    static long trustKey(float ratio, int index) {
        return ((long) (ratio * Integer.MAX_VALUE) << 32) | index;
    }

    private void copy(int i, PlaceMatches to, int k) {
        System.arraycopy(a, 2 * i, to.a, 2 * k, 2);
        System.arraycopy(b, 2 * i, to.b, 2 * k, 2);
        System.arraycopy(affine, 4 * i, to.affine, 4 * k, 4);
        to.cosines[k] = cosines[i];
        to.ratios[k] = ratios[i];
    }

    /** Collects matches and leaves out those at a place that has one. */
    static final class Builder {

        private final double cell;
        private final Set<Long> takenA = new HashSet<>();
        private final Set<Long> takenB = new HashSet<>();
        private final PlaceMatches matches;
        private int count;

        /**
         * Nothing yet.
         *
         * @param cell side of the squares that count as one place, in pixels; at least 1 is taken
         * @param most how many matches will be offered at most
         */
        Builder(double cell, int most) {
            this.cell = Math.max(1, cell);
            matches = new PlaceMatches(
                    new double[2 * most], new double[2 * most], new float[most], new float[most], new double[4 * most]);
        }

        /** Takes a match of places (xA, yA) and (xB, yB), unless one of the places has a match already. */
        void add(double xA, double yA, double xB, double yB, float cosine, float ratio, double[] affine) {
            if (take(xA, yA, xB, yB)) {
                matches.a[2 * count] = xA;
                matches.a[2 * count + 1] = yA;
                matches.b[2 * count] = xB;
                matches.b[2 * count + 1] = yB;
                System.arraycopy(affine, 0, matches.affine, 4 * count, 4);
                matches.cosines[count] = cosine;
                matches.ratios[count++] = ratio;
            }
        }

        private void add(PlaceMatches from, int i) {
            if (take(from.a[2 * i], from.a[2 * i + 1], from.b[2 * i], from.b[2 * i + 1])) {
                from.copy(i, matches, count++);
            }
        }

        private boolean take(double xA, double yA, double xB, double yB) {
            long cellA = cell(xA, yA);
            long cellB = cell(xB, yB);
            if (takenA.contains(cellA) || takenB.contains(cellB)) {
                return false;
            }
            takenA.add(cellA);
            takenB.add(cellB);
            return true;
        }

        private long cell(double x, double y) {
            return ((long) (x / cell) << 32) | (long) (y / cell);
        }

        PlaceMatches build() {
            return new PlaceMatches(
                    Arrays.copyOf(matches.a, 2 * count),
                    Arrays.copyOf(matches.b, 2 * count),
                    Arrays.copyOf(matches.cosines, count),
                    Arrays.copyOf(matches.ratios, count),
                    Arrays.copyOf(matches.affine, 4 * count));
        }
    }
}
