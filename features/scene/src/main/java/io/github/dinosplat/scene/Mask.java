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
        return of(
                picture.width(),
                picture.height(),
                (x, y) -> (picture.value(x, y, 0) | picture.value(x, y, 1) | picture.value(x, y, 2)) != 0);
    }

    /**
     * A mask pixel by pixel.
     *
     * @param width width in pixels
     * @param height height in pixels
     * @param keeps whether the pixel of a column and row counts
     * @return mask of that size
     * @throws IllegalArgumentException if a size is not positive
     */
    public static Mask of(int width, int height, PixelPredicate keeps) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("mask size must be at least 1x1 but was " + width + "x" + height);
        }
        BitSet ignored = new BitSet(width * height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (!keeps.test(x, y)) {
                    ignored.set(y * width + x);
                }
            }
        }
        return new Mask(width, height, ignored);
    }

    /** Says something of each pixel. */
    @FunctionalInterface
    public interface PixelPredicate {

        /**
         * Looks at a pixel.
         *
         * @param x column
         * @param y row
         * @return what is asked
         */
        boolean test(int x, int y);
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
        if (newWidth == width && newHeight == height) {
            return this;
        }
        return of(newWidth, newHeight, (x, y) -> keeps((x + 0.5) * width / newWidth, (y + 0.5) * height / newHeight));
    }

    /**
     * The mask as an array.
     *
     * @return [height, width] true where the photo counts, new
     */
    public boolean[] kept() {
        boolean[] kept = new boolean[width * height];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = !ignored.get(i);
        }
        return kept;
    }
}
