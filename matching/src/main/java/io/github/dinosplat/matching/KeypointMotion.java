package io.github.dinosplat.matching;

import java.util.Arrays;

/**
 * How keypoints turn and grow from one photo to another. True matches agree on it roughly, chance ones do not, which leaves
 * an eighth of those.
 *
 * @param turn mean turn in radians
 * @param turns whether the matches agree on a turn at all
 * @param logScale median natural logarithm of the growth
 */
record KeypointMotion(double turn, boolean turns, double logScale) {

    private static final double MAX_TURN_COSINE = Math.cos(Math.toRadians(40));
    private static final double MAX_LOG_SCALE = Math.log(2);
    /** Least length of the mean of unit vectors for an agreement. */
    private static final double LEAST_AGREEMENT = 0.7;

    /** The motion of matches, at least one. */
    static KeypointMotion of(Keypoints a, Keypoints b, DescriptorMatcher.Matches matches) {
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

    /** Whether two keypoints differ about as the matches do. */
    boolean allows(Keypoints a, int i, Keypoints b, int j) {
        double growth = Math.log(b.scale(j) / a.scale(i)) - logScale;
        return Math.abs(growth) <= MAX_LOG_SCALE
                && (!turns || Math.cos(b.orientation(j) - a.orientation(i) - turn) >= MAX_TURN_COSINE);
    }
}
