package io.github.dinosplat.aerial.geo;

/**
 * How GPS positions are judged.
 *
 * @param gpsSigmaMetres usual horizontal error of a position; consumer receivers have about 3 m under open sky, 5 m
 *     with trees and walls around
 * @param minSpreadInSigmas GPS is usable when the root mean square distance of the photos from their mean is at least
 *     this many sigmas
 * @param minPhotos GPS is usable with at least this many registered photos that have it
 * @param maxTiltErrorDeg GPS heights decide the tilt only when their disagreement with the cameras, over the photos'
 *     smaller horizontal spread, stays below this angle
 * @param seed seed of the random samples
 */
public record GeoreferencingOptions(
        double gpsSigmaMetres, double minSpreadInSigmas, int minPhotos, double maxTiltErrorDeg, long seed) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public GeoreferencingOptions {
        require(gpsSigmaMetres > 0, "gpsSigmaMetres must be positive but was ", gpsSigmaMetres);
        require(minSpreadInSigmas > 0, "minSpreadInSigmas must be positive but was ", minSpreadInSigmas);
        require(minPhotos >= 3, "minPhotos must be at least 3 but was ", minPhotos);
        require(
                maxTiltErrorDeg > 0 && maxTiltErrorDeg < 45,
                "maxTiltErrorDeg must be between 0 and 45 but was ",
                maxTiltErrorDeg);
    }

    /**
     * Consumer GPS: 5 m, a spread of three sigmas, four photos, 3 degrees.
     *
     * @return the defaults
     */
    public static GeoreferencingOptions defaults() {
        return new GeoreferencingOptions(5, 3, 4, 3, 0);
    }

    private static void require(boolean condition, String message, double value) {
        if (!condition) {
            throw new IllegalArgumentException(message + value);
        }
    }
}
