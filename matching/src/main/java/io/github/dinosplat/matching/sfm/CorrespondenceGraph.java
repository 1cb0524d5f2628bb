package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.twoview.MatchedPair;

/**
 * Which keypoints match which, over all photos (the correspondence graph of Sch&ouml;nberger and Frahm 2016, section 2). The
 * keypoints of all photos are numbered in one sequence; the matches of keypoint {@code k} are {@code neighbour[start[k]]} to
 * {@code neighbour[start[k + 1] - 1]}.
 */
final class CorrespondenceGraph {

    /**
     * With so many keypoints that more than one other photo matches, a photo does without the matches that no third photo
     * confirms: these make points that determine the cameras little and are wrong more often. Photos with fewer need every
     * match. What is left out comes back at the end, where there are no other points ({@link TwoViewPoints}).
     */
    private static final int RICH = 300;

    final int photos;
    /** Keypoints of photo i: first[i] to first[i + 1] - 1. */
    final int[] first;

    /** The photo of every keypoint. */
    final int[] photoOf;
    /** [n, 2] pixels of every keypoint. */
    final double[] pixels;
    /** Where the matches of every keypoint start, and the end of the last. */
    final int[] start;
    /** Keypoints that match, keypoint by keypoint. */
    final int[] neighbour;
    /** Which photos have enough keypoints that several others match. */
    final boolean[] rich;
    /** Keypoints of the matches that were left out, two by two. */
    final int[] leftOut;

    /** The graph of all matches, also of those that no third photo confirms. */
    static CorrespondenceGraph ofAll(MappingInput input) {
        return new CorrespondenceGraph(input, true);
    }

    /** The graph without the matches that no third photo confirms, where both photos have enough others. */
    static CorrespondenceGraph ofConfirmed(MappingInput input) {
        return new CorrespondenceGraph(input, false);
    }

    private CorrespondenceGraph(MappingInput input, boolean all) {
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
        int[] matches = new int[n];
        for (MatchedPair pair : input.pairs()) {
            for (int m = 0; m < pair.count(); m++) {
                matches[keypointA(pair, m)]++;
                matches[keypointB(pair, m)]++;
            }
        }
        rich = all ? new boolean[photos] : rich(input, matches);
        start = new int[n + 1];
        forEach(input, matches, true, (a, b) -> {
            start[a + 1]++;
            start[b + 1]++;
        });
        for (int k = 0; k < n; k++) {
            start[k + 1] += start[k];
        }
        neighbour = new int[start[n]];
        int[] next = start.clone();
        forEach(input, matches, true, (a, b) -> {
            neighbour[next[a]++] = b;
            neighbour[next[b]++] = a;
        });
        int[] out =
                new int[2 * input.pairs().stream().mapToInt(MatchedPair::count).sum() - start[n]];
        int[] count = new int[1];
        forEach(input, matches, false, (a, b) -> {
            out[count[0]++] = a;
            out[count[0]++] = b;
        });
        leftOut = out;
    }

    private int keypointA(MatchedPair pair, int m) {
        return first[pair.photoA()] + pair.keypointA(m);
    }

    private int keypointB(MatchedPair pair, int m) {
        return first[pair.photoB()] + pair.keypointB(m);
    }

    private static boolean alone(int[] matches, int a, int b) {
        return matches[a] == 1 && matches[b] == 1;
    }

    /** Which photos have enough keypoints that more than one other photo matches. */
    private boolean[] rich(MappingInput input, int[] matches) {
        boolean[] counted = new boolean[matches.length];
        int[] chained = new int[photos];
        for (MatchedPair pair : input.pairs()) {
            for (int m = 0; m < pair.count(); m++) {
                int a = keypointA(pair, m);
                int b = keypointB(pair, m);
                if (!alone(matches, a, b)) {
                    chained[pair.photoA()] += counted[a] ? 0 : 1;
                    chained[pair.photoB()] += counted[b] ? 0 : 1;
                    counted[a] = true;
                    counted[b] = true;
                }
            }
        }
        boolean[] rich = new boolean[photos];
        for (int i = 0; i < photos; i++) {
            rich[i] = chained[i] >= RICH;
        }
        return rich;
    }

    private interface MatchUse {
        void match(int a, int b);
    }

    /** Goes over the matches that are in the graph, or over those that are left out. */
    private void forEach(MappingInput input, int[] matches, boolean inside, MatchUse use) {
        for (MatchedPair pair : input.pairs()) {
            boolean chainsOnly = rich[pair.photoA()] && rich[pair.photoB()];
            for (int m = 0; m < pair.count(); m++) {
                int a = keypointA(pair, m);
                int b = keypointB(pair, m);
                if (inside != (chainsOnly && alone(matches, a, b))) {
                    use.match(a, b);
                }
            }
        }
    }

    int keypoints() {
        return photoOf.length;
    }
}
