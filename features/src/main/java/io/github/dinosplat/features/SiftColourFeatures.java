package io.github.dinosplat.features;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.io.Sha256;
import java.util.List;

/**
 * Dense gradient histograms and colour statistics.
 *
 * <p>On the photo reduced to a long side of at most 800 pixels, every 8 pixels: SIFT's 4x4 cells of 8 orientations
 * (Lowe 2004, section 6, upright and at a fixed scale) with cells of 5 and of 12 pixels, each normalised to sum 1 and
 * square-rooted (Arandjelovic and Zisserman 2012); then mean and standard deviation of L*, a* and b* over about 8 and
 * about 40 pixels.
 */
final class SiftColourFeatures implements DenseFeatures {

    private static final int LONG_SIDE = 800;
    private static final int STRIDE = 8;
    private static final int ORIENTATIONS = 8;
    private static final int SIFT = 16 * ORIENTATIONS;
    private static final int[] CELLS = {5, 12};
    private static final int[] COLOUR_RADII = {4, 20};
    private static final int CHANNELS = CELLS.length * SIFT + 6 * COLOUR_RADII.length;
    /** Gradient per pixel of a cell, in grey levels, below which a patch counts as blank: keeps noise from being blown up. */
    private static final float BLANK = 1.0f;

    @Override
    public String name() {
        return "dense-sift-colour";
    }

    @Override
    public String sha256() {
        return new Sha256().add(name() + " 1").hex();
    }

    @Override
    public FeatureDescription description() {
        return new FeatureDescription(name(), sha256(), List.of(), STRIDE, Layer.FINAL.toString(), "cpu");
    }

    @Override
    public FeatureMap extract(Image photo) {
        Image image = photo.fitted(LONG_SIDE);
        int rows = Math.max(1, Math.round((float) image.height() / STRIDE));
        int columns = Math.max(1, Math.round((float) image.width() / STRIDE));
        float[] values = new float[rows * columns * CHANNELS];
        float[][] gradients = orientedGradients(image.luma(), image.width(), image.height());
        for (int s = 0; s < CELLS.length; s++) {
            histograms(gradients, image, rows, columns, CELLS[s], s * SIFT, values);
        }
        float[][] lab = CieLab.planes(image);
        for (int s = 0; s < COLOUR_RADII.length; s++) {
            colours(lab, image, rows, columns, COLOUR_RADII[s], CELLS.length * SIFT + 6 * s, values);
        }
        return new FeatureMap(rows, columns, CHANNELS, photo.width(), photo.height(), values);
    }

    /** Gradient magnitude shared between the two nearest of eight orientations, one plane for each. */
    private static float[][] orientedGradients(float[] grey, int width, int height) {
        float[][] planes = new float[ORIENTATIONS][width * height];
        for (int y = 0; y < height; y++) {
            int up = Math.max(0, y - 1) * width;
            int down = Math.min(height - 1, y + 1) * width;
            for (int x = 0; x < width; x++) {
                float dx = 0.5f * (grey[y * width + Math.min(width - 1, x + 1)] - grey[y * width + Math.max(0, x - 1)]);
                float dy = 0.5f * (grey[down + x] - grey[up + x]);
                float magnitude = (float) Math.sqrt(dx * dx + dy * dy);
                if (magnitude == 0) {
                    continue;
                }
                float bin = (float) (Math.atan2(dy, dx) * (ORIENTATIONS / (2 * Math.PI))) + ORIENTATIONS;
                int low = (int) bin;
                float part = bin - low;
                planes[low % ORIENTATIONS][y * width + x] = magnitude * (1 - part);
                planes[(low + 1) % ORIENTATIONS][y * width + x] += magnitude * part;
            }
        }
        return planes;
    }

    private static void histograms(
            float[][] gradients, Image image, int rows, int columns, int cell, int offset, float[] values) {
        int width = image.width();
        int height = image.height();
        float[] blurred = new float[width * height];
        for (int o = 0; o < ORIENTATIONS; o++) {
            // Two box means make the tent that SIFT's bilinear sharing between cells amounts to.
            BoxMean.blur(gradients[o], width, height, cell / 2, blurred);
            BoxMean.blur(blurred, width, height, cell / 2, blurred);
            for (int r = 0; r < rows; r++) {
                double cy = (r + 0.5) * height / rows - 0.5;
                for (int c = 0; c < columns; c++) {
                    double cx = (c + 0.5) * width / columns - 0.5;
                    int at = (r * columns + c) * CHANNELS + offset + o;
                    for (int i = 0; i < 16; i++) {
                        double ox = i % 4 - 1.5;
                        double oy = i / 4 - 1.5;
                        int x = clamp((int) Math.round(cx + ox * cell), width);
                        int y = clamp((int) Math.round(cy + oy * cell), height);
                        float window = (float) Math.exp(-(ox * ox + oy * oy) / 8);
                        values[at + i * ORIENTATIONS] = window * blurred[y * width + x];
                    }
                }
            }
        }
        for (int p = 0; p < rows * columns; p++) {
            int at = p * CHANNELS + offset;
            float sum = BLANK * 16 * 0.55f;
            for (int i = 0; i < SIFT; i++) {
                sum += values[at + i];
            }
            for (int i = 0; i < SIFT; i++) {
                values[at + i] = (float) Math.sqrt(values[at + i] / sum);
            }
        }
    }

    /** Mean and deviation of each Lab plane, in hundreds of its unit. */
    private static void colours(
            float[][] lab, Image image, int rows, int columns, int radius, int offset, float[] values) {
        int width = image.width();
        int height = image.height();
        float[] mean = new float[width * height];
        float[] square = new float[width * height];
        for (int k = 0; k < 3; k++) {
            for (int i = 0; i < square.length; i++) {
                square[i] = lab[k][i] * lab[k][i];
            }
            BoxMean.blur(lab[k], width, height, radius, mean);
            BoxMean.blur(square, width, height, radius, square);
            for (int r = 0; r < rows; r++) {
                int y = clamp((int) ((r + 0.5) * height / rows), height);
                for (int c = 0; c < columns; c++) {
                    int i = y * width + clamp((int) ((c + 0.5) * width / columns), width);
                    int at = (r * columns + c) * CHANNELS + offset + k;
                    values[at] = mean[i] / 100;
                    values[at + 3] = (float) Math.sqrt(Math.max(0, square[i] - mean[i] * mean[i])) / 100;
                }
            }
        }
    }

    private static int clamp(int i, int size) {
        return Math.min(Math.max(i, 0), size - 1);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
