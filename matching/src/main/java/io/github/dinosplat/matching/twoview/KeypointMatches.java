package io.github.dinosplat.matching.twoview;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Matches of two photos as indices of their keypoints, most trusted (smallest ratio of distances) first. Arrays are shared.
 *
 * @param a [n] keypoints of the first photo
 * @param b [n] the matching keypoints of the second photo
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeypointMatches(int[] a, int[] b) {

    int count() {
        return a.length;
    }

    /** The matches at some places of this list, in the order of {@code which}. */
    KeypointMatches select(int[] which) {
        int[] someA = new int[which.length];
        int[] someB = new int[which.length];
        for (int k = 0; k < which.length; k++) {
            someA[k] = a[which[k]];
            someB[k] = b[which[k]];
        }
        return new KeypointMatches(someA, someB);
    }

    /** These, then those of the others whose keypoints are not matched here. */
    KeypointMatches with(KeypointMatches others) {
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
        return new KeypointMatches(Arrays.copyOf(newA, n), Arrays.copyOf(newB, n));
    }
}
