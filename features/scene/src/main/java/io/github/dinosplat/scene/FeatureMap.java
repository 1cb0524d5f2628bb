package io.github.dinosplat.scene;

/**
 * Dense features of a photo on a regular grid: one vector for each patch. Immutable and safe for use by several threads.
 *
 * <p>The grid covers the whole photo: the patch at (row, column) is centred at
 * {@code ((column + 0.5) * photoWidth / columns, (row + 0.5) * photoHeight / rows)} in pixels of the photo.
 */
public final class FeatureMap {

    private final int rows;
    private final int columns;
    private final int channels;
    private final int photoWidth;
    private final int photoHeight;
    private final float[] values;

    /**
     * A feature map.
     *
     * @param rows grid rows
     * @param columns grid columns
     * @param channels length of a feature vector
     * @param photoWidth width of the photo in pixels
     * @param photoHeight height of the photo in pixels
     * @param values [rows, columns, channels], row-major; not copied: the caller must not change it afterwards
     * @throws IllegalArgumentException if a size is not positive or the length does not fit
     */
    public FeatureMap(int rows, int columns, int channels, int photoWidth, int photoHeight, float[] values) {
        if (rows <= 0 || columns <= 0 || channels <= 0 || photoWidth <= 0 || photoHeight <= 0) {
            throw new IllegalArgumentException("sizes must be positive but were [" + rows + ", " + columns + ", "
                    + channels + "] for a photo of " + photoWidth + "x" + photoHeight);
        }
        if (values.length != (long) rows * columns * channels) {
            throw new IllegalArgumentException("expected values [" + rows + ", " + columns + ", " + channels
                    + "] but length was " + values.length);
        }
        this.rows = rows;
        this.columns = columns;
        this.channels = channels;
        this.photoWidth = photoWidth;
        this.photoHeight = photoHeight;
        this.values = values;
    }

    /**
     * Grid rows.
     *
     * @return count
     */
    public int rows() {
        return rows;
    }

    /**
     * Grid columns.
     *
     * @return count
     */
    public int columns() {
        return columns;
    }

    /**
     * Length of a feature vector.
     *
     * @return count
     */
    public int channels() {
        return channels;
    }

    /**
     * Width of the photo.
     *
     * @return pixels
     */
    public int photoWidth() {
        return photoWidth;
    }

    /**
     * Height of the photo.
     *
     * @return pixels
     */
    public int photoHeight() {
        return photoHeight;
    }

    /**
     * One value.
     *
     * @param row grid row
     * @param column grid column
     * @param channel channel
     * @return the value
     */
    public float value(int row, int column, int channel) {
        return values[(row * columns + column) * channels + channel];
    }

    /**
     * Copies a patch's feature vector.
     *
     * @param row grid row
     * @param column grid column
     * @param target receives {@link #channels} values
     */
    public void copyPatch(int row, int column, float[] target) {
        System.arraycopy(values, (row * columns + column) * channels, target, 0, channels);
    }

    /**
     * The feature vector at a place in the photo, interpolated bilinearly between patch centres and held constant
     * outside of them.
     *
     * @param x horizontal position in pixels of the photo
     * @param y vertical position in pixels of the photo
     * @param target receives {@link #channels} values
     */
    public void sample(double x, double y, float[] target) {
        double column = Math.min(Math.max(x * columns / photoWidth - 0.5, 0), columns - 1);
        double row = Math.min(Math.max(y * rows / photoHeight - 0.5, 0), rows - 1);
        int c0 = (int) column;
        int r0 = (int) row;
        int c1 = Math.min(c0 + 1, columns - 1);
        int r1 = Math.min(r0 + 1, rows - 1);
        float fc = (float) (column - c0);
        float fr = (float) (row - r0);
        int i00 = (r0 * columns + c0) * channels;
        int i01 = (r0 * columns + c1) * channels;
        int i10 = (r1 * columns + c0) * channels;
        int i11 = (r1 * columns + c1) * channels;
        for (int k = 0; k < channels; k++) {
            float top = values[i00 + k] + fc * (values[i01 + k] - values[i00 + k]);
            float bottom = values[i10 + k] + fc * (values[i11 + k] - values[i10 + k]);
            target[k] = top + fr * (bottom - top);
        }
    }
}
