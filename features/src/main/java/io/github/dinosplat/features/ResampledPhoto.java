package io.github.dinosplat.features;

import io.github.dinosplat.scene.Image;
import java.util.Arrays;

/**
 * A photo resampled with a triangle filter that is widened when shrinking (bilinear with antialiasing, what DINOv3 and its
 * Python image processors use, but without rounding to 8 bits), then normalised. Only a strip of rows is kept at a time, so
 * that memory does not grow with the height.
 */
final class ResampledPhoto implements NetworkPicture {

    private final Image photo;
    private final int width;
    private final int height;
    private final PixelNormalisation normalisation;
    private final Taps horizontal;
    private final Taps vertical;
    /** Rows of the photo in floats, as many as a row of the picture needs; row y is in slot y modulo their number. */
    private final float[][] floatRows;

    private final int[] rowOf;
    /** [3, stripEnd - stripStart, width]. */
    private float[] strip = {};

    private int stripStart;
    private int stripEnd;

    ResampledPhoto(Image photo, int width, int height, PixelNormalisation normalisation) {
        this.photo = photo;
        this.width = width;
        this.height = height;
        this.normalisation = normalisation;
        this.horizontal = Taps.of(photo.width(), width);
        this.vertical = Taps.of(photo.height(), height);
        this.floatRows = new float[vertical.most()][3 * photo.width()];
        this.rowOf = new int[floatRows.length];
        Arrays.fill(rowOf, -1);
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public void window(int left, int top, int windowWidth, int windowHeight, float[] target) {
        int first = height;
        int last = -1;
        for (int y = top; y < top + windowHeight; y++) {
            int row = NetworkPicture.mirrored(y, height);
            first = Math.min(first, row);
            last = Math.max(last, row);
        }
        if (first < stripStart || last >= stripEnd) {
            resample(first, last + 1);
        }
        int rows = stripEnd - stripStart;
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < windowHeight; y++) {
                int from = (c * rows + NetworkPicture.mirrored(top + y, height) - stripStart) * width;
                int to = (c * windowHeight + y) * windowWidth;
                int x = 0;
                while (x < windowWidth) {
                    int column = left + x;
                    if (column >= 0 && column < width) {
                        int run = Math.min(width - column, windowWidth - x);
                        System.arraycopy(strip, from + column, target, to + x, run);
                        x += run;
                    } else {
                        target[to + x++] = strip[from + NetworkPicture.mirrored(column, width)];
                    }
                }
            }
        }
    }

    /** Makes the strip of rows: along columns first, because that runs over memory in order and leaves fewer rows. */
    private void resample(int from, int to) {
        int rows = to - from;
        if (strip.length != 3 * rows * width) {
            strip = new float[3 * rows * width];
        }
        float[] mixed = new float[3 * photo.width()];
        float[] scale = new float[3];
        float[] shift = new float[3];
        for (int c = 0; c < 3; c++) {
            scale[c] = 1 / (255 * normalisation.deviation(c));
            shift[c] = -normalisation.mean(c) / normalisation.deviation(c);
        }
        for (int y = from; y < to; y++) {
            mixRows(y, mixed);
            int row = (y - from) * width;
            for (int x = 0; x < width; x++) {
                float red = 0;
                float green = 0;
                float blue = 0;
                int i = 3 * horizontal.first[x];
                for (int t = horizontal.start[x]; t < horizontal.start[x + 1]; t++) {
                    float w = horizontal.weight[t];
                    red += w * mixed[i];
                    green += w * mixed[i + 1];
                    blue += w * mixed[i + 2];
                    i += 3;
                }
                strip[row + x] = red * scale[0] + shift[0];
                strip[rows * width + row + x] = green * scale[1] + shift[1];
                strip[2 * rows * width + row + x] = blue * scale[2] + shift[2];
            }
        }
        stripStart = from;
        stripEnd = to;
    }

    /** The weighted sum of the photo's rows that make up a row of the picture. */
    private void mixRows(int y, float[] mixed) {
        int start = vertical.start[y];
        float weight = vertical.weight[start];
        float[] row = row(vertical.first[y]);
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = weight * row[i];
        }
        for (int t = 1; t < vertical.start[y + 1] - start; t++) {
            mixIn(row(vertical.first[y] + t), vertical.weight[start + t], mixed);
        }
    }

    private static void mixIn(float[] row, float weight, float[] mixed) {
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] += weight * row[i];
        }
    }

    /** A row of the photo in floats: rows are used twice, and a loop with bytes in it has no vector instructions. */
    private float[] row(int y) {
        int slot = y % floatRows.length;
        float[] row = floatRows[slot];
        if (rowOf[slot] != y) {
            byte[] rgb = photo.rgb();
            int at = y * row.length;
            for (int i = 0; i < row.length; i++) {
                row[i] = rgb[at + i] & 0xff;
            }
            rowOf[slot] = y;
        }
        return row;
    }

    /** For each new position the old ones that make it up, which follow each other, with weights that sum to 1. */
    private static final class Taps {
        final int[] start;
        final int[] first;
        final float[] weight;

        private Taps(int[] start, int[] first, float[] weight) {
            this.start = start;
            this.first = first;
            this.weight = weight;
        }

        /** The most old positions that make up a new one. */
        int most() {
            int most = 0;
            for (int i = 0; i < first.length; i++) {
                most = Math.max(most, start[i + 1] - start[i]);
            }
            return most;
        }

        static Taps of(int from, int to) {
            double scale = (double) from / to;
            double reach = Math.max(scale, 1);
            int[] start = new int[to + 1];
            int[] first = new int[to];
            float[] weight = new float[to * ((int) Math.ceil(2 * reach) + 2)];
            int n = 0;
            for (int i = 0; i < to; i++) {
                double centre = (i + 0.5) * scale;
                int low = Math.max(0, (int) (centre - reach + 0.5));
                int high = Math.min(from, (int) (centre + reach + 0.5));
                double sum = 0;
                for (int s = low; s < high; s++) {
                    sum += 1 - Math.abs(s + 0.5 - centre) / reach;
                }
                start[i] = n;
                first[i] = low;
                for (int s = low; s < high; s++) {
                    weight[n++] = (float) ((1 - Math.abs(s + 0.5 - centre) / reach) / sum);
                }
            }
            start[to] = n;
            return new Taps(start, first, weight);
        }
    }
}
