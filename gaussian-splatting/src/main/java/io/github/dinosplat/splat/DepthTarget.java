package io.github.dinosplat.splat;

/**
 * What is known about the depth of a training photo's pixels, as nearness {@code 1 / (z + c)} with z the distance along
 * the viewing axis, and how much each pixel counts. A training step compares it with the rendered nearness
 * {@code sum of w_i / (z_i + c)}, w the blending weights. With c about the distance of the scene no Gaussian is worth
 * more than about twice one on the surface, however close to the camera it is: plain inverse depth (c = 0) can be
 * matched by a thin fog right before the camera, which other cameras then look through.
 *
 * <p>Immutable.
 */
public final class DepthTarget {

    private final int width;
    private final int height;
    private final double offset;
    private final float[] nearness;
    private final float[] weights;

    /**
     * A target.
     *
     * @param width picture width in pixels
     * @param height picture height in pixels
     * @param offset c, in scene units
     * @param nearness [height, width] 1 / (z + c), in one over scene units; not copied
     * @param weights [height, width] how much a pixel counts, 0 where nothing is known; not copied
     * @throws IllegalArgumentException if a length does not fit, or a value or the offset is negative or not finite
     */
    public DepthTarget(int width, int height, double offset, float[] nearness, float[] weights) {
        long pixels = (long) width * height;
        if (width <= 0 || height <= 0 || nearness.length != pixels || weights.length != pixels) {
            throw new IllegalArgumentException("expected nearness and weights [" + height + ", " + width
                    + "] but lengths were " + nearness.length + " and " + weights.length);
        }
        for (int i = 0; i < nearness.length; i++) {
            if (!(nearness[i] >= 0 && weights[i] >= 0) || Float.isInfinite(nearness[i] + weights[i])) {
                throw new IllegalArgumentException("nearness and weight must be finite and not negative but were "
                        + nearness[i] + " and " + weights[i] + " at x=" + i % width + ", y=" + i / width);
            }
        }
        this.width = width;
        this.height = height;
        if (!(offset >= 0) || Double.isInfinite(offset)) {
            throw new IllegalArgumentException("offset must be finite and not negative but was " + offset);
        }
        this.offset = offset;
        this.nearness = nearness;
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
     * The offset c.
     *
     * @return scene units
     */
    public double offset() {
        return offset;
    }

    /**
     * The goal.
     *
     * @return [height, width] 1 / (z + c), in one over scene units; the array itself
     */
    public float[] nearness() {
        return nearness;
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
