package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.matching.Keypoints;
import io.github.dinosplat.matching.MatchedPair;

/**
 * Which keypoints match which. Keypoints of all photos are numbered through; the matches of keypoint {@code k} are
 * {@code neighbour[start[k]]} to {@code neighbour[start[k + 1] - 1]}.
 */
final class CorrespondenceGraph {

    final int photos;
    /** Keypoints of photo i: first[i] to first[i + 1] - 1. */
    final int[] first;

    final int[] photoOf;
    /** x and y of every keypoint in pixels. */
    final double[] pixels;

    final int[] start;
    final int[] neighbour;

    CorrespondenceGraph(MappingInput input) {
        photos = input.names().size();
        first = new int[photos + 1];
        for (int i = 0; i < photos; i++) {
            first[i + 1] = first[i] + input.keypoints().get(i).count();
        }
        int n = first[photos];
        photoOf = new int[n];
        pixels = new double[2 * n];
        for (int i = 0; i < photos; i++) {
            Keypoints k = input.keypoints().get(i);
            for (int j = 0; j < k.count(); j++) {
                photoOf[first[i] + j] = i;
                pixels[2 * (first[i] + j)] = k.x(j);
                pixels[2 * (first[i] + j) + 1] = k.y(j);
            }
        }
        start = new int[n + 1];
        for (MatchedPair pair : input.pairs()) {
            for (int m = 0; m < pair.count(); m++) {
                start[first[pair.photoA()] + pair.keypointA(m) + 1]++;
                start[first[pair.photoB()] + pair.keypointB(m) + 1]++;
            }
        }
        for (int k = 0; k < n; k++) {
            start[k + 1] += start[k];
        }
        neighbour = new int[start[n]];
        int[] next = start.clone();
        for (MatchedPair pair : input.pairs()) {
            for (int m = 0; m < pair.count(); m++) {
                int a = first[pair.photoA()] + pair.keypointA(m);
                int b = first[pair.photoB()] + pair.keypointB(m);
                neighbour[next[a]++] = b;
                neighbour[next[b]++] = a;
            }
        }
    }

    int keypoints() {
        return photoOf.length;
    }
}
