package io.github.dinosplat.matching.robust;

/**
 * The settings of a robust estimation.
 *
 * @param thresholdPixels greatest residual of an inlier, in pixels of the stored photos. The score is soft: a residual near
 *     the threshold counts for almost nothing, so a generous threshold costs little accuracy
 * @param confidence wanted probability that one sample was free of outliers, in (0, 1)
 * @param maxTrials most samples to draw
 * @param seed seed of the sampler
 */
public record RansacOptions(double thresholdPixels, double confidence, int maxTrials, long seed) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public RansacOptions {
        if (!(thresholdPixels > 0) || Double.isInfinite(thresholdPixels)) {
            throw new IllegalArgumentException("thresholdPixels must be positive but was " + thresholdPixels);
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence must be within (0, 1) but was " + confidence);
        }
        if (maxTrials < 1) {
            throw new IllegalArgumentException("maxTrials must be at least 1 but was " + maxTrials);
        }
    }

    /**
     * Four pixels, confidence 0.9999, at most 10000 samples.
     *
     * @return default options
     */
    public static RansacOptions defaults() {
        return new RansacOptions(4, 0.9999, 10_000, 0);
    }

    /**
     * The same options with another threshold.
     *
     * @param pixels greatest residual of an inlier
     * @return new options
     */
    public RansacOptions withThresholdPixels(double pixels) {
        return new RansacOptions(pixels, confidence, maxTrials, seed);
    }

    /**
     * The same options with another limit on the samples.
     *
     * @param trials most samples to draw
     * @return new options
     */
    public RansacOptions withMaxTrials(int trials) {
        return new RansacOptions(thresholdPixels, confidence, trials, seed);
    }

    /**
     * The same options with another seed.
     *
     * @param newSeed seed of the sampler
     * @return new options
     */
    public RansacOptions withSeed(long newSeed) {
        return new RansacOptions(thresholdPixels, confidence, maxTrials, newSeed);
    }
}
