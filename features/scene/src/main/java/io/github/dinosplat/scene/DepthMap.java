package io.github.dinosplat.scene;

/**
 * Depth of a photo: distance along the viewing axis (z in the camera frame) in scene units, 0 where unknown, with a
 * confidence. Its grid covers the whole photo, at the photo's size or smaller. Immutable.
 */
public final class DepthMap {

    private final int width;
    private final int height;
    private final float[] depth;
    private final float[] confidence;

    /**
     * A depth map.
     *
     * @param width grid width
     * @param height grid height
     * @param depth [height, width] depth in scene units, 0 where unknown; not copied
     * @param confidence [height, width] from 0 (none) to 1; not copied
     * @throws IllegalArgumentException if a length does not fit, or a depth is negative or not finite
     */
    public DepthMap(int width, int height, float[] depth, float[] confidence) {
        if (width <= 0 || height <= 0 || depth.length != (long) width * height || confidence.length != depth.length) {
            throw new IllegalArgumentException("expected depth and confidence [" + height + ", " + width
                    + "] but lengths were " + depth.length + " and " + confidence.length);
        }
        for (int i = 0; i < depth.length; i++) {
            if (!(depth[i] >= 0) || Float.isInfinite(depth[i])) {
                throw new IllegalArgumentException("depth must be finite and not negative but was " + depth[i]
                        + " at x=" + i % width + ", y=" + i / width);
            }
        }
        this.width = width;
        this.height = height;
        this.depth = depth;
        this.confidence = confidence;
    }

    /**
     * Grid width.
     *
     * @return pixels of this map
     */
    public int width() {
        return width;
    }

    /**
     * Grid height.
     *
     * @return pixels of this map
     */
    public int height() {
        return height;
    }

    /**
     * Depth at a place.
     *
     * @param x column
     * @param y row
     * @return depth in scene units, 0 where unknown
     */
    public float depth(int x, int y) {
        return depth[y * width + x];
    }

    /**
     * Confidence at a place.
     *
     * @param x column
     * @param y row
     * @return 0 to 1
     */
    public float confidence(int x, int y) {
        return confidence[y * width + x];
    }

    /**
     * The same depths in other units.
     *
     * @param factor units of the result in one of these, positive
     * @return a new map with the same confidence
     */
    public DepthMap scaled(double factor) {
        float[] other = new float[depth.length];
        for (int i = 0; i < other.length; i++) {
            other[i] = (float) (depth[i] * factor);
        }
        return new DepthMap(width, height, other, confidence);
    }
}
