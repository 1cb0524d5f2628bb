package io.github.dinosplat.matching.sfm;

/**
 * The limits that photos and points must meet in the mapper, and how often it refines.
 *
 * @param minInliers matches with the model that a photo needs at first
 * @param leastInliers to how few that is lowered, step by step, once no further photo qualifies
 * @param maxErrorPixels greatest reprojection error of an observation that is kept
 * @param minAngleDeg smallest angle between two of a point's rays
 * @param localViews photos refined together with each new one
 * @param growth share by which the photos or points must grow before all is refined again
 * @param minModelPhotos fewest photos of a model that is kept
 * @param maxModels most models
 * @param seed seed of the random samples
 */
public record MappingOptions(
        int minInliers,
        int leastInliers,
        double maxErrorPixels,
        double minAngleDeg,
        int localViews,
        double growth,
        int minModelPhotos,
        int maxModels,
        long seed) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public MappingOptions {
        if (leastInliers < 6 || minInliers < leastInliers) {
            throw new IllegalArgumentException(
                    "expected 6 <= leastInliers <= minInliers but they were " + leastInliers + " and " + minInliers);
        }
        if (!(maxErrorPixels > 0) || !(minAngleDeg >= 0 && minAngleDeg < 90)) {
            throw new IllegalArgumentException("maxErrorPixels must be positive and minAngleDeg in [0, 90) but were "
                    + maxErrorPixels + " and " + minAngleDeg);
        }
        if (localViews < 1 || !(growth > 0) || minModelPhotos < 2 || maxModels < 1) {
            throw new IllegalArgumentException("localViews and maxModels must be at least 1, growth positive,"
                    + " minModelPhotos at least 2 but were " + localViews + ", " + maxModels + ", " + growth + ", "
                    + minModelPhotos);
        }
    }

    /**
     * The usual limits: 30 inliers, lowered to 15; 4 px; 1.5 degrees.
     *
     * @return options
     */
    public static MappingOptions defaults() {
        return new MappingOptions(30, 15, 4, 1.5, 6, 0.1, 3, 10, 0);
    }

    /**
     * The same with another seed.
     *
     * @param newSeed seed of the random samples
     * @return new options
     */
    public MappingOptions withSeed(long newSeed) {
        return new MappingOptions(
                minInliers,
                leastInliers,
                maxErrorPixels,
                minAngleDeg,
                localViews,
                growth,
                minModelPhotos,
                maxModels,
                newSeed);
    }
}
