package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.matching.keypoint.Keypoints;
import java.util.Arrays;

/**
 * How keypoints turn and grow from one photo to another. True matches roughly agree on both, wrong ones do so by chance only:
 * about an eighth of them.
 *
 * @param turn mean turn in radians
 * @param turns whether the matches agree on a turn at all
 * @param logScale median natural logarithm of the growth
 */
record KeypointMotion(double turn, boolean turns, double logScale) {

    /** Bins of 20 degrees. */
    private static final int TURN_BINS = 18;
    /** Bins of half an octave, from four octaves and a half smaller to as many larger. */
    private static final int SCALE_BINS = 19;

    /** A match may turn by 40 degrees and grow by a factor of 2 more or less than the others. */
    private static final double LEAST_TURN_COSINE = Math.cos(Math.toRadians(40));

    private static final double MAX_LOG_SCALE = Math.log(2);
    /** Least length of the mean of unit vectors for an agreement. */
    private static final double LEAST_AGREEMENT = 0.7;

    /** The motion of matches, at least one. */
    static KeypointMotion of(Keypoints a, Keypoints b, KeypointMatches matches) {
        int n = matches.count();
        double x = 0;
        double y = 0;
        double[] logs = new double[n];
        for (int k = 0; k < n; k++) {
            int i = matches.a()[k];
            int j = matches.b()[k];
            double d = b.orientation(j) - a.orientation(i);
            x += Math.cos(d) / n;
            y += Math.sin(d) / n;
            logs[k] = Math.log(b.scale(j) / a.scale(i));
        }
        Arrays.sort(logs);
        return new KeypointMotion(Math.atan2(y, x), Math.hypot(x, y) >= LEAST_AGREEMENT, logs[n / 2]);
    }

    /**
     * The same matches in another order: first those that share the most frequent turn and growth, where true ones gather and
     * chance ones do not, then the others; both as trusted as they were. Samples drawn from the front then hit a weak geometry
     * many times sooner.
     */
    static KeypointMatches agreeingFirst(Keypoints a, Keypoints b, KeypointMatches matches) {
        int n = matches.count();
        int[] turnBin = new int[n];
        int[] scaleBin = new int[n];
        int[][] votes = new int[TURN_BINS][SCALE_BINS];
        for (int k = 0; k < n; k++) {
            int i = matches.a()[k];
            int j = matches.b()[k];
            double turns = (b.orientation(j) - a.orientation(i)) / (2 * Math.PI);
            turnBin[k] = Math.min(TURN_BINS - 1, (int) ((turns - Math.floor(turns)) * TURN_BINS));
            double octaves = Math.log(b.scale(j) / a.scale(i)) / Math.log(2);
            scaleBin[k] = (int) Math.max(1, Math.min(SCALE_BINS - 2, Math.round(2 * octaves) + SCALE_BINS / 2));
            votes[turnBin[k]][scaleBin[k]]++;
        }
        Peak peak = Peak.of(votes);
        int[] newA = new int[n];
        int[] newB = new int[n];
        int front = 0;
        int back = peak.votes;
        for (int k = 0; k < n; k++) {
            int at = peak.holds(turnBin[k], scaleBin[k]) ? front++ : back++;
            newA[at] = matches.a()[k];
            newB[at] = matches.b()[k];
        }
        return new KeypointMatches(newA, newB);
    }

    /** The bin of turn and scale that has most votes together with the eight around it, and how many these are. */
    private record Peak(int turn, int scale, int votes) {

        static Peak of(int[][] votes) {
            Peak best = new Peak(0, 1, -1);
            for (int t = 0; t < TURN_BINS; t++) {
                for (int s = 1; s < SCALE_BINS - 1; s++) {
                    int sum = 0;
                    for (int dt = -1; dt <= 1; dt++) {
                        int[] row = votes[(t + dt + TURN_BINS) % TURN_BINS];
                        sum += row[s - 1] + row[s] + row[s + 1];
                    }
                    if (sum > best.votes) {
                        best = new Peak(t, s, sum);
                    }
                }
            }
            return best;
        }

        boolean holds(int turnBin, int scaleBin) {
            return Math.floorMod(turnBin - turn + 1, TURN_BINS) <= 2 && Math.abs(scaleBin - scale) <= 1;
        }
    }

    /** Whether two keypoints differ about as the matches do. */
    boolean allows(Keypoints a, int i, Keypoints b, int j) {
        double growth = Math.log(b.scale(j) / a.scale(i)) - logScale;
        return Math.abs(growth) <= MAX_LOG_SCALE
                && (!turns || Math.cos(b.orientation(j) - a.orientation(i) - turn) >= LEAST_TURN_COSINE);
    }
}
