package io.github.dinosplat.scene;

import java.util.BitSet;

/** Which pixels of a photo count: the others show what moves, the sky, or the camera's own carrier. Immutable. */
public final class Mask {

    private final int width;
    private final int height;
    private final BitSet ignored;

    private Mask(int width, int height, BitSet ignored) {
        this.width = width;
        this.height = height;
        this.ignored = ignored;
    }

    /**
     * The mask that a picture draws: what is black is ignored.
     *
     * @param picture black where pixels are ignored, anything else where they count
     * @return mask of the picture's size
     */
    public static Mask of(Image picture) {
        BitSet ignored = new BitSet(picture.width() * picture.height());
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                if ((picture.value(x, y, 0) | picture.value(x, y, 1) | picture.value(x, y, 2)) == 0) {
                    ignored.set(y * picture.width() + x);
                }
            }
        }
        return new Mask(picture.width(), picture.height(), ignored);
    }

    /**
     * Width of the mask and of its photo.
     *
     * @return pixels
     */
    public int width() {
        return width;
    }

    /**
     * Height of the mask and of its photo.
     *
     * @return pixels
     */
    public int height() {
        return height;
    }

    /**
     * Whether a place in the photo counts.
     *
     * @param x x in pixels, the centre of the leftmost pixel at 0.5
     * @param y y in pixels, the centre of the topmost pixel at 0.5
     * @return false where the mask is black; places outside count as the nearest pixel
     */
    public boolean keeps(double x, double y) {
        int column = (int) Math.max(0, Math.min(width - 1, Math.floor(x)));
        int row = (int) Math.max(0, Math.min(height - 1, Math.floor(y)));
        return !ignored.get(row * width + column);
    }

    /**
     * The share of the photo that is ignored.
     *
     * @return 0 to 1
     */
    public double ignoredShare() {
        return ignored.cardinality() / ((double) width * height);
    }

    /**
     * The mask of the same photo at another size; each pixel is that of the place of its centre.
     *
     * @param newWidth width in pixels
     * @param newHeight height in pixels
     * @return a mask of that size
     * @throws IllegalArgumentException if a size is not positive
     */
    public Mask resized(int newWidth, int newHeight) {
        if (newWidth < 1 || newHeight < 1) {
            throw new IllegalArgumentException("mask size must be at least 1x1 but was " + newWidth + "x" + newHeight);
        }
        if (newWidth == width && newHeight == height) {
            return this;
        }
        BitSet resized = new BitSet(newWidth * newHeight);
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                if (!keeps((x + 0.5) * width / newWidth, (y + 0.5) * height / newHeight)) {
                    resized.set(y * newWidth + x);
                }
            }
        }
        return new Mask(newWidth, newHeight, resized);
    }
}
