package io.github.dinosplat.scene;

import java.util.Optional;

/**
 * A picture in memory: 8-bit sRGB, three channels, and where it is cut out the opacity of each pixel. Immutable; the pixel array
 * is shared, not copied.
 */
public final class Image {

    private final int width;
    private final int height;
    private final byte[] rgb;
    private final Optional<byte[]> alpha;

    /**
     * A picture.
     *
     * @param width width in pixels
     * @param height height in pixels
     * @param rgb [height, width, 3] red, green, blue, unsigned; not copied: the caller must not change it afterwards
     * @throws IllegalArgumentException if the length does not fit the size
     */
    public Image(int width, int height, byte[] rgb) {
        this(width, height, rgb, Optional.empty());
    }

    private Image(int width, int height, byte[] rgb, Optional<byte[]> alpha) {
        if (width <= 0 || height <= 0 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "expected rgb [" + height + ", " + width + ", 3] but length was " + rgb.length);
        }
        this.width = width;
        this.height = height;
        this.rgb = rgb;
        this.alpha = alpha;
    }

    /**
     * The picture cut out.
     *
     * @param value [height, width] opacity of each pixel, unsigned, 255 where nothing shines through; not copied. Colours
     *     are not multiplied by it
     * @return a picture with the same colours
     * @throws IllegalArgumentException if the length does not fit the size
     */
    public Image withAlpha(byte[] value) {
        if (value.length != width * height) {
            throw new IllegalArgumentException(
                    "expected alpha [" + height + ", " + width + "] but length was " + value.length);
        }
        return new Image(width, height, rgb, Optional.of(value));
    }

    /**
     * How opaque the pixels are.
     *
     * @return [height, width], 255 where nothing shines through; must not be changed. Empty where the whole picture is opaque
     */
    public Optional<byte[]> alpha() {
        return alpha;
    }

    /**
     * The picture laid over a colour.
     *
     * @param red of the colour, 0 to 1
     * @param green likewise
     * @param blue likewise
     * @return an opaque picture; this one where it is opaque itself
     */
    public Image over(float red, float green, float blue) {
        return alpha.isPresent() ? Transparency.over(this, new float[] {255 * red, 255 * green, 255 * blue}) : this;
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
     * One value.
     *
     * @param x column
     * @param y row
     * @param channel 0 red, 1 green, 2 blue
     * @return 0 to 255
     */
    public int value(int x, int y, int channel) {
        return rgb[3 * (y * width + x) + channel] & 0xff;
    }

    /**
     * The pixels themselves, for loops that must be fast.
     *
     * @return [height, width, 3]; must not be changed
     */
    public byte[] rgb() {
        return rgb;
    }

    /**
     * Luma of every pixel: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
     *
     * @return a new array [height, width] of values from 0 to 255
     */
    public float[] luma() {
        float[] grey = new float[width * height];
        for (int i = 0; i < grey.length; i++) {
            grey[i] =
                    0.299f * (rgb[3 * i] & 0xff) + 0.587f * (rgb[3 * i + 1] & 0xff) + 0.114f * (rgb[3 * i + 2] & 0xff);
        }
        return grey;
    }

    /**
     * The picture at another size. Each new pixel is the mean of the area it covers (box filter) when shrinking along an
     * axis and bilinear between pixel centres when growing. Transparent pixels lend no colour to others.
     *
     * @param newWidth new width in pixels
     * @param newHeight new height in pixels
     * @return a new picture, or this one when the size is the same
     */
    public Image resized(int newWidth, int newHeight) {
        if (newWidth == width && newHeight == height) {
            return this;
        }
        return Transparency.resampled(this, opaque -> ImageResampling.resize(opaque, newWidth, newHeight));
    }

    /**
     * The picture with its long side at most a given length, keeping the aspect ratio to the nearest pixel.
     *
     * @param longSide greatest length of the long side in pixels
     * @return a smaller picture, or this one when it is small enough
     */
    public Image fitted(int longSide) {
        int most = Math.max(width, height);
        if (most <= longSide) {
            return this;
        }
        double s = (double) longSide / most;
        return resized(Math.max(1, (int) Math.round(width * s)), Math.max(1, (int) Math.round(height * s)));
    }
}
