package io.github.dinosplat.splat.jvm;

/**
 * What the depth plane accumulates.
 *
 * @param near the nearness {@code 1 / (z + offset)} of {@link io.github.dinosplat.splat.DepthTarget} rather than z
 * @param offset in scene units
 */
record DepthMeasure(boolean near, float offset) {

    /** The depth itself. */
    static final DepthMeasure DEPTH = new DepthMeasure(false, 0);

    float of(float z) {
        return near ? 1 / (z + offset) : z;
    }

    /** The derivative by z. */
    float slope(float z) {
        return near ? -1 / ((z + offset) * (z + offset)) : 1;
    }
}
