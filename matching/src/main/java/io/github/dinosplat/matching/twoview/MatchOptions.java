package io.github.dinosplat.matching.twoview;

/**
 * How photos are matched.
 *
 * @param maxRatio greatest ratio of the distances to the nearest and the second nearest descriptor, in (0, 1]
 * @param thresholdPixels greatest distance of a match from its epipolar line, in pixels of the stored photos
 * @param minInliers least number of verified matches of a pair
 * @param firstLook pairs are first matched with this many of their strongest keypoints; only those where some match are
 *     matched with all
 * @param epipolarSearch once the geometry is known, match the rest along the epipolar lines: "guided matching" in COLMAP, a
 *     word that here means guidance by dense features, an argument of {@link PhotoMatcher}
 * @param seed seed of the robust estimation
 */
public record MatchOptions(
        double maxRatio, double thresholdPixels, int minInliers, int firstLook, boolean epipolarSearch, long seed) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public MatchOptions {
        if (!(maxRatio > 0 && maxRatio <= 1)) {
            throw new IllegalArgumentException("maxRatio must be within (0, 1] but was " + maxRatio);
        }
        if (!(thresholdPixels > 0) || Double.isInfinite(thresholdPixels)) {
            throw new IllegalArgumentException("thresholdPixels must be positive but was " + thresholdPixels);
        }
        if (minInliers < 8) {
            throw new IllegalArgumentException("minInliers must be at least 8 but was " + minInliers);
        }
        if (firstLook < minInliers) {
            throw new IllegalArgumentException(
                    "firstLook must be at least minInliers = " + minInliers + " but was " + firstLook);
        }
    }

    /**
     * Ratio 0.8, four pixels, 15 inliers, a first look at 2048 keypoints, no search along epipolar lines.
     *
     * @return default options
     */
    public static MatchOptions defaults() {
        return new MatchOptions(0.8, 4, 15, 2048, false, 0);
    }

    /**
     * The same options with the search along epipolar lines on or off.
     *
     * @param on whether to match the rest along the epipolar lines
     * @return new options
     */
    public MatchOptions withEpipolarSearch(boolean on) {
        return new MatchOptions(maxRatio, thresholdPixels, minInliers, firstLook, on, seed);
    }

    /**
     * The same options with another seed.
     *
     * @param newSeed seed of the robust estimation
     * @return new options
     */
    public MatchOptions withSeed(long newSeed) {
        return new MatchOptions(maxRatio, thresholdPixels, minInliers, firstLook, epipolarSearch, newSeed);
    }

    /**
     * The same options with another threshold.
     *
     * @param pixels greatest distance of a match from its epipolar line
     * @return new options
     */
    public MatchOptions withThresholdPixels(double pixels) {
        return new MatchOptions(maxRatio, pixels, minInliers, firstLook, epipolarSearch, seed);
    }
}
