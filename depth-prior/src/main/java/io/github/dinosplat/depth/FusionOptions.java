package io.github.dinosplat.depth;

/**
 * When depth maps agree.
 *
 * @param photos photos that have to agree on a point, the one it is taken from included
 * @param tolerance greatest relative difference of depths that agree
 * @param minConfidence depths of a lower confidence take no part
 * @param threads photos that are worked on at once; the result does not depend on it
 */
public record FusionOptions(int photos, double tolerance, double minConfidence, int threads) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if photos is less than 1 or more than can be compared, tolerance not between 0 and 1,
     *     minConfidence not 0 to 1 or threads less than 1
     */
    public FusionOptions {
        if (photos < 1 || photos > 1 + DepthFusion.NEIGHBOURS) {
            throw new IllegalArgumentException(
                    "photos must be 1 to " + (1 + DepthFusion.NEIGHBOURS) + " but was " + photos);
        }
        if (!(tolerance > 0 && tolerance < 1)) {
            throw new IllegalArgumentException("tolerance must be between 0 and 1 but was " + tolerance);
        }
        if (!(minConfidence >= 0 && minConfidence <= 1)) {
            throw new IllegalArgumentException("minConfidence must be 0 to 1 but was " + minConfidence);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
        }
    }

    /**
     * Three photos that agree within 1 %, confidence at least one half, as many threads as there are processors.
     *
     * @return options
     */
    public static FusionOptions defaults() {
        return new FusionOptions(3, 0.01, 0.5, Runtime.getRuntime().availableProcessors());
    }

    /**
     * The same with another number of threads.
     *
     * @param newThreads photos that are worked on at once
     * @return new options
     */
    public FusionOptions withThreads(int newThreads) {
        return new FusionOptions(photos, tolerance, minConfidence, newThreads);
    }
}
