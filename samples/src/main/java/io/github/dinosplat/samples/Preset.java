package io.github.dinosplat.samples;

/** How much time a splat training may take: the settings that {@code --preset} stands for on the JVM engine. */
public enum Preset {
    /** About a quarter of the time of {@link #BALANCED}. */
    FAST(600, 1_300, 50_000),
    /** Long side 800, 3,000 iterations, at most 100,000 Gaussians. */
    BALANCED(800, 3_000, 100_000),
    /** About four times the time of {@link #BALANCED}. */
    BEST(1_200, 5_400, 200_000);

    private final int maxSize;
    private final int iterations;
    private final int maxGaussians;

    Preset(int maxSize, int iterations, int maxGaussians) {
        this.maxSize = maxSize;
        this.iterations = iterations;
        this.maxGaussians = maxGaussians;
    }

    /**
     * Greatest long side of the training pictures.
     *
     * @return pixels
     */
    public int maxSize() {
        return maxSize;
    }

    /**
     * Training steps.
     *
     * @return count
     */
    public int iterations() {
        return iterations;
    }

    /**
     * The most Gaussians at any time.
     *
     * @return count
     */
    public int maxGaussians() {
        return maxGaussians;
    }
}
