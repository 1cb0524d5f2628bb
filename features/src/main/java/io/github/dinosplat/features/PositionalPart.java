package io.github.dinosplat.features;

import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The part of a network's features that depends on the place in the picture and not on what is seen there: the mean over
 * pictures of random texture, less its own mean over all places. Found once on a small grid. DINOv3's positions are relative
 * to the picture, so that for transformers the grid is stretched to others; a convolutional network knows the place by the
 * distance to the borders, whose padding it sees, so that there the grid's middle is stretched alone. See Yang et al. 2024
 * (arXiv 2401.02957) for the artefact.
 */
final class PositionalPart {

    /** Patches along a side of the pictures of a transformer that takes any size. */
    private static final int GRID = 16;
    /** Likewise of a convolutional network, whose borders are seen from farther away. */
    private static final int WIDE_GRID = 32;
    /** Pictures: the mean of so many random features has a fifth of their spread. */
    private static final int PICTURES = 24;

    private final boolean relative;
    private final int rows;
    private final int columns;
    private final int channels;
    private final float[] values;
    private final ConcurrentHashMap<Long, float[]> resized = new ConcurrentHashMap<>();

    private PositionalPart(boolean relative, int rows, int columns, int channels, float[] values) {
        this.relative = relative;
        this.rows = rows;
        this.columns = columns;
        this.channels = channels;
        this.values = values;
    }

    /**
     * Runs the network on seeded random textures.
     *
     * @param relative whether the network knows places relative to the picture, not by their distance to its borders
     */
    static PositionalPart of(PatchNetwork network, boolean relative) {
        TokenLayout layout = network.layout();
        int grid = relative ? GRID : WIDE_GRID;
        int height = layout.fixedHeight() > 0 ? layout.fixedHeight() : grid * layout.patch();
        int width = layout.fixedWidth() > 0 ? layout.fixedWidth() : grid * layout.patch();
        int rows = height / layout.patch();
        int columns = width / layout.patch();
        float[] sums = new float[0];
        int channels = 0;
        for (int i = 0; i < PICTURES; i++) {
            PatchNetwork.Tokens tokens = network.run(texture(height, width, i), height, width);
            channels = tokens.channels();
            if (sums.length == 0) {
                sums = new float[rows * columns * channels];
            }
            for (int k = 0; k < sums.length; k++) {
                sums[k] += tokens.values()[tokens.at(0) + k] / PICTURES;
            }
        }
        subtractMean(sums, channels);
        return new PositionalPart(relative, rows, columns, channels, smoothed(sums, rows, columns, channels));
    }

    private static void subtractMean(float[] sums, int channels) {
        int cells = sums.length / channels;
        for (int k = 0; k < channels; k++) {
            double mean = 0;
            for (int p = 0; p < cells; p++) {
                mean += sums[p * channels + k];
            }
            for (int p = 0; p < cells; p++) {
                sums[p * channels + k] -= (float) (mean / cells);
            }
        }
    }

    /** Means over 3 x 3 cells: what is left of the textures differs from cell to cell, the positions' part does not. */
    private static float[] smoothed(float[] from, int rows, int columns, int channels) {
        float[] plane = new float[rows * columns];
        float[] to = new float[from.length];
        for (int k = 0; k < channels; k++) {
            for (int p = 0; p < plane.length; p++) {
                plane[p] = from[p * channels + k];
            }
            BoxMean.blur(plane, columns, rows, 1, plane);
            for (int p = 0; p < plane.length; p++) {
                to[p * channels + k] = plane[p];
            }
        }
        return to;
    }

    /** Normalised planes of coloured noise at five scales, each as strong as the others. */
    private static float[] texture(int height, int width, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] planes = new float[3 * height * width];
        for (int c = 0; c < 3; c++) {
            for (int cell = 4; cell <= 64; cell *= 2) {
                int gridColumns = width / cell + 2;
                float[] knots = new float[(height / cell + 2) * gridColumns];
                for (int i = 0; i < knots.length; i++) {
                    knots[i] = (float) (1.6 * random.nextDouble() - 0.8);
                }
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        planes[(c * height + y) * width + x] +=
                                bilinear(knots, gridColumns, (float) x / cell, (float) y / cell);
                    }
                }
            }
        }
        return planes;
    }

    private static float bilinear(float[] knots, int stride, float x, float y) {
        int column = (int) x;
        int row = (int) y;
        float fx = x - column;
        float fy = y - row;
        int i = row * stride + column;
        float top = knots[i] + fx * (knots[i + 1] - knots[i]);
        float bottom = knots[i + stride] + fx * (knots[i + stride + 1] - knots[i + stride]);
        return top + fy * (bottom - top);
    }

    /** The part for a grid of another shape: [rows, columns, channels]; must not be changed. */
    float[] at(int newRows, int newColumns) {
        if (newRows == rows && newColumns == columns) {
            return values;
        }
        return resized.computeIfAbsent((long) newRows << 32 | newColumns, shape -> interpolated(newRows, newColumns));
    }

    private float[] interpolated(int newRows, int newColumns) {
        float[] out = new float[newRows * newColumns * channels];
        for (int r = 0; r < newRows; r++) {
            double y = place(r, newRows, rows);
            int r0 = Math.min((int) y, Math.max(0, rows - 2));
            int r1 = Math.min(r0 + 1, rows - 1);
            for (int c = 0; c < newColumns; c++) {
                double x = place(c, newColumns, columns);
                int c0 = Math.min((int) x, Math.max(0, columns - 2));
                int c1 = Math.min(c0 + 1, columns - 1);
                float fy = (float) (y - r0);
                float fx = (float) (x - c0);
                for (int k = 0; k < channels; k++) {
                    float top = mix(value(r0, c0, k), value(r0, c1, k), fx);
                    float bottom = mix(value(r1, c0, k), value(r1, c1, k), fx);
                    out[(r * newColumns + c) * channels + k] = mix(top, bottom, fy);
                }
            }
        }
        return out;
    }

    /** Where a cell of an axis lies on the grid. */
    private double place(int cell, int cells, int grid) {
        if (relative) {
            return Math.min(Math.max((cell + 0.5) * grid / cells - 0.5, 0), grid - 1.0);
        }
        double middle = (grid - 1) / 2.0;
        return cell < cells / 2.0 ? Math.min(cell, middle) : Math.max(grid - cells + cell, middle);
    }

    private float value(int row, int column, int channel) {
        return values[(row * columns + column) * channels + channel];
    }

    private static float mix(float a, float b, float share) {
        return a + share * (b - a);
    }
}
