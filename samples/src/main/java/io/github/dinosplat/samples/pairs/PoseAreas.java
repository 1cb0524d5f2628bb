package io.github.dinosplat.samples.pairs;

import java.util.Arrays;
import java.util.Locale;

/** Areas under the recall curve of relative poses up to 1, 3, 5 and 10 degrees, each divided by its limit. */
final class PoseAreas {

    private static final double[] LIMITS_DEG = {1, 3, 5, 10};

    private final double[] sums = new double[LIMITS_DEG.length];
    private int pairs;

    /** Adds a pair's error in degrees; 180 for a pair without a pose. */
    void add(double errorDeg) {
        for (int k = 0; k < LIMITS_DEG.length; k++) {
            sums[k] += Math.max(0, 1 - errorDeg / LIMITS_DEG[k]);
        }
        pairs++;
    }

    /** The areas in the order of the limits. */
    double[] values() {
        return Arrays.stream(sums).map(sum -> sum / pairs).toArray();
    }

    @Override
    public String toString() {
        double[] v = values();
        return String.format(Locale.ROOT, "%.3f %.3f %.3f %.3f", v[0], v[1], v[2], v[3]);
    }
}
