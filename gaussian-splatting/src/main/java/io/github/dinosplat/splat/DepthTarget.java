package io.github.dinosplat.splat;

/**
 * What is known about the depth of a training photo's pixels: inverse depths and how much each counts. A training step
 * compares them with the rendered inverse depth {@code sum of w_i / z_i} (w the blending weights, z the distance along
 * the viewing axis): the inverse keeps what is far away from drowning what is near, and needs no division by the opacity.
 *
 * <p>Immutable.
 */
public final class DepthTarget {

    private final int width;
    private final int height;
    private final float[] inverseDepths;
    private final float[] weights;

    /**
     * A target.
     *
     * @param width picture width in pixels
     * @param height picture height in pixels
     * @param inverseDepths [height, width] one over the distance along the viewing axis, in one over scene units; not
     *     copied
     * @param weights [height, width] how much a pixel counts, 0 where nothing is known; not copied
     * @throws IllegalArgumentException if a length does not fit, or a value is negative or not finite
     */
    public DepthTarget(int width, int height, float[] inverseDepths, float[] weights) {
        long pixels = (long) width * height;
        if (width <= 0 || height <= 0 || inverseDepths.length != pixels || weights.length != pixels) {
            throw new IllegalArgumentException("expected inverse depths and weights [" + height + ", " + width
                    + "] but lengths were " + inverseDepths.length + " and " + weights.length);
        }
        for (int i = 0; i < inverseDepths.length; i++) {
            if (!(inverseDepths[i] >= 0 && weights[i] >= 0) || Float.isInfinite(inverseDepths[i] + weights[i])) {
                throw new IllegalArgumentException("inverse depth and weight must be finite and not negative but were "
                        + inverseDepths[i] + " and " + weights[i] + " at x=" + i % width + ", y=" + i / width);
            }
        }
        this.width = width;
        this.height = height;
        this.inverseDepths = inverseDepths;
        this.weights = weights;
    }

    /**
     * Width.
     *
     * @return pixels
     */
    public int width() {
        return width;
    }

    /**
     * Height.
     *
     * @return pixels
     */
    public int height() {
        return height;
    }

    /**
     * The inverse depths.
     *
     * @return [height, width] in one over scene units; the array itself
     */
    public float[] inverseDepths() {
        return inverseDepths;
    }

    /**
     * The weights.
     *
     * @return [height, width], 0 where nothing is known; the array itself
     */
    public float[] weights() {
        return weights;
    }
}
