package io.github.dinosplat.splat;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;

/**
 * A rendered picture: colour over the background, opacity and depth. Immutable; arrays are shared, not copied.
 */
public final class Rendering {

    private final int width;
    private final int height;
    private final float[] rgb;
    private final float[] alpha;
    private final float[] depth;
    private final int featureChannels;
    private final float[] features;

    /**
     * A rendered picture without features.
     *
     * @param width width in pixels
     * @param height height in pixels
     * @param rgb [height, width, 3] colours, about 0 to 1 (brighter is possible)
     * @param alpha [height, width] opacity, 0 to 1
     * @param depth [height, width] sum of weight times depth, so opacity times expected depth
     * @throws IllegalArgumentException if a length does not fit the size
     */
    public Rendering(int width, int height, float[] rgb, float[] alpha, float[] depth) {
        this(width, height, rgb, alpha, depth, 0, new float[0]);
    }

    /**
     * A rendered picture.
     *
     * @param width width in pixels
     * @param height height in pixels
     * @param rgb [height, width, 3] colours, about 0 to 1 (brighter is possible)
     * @param alpha [height, width] opacity, 0 to 1
     * @param depth [height, width] sum of weight times depth, so opacity times expected depth
     * @param featureChannels how many features a pixel has, not negative
     * @param features [height, width, channels] sum of weight times feature
     * @throws IllegalArgumentException if a length does not fit the size
     */
    public Rendering(
            int width, int height, float[] rgb, float[] alpha, float[] depth, int featureChannels, float[] features) {
        long pixels = (long) width * height;
        if (rgb.length != 3 * pixels
                || alpha.length != pixels
                || depth.length != pixels
                || features.length != featureChannels * pixels) {
            throw new IllegalArgumentException("expected planes for " + width + "x" + height
                    + " pixels and " + featureChannels + " feature channels but lengths were " + rgb.length + ", "
                    + alpha.length + ", " + depth.length + ", " + features.length);
        }
        this.width = width;
        this.height = height;
        this.rgb = rgb;
        this.alpha = alpha;
        this.depth = depth;
        this.featureChannels = featureChannels;
        this.features = features;
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
     * The colours.
     *
     * @return [height, width, 3] about 0 to 1; the array itself
     */
    public float[] rgb() {
        return rgb;
    }

    /**
     * The opacities.
     *
     * @return [height, width] 0 to 1; the array itself
     */
    public float[] alpha() {
        return alpha;
    }

    /**
     * The sums of weight times depth.
     *
     * @return [height, width] in scene units; the array itself
     */
    public float[] accumulatedDepth() {
        return depth;
    }

    /**
     * How many features a pixel has.
     *
     * @return 0 when none were rendered
     */
    public int featureChannels() {
        return featureChannels;
    }

    /**
     * The sums of weight times feature.
     *
     * @return [height, width, channels]; the array itself, empty without channels
     */
    public float[] features() {
        return features;
    }

    /**
     * The same with other colours.
     *
     * @param newRgb [height, width, 3] colours
     * @return a new rendering
     */
    public Rendering withRgb(float[] newRgb) {
        return new Rendering(width, height, newRgb, alpha, depth, featureChannels, features);
    }

    /**
     * The picture in 8 bits, values clamped to 0 to 1 and rounded.
     *
     * @return a new picture
     */
    public Image image() {
        byte[] bytes = new byte[rgb.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(255 * Math.min(Math.max(rgb[i], 0f), 1f));
        }
        return new Image(width, height, bytes);
    }

    /**
     * The expected depth of each pixel, with the opacity as its confidence; 0 where the opacity is below one half.
     *
     * @return a new depth map of the picture's size
     */
    public DepthMap depthMap() {
        float[] expected = new float[depth.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = alpha[i] >= 0.5f ? depth[i] / alpha[i] : 0;
        }
        return new DepthMap(width, height, expected, alpha);
    }
}
