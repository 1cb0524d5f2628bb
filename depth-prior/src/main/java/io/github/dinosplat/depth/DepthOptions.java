package io.github.dinosplat.depth;

/**
 * How depth maps are made.
 *
 * @param maxSize greatest long side of a depth map in pixels
 * @param minPoints a photo with fewer usable sparse points gets no depth
 * @param threads photos that are worked on at once; the result does not depend on it
 * @param seed chooses the points that are held out to measure the error
 */
public record DepthOptions(int maxSize, int minPoints, int threads, long seed) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if maxSize is not 16 to 16384, minPoints less than 4 or threads less than 1
     */
    public DepthOptions {
        if (maxSize < 16 || maxSize > 16384) {
            throw new IllegalArgumentException("maxSize must be 16 to 16384 but was " + maxSize);
        }
        if (minPoints < 4) {
            throw new IllegalArgumentException("minPoints must be at least 4 but was " + minPoints);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
        }
    }

    /**
     * Maps of at most 800 pixels, at least 20 points, as many threads as there are processors.
     *
     * @return options
     */
    public static DepthOptions defaults() {
        return new DepthOptions(800, 20, Runtime.getRuntime().availableProcessors(), 0);
    }

    /**
     * The same with another size.
     *
     * @param newMaxSize greatest long side in pixels
     * @return new options
     */
    public DepthOptions withMaxSize(int newMaxSize) {
        return new DepthOptions(newMaxSize, minPoints, threads, seed);
    }

    /**
     * The same with another number of threads.
     *
     * @param newThreads photos that are worked on at once
     * @return new options
     */
    public DepthOptions withThreads(int newThreads) {
        return new DepthOptions(maxSize, minPoints, newThreads, seed);
    }
}
