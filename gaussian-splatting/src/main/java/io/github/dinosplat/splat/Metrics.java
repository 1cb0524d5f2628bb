package io.github.dinosplat.splat;

import io.github.dinosplat.scene.Image;
import java.util.Arrays;

/**
 * How alike two pictures are. All measures work on 8-bit sRGB values scaled to 0..1, in double precision.
 */
public final class Metrics {

    /** What {@link #psnr} gives for identical pictures, where the ratio is infinite. */
    public static final double PSNR_OF_IDENTICAL = 100;

    /** Side of the SSIM window in pixels; smaller pictures have no valid pixel. */
    public static final int SSIM_WINDOW = 11;

    private static final double SSIM_SIGMA = 1.5;
    private static final double C1 = 0.01 * 0.01;
    private static final double C2 = 0.03 * 0.03;

    private Metrics() {}

    /**
     * Peak signal-to-noise ratio over all pixels and channels, peak 255.
     *
     * @param a a picture
     * @param b another of the same size
     * @return decibels, at most {@link #PSNR_OF_IDENTICAL}
     * @throws IllegalArgumentException if the sizes differ
     */
    public static double psnr(Image a, Image b) {
        boolean[] all = new boolean[a.width() * a.height()];
        Arrays.fill(all, true);
        return psnr(a, b, all);
    }

    /**
     * The same over some of the pixels.
     *
     * @param a a picture
     * @param b another of the same size
     * @param counts [height, width] true for the pixels that count
     * @return decibels, at most {@link #PSNR_OF_IDENTICAL}; NaN where no pixel counts
     * @throws IllegalArgumentException if the sizes differ
     */
    public static double psnr(Image a, Image b, boolean[] counts) {
        requireSameSize(a, b);
        if (counts.length != a.width() * a.height()) {
            throw new IllegalArgumentException(
                    "expected counts [" + a.height() + ", " + a.width() + "] but length was " + counts.length);
        }
        byte[] p = a.rgb();
        byte[] q = b.rgb();
        long sum = 0;
        long values = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int k = 3 * i; counts[i] && k < 3 * i + 3; k++) {
                int d = (p[k] & 0xff) - (q[k] & 0xff);
                sum += (long) d * d;
                values++;
            }
        }
        if (values == 0) {
            return Double.NaN;
        }
        if (sum == 0) {
            return PSNR_OF_IDENTICAL;
        }
        double meanSquare = sum / (255.0 * 255.0 * values);
        return Math.min(PSNR_OF_IDENTICAL, -10 * Math.log10(meanSquare));
    }

    /**
     * Structural similarity (Wang et al. 2004): Gaussian window 11x11 with sigma 1.5, K1 0.01, K2 0.03, per channel, mean
     * over the three channels and the pixels whose window lies inside the picture.
     *
     * @param a a picture
     * @param b another of the same size
     * @return similarity, 1 for identical pictures
     * @throws IllegalArgumentException if the sizes differ or a side is shorter than {@link #SSIM_WINDOW}
     */
    public static double ssim(Image a, Image b) {
        requireSameSize(a, b);
        if (Math.min(a.width(), a.height()) < SSIM_WINDOW) {
            throw new IllegalArgumentException("SSIM needs pictures of at least " + SSIM_WINDOW + "x" + SSIM_WINDOW
                    + " pixels but was " + a.width() + "x" + a.height());
        }
        double sum = 0;
        for (int channel = 0; channel < 3; channel++) {
            sum += ssimOfChannel(a, b, channel);
        }
        return sum / 3;
    }

    /**
     * The picture blurred with a Gaussian: the yardstick that a render must beat in SSIM to be more than fog. The border
     * is mirrored, values are rounded to 8 bits.
     *
     * @param image a picture
     * @param sigma standard deviation in pixels, positive
     * @return a new picture of the same size
     * @throws IllegalArgumentException if sigma is not positive and finite
     */
    public static Image blurred(Image image, double sigma) {
        if (!(sigma > 0) || Double.isInfinite(sigma)) {
            throw new IllegalArgumentException("sigma must be positive and finite but was " + sigma);
        }
        double[] kernel = gaussian((int) Math.ceil(4 * sigma), sigma);
        byte[] out = new byte[image.rgb().length];
        for (int channel = 0; channel < 3; channel++) {
            blur(image, channel, kernel, out);
        }
        return new Image(image.width(), image.height(), out);
    }

    private static void blur(Image image, int channel, double[] kernel, byte[] out) {
        int width = image.width();
        int height = image.height();
        int radius = kernel.length / 2;
        int[] columns = mirrored(width, radius);
        int[] lines = mirrored(height, radius);
        // Only as many rows as the window has, each in the place of one that no window will reach again.
        double[][] rows = new double[kernel.length][width];
        double[] values = new double[width];
        int done = 0;
        for (int y = 0; y < height; y++) {
            for (; done < Math.min(height, y + radius + 1); done++) {
                row(image, done, channel, values);
                double[] row = rows[done % rows.length];
                for (int x = 0; x < width; x++) {
                    double sum = 0;
                    for (int k = 0; k < kernel.length; k++) {
                        sum += kernel[k] * values[columns[x + k]];
                    }
                    row[x] = sum;
                }
            }
            for (int x = 0; x < width; x++) {
                double sum = 0;
                for (int k = 0; k < kernel.length; k++) {
                    sum += kernel[k] * rows[lines[y + k] % rows.length][x];
                }
                out[3 * (y * width + x) + channel] = (byte) Math.min(255, Math.max(0, Math.round(255 * sum)));
            }
        }
    }

    /** The pixel of a line that stands at each place from a radius before it on, mirrored about the outer pixel edges. */
    private static int[] mirrored(int length, int radius) {
        int[] source = new int[length + 2 * radius];
        for (int i = 0; i < source.length; i++) {
            int at = Math.floorMod(i - radius, 2 * length);
            source[i] = at < length ? at : 2 * length - 1 - at;
        }
        return source;
    }

    private static void requireSameSize(Image a, Image b) {
        if (a.width() != b.width() || a.height() != b.height()) {
            throw new IllegalArgumentException("pictures must have the same size but were " + a.width() + "x"
                    + a.height() + " and " + b.width() + "x" + b.height());
        }
    }

    /** Fills in a row's values from 0 to 1. */
    private static void row(Image image, int y, int channel, double[] values) {
        for (int x = 0; x < values.length; x++) {
            values[x] = image.value(x, y, channel) / 255.0;
        }
    }

    private static double ssimOfChannel(Image a, Image b, int channel) {
        double[] kernel = gaussian(SSIM_WINDOW / 2, SSIM_SIGMA);
        int width = a.width();
        int innerWidth = width - SSIM_WINDOW + 1;
        int innerHeight = a.height() - SSIM_WINDOW + 1;
        // Means along each of the rows in the window of x, y, xx, yy and xy.
        double[][][] rows = new double[SSIM_WINDOW][5][innerWidth];
        double[][] means = new double[5][innerWidth];
        double[][] values = new double[5][width];
        double sum = 0;
        for (int y = 0; y < a.height(); y++) {
            row(a, y, channel, values[0]);
            row(b, y, channel, values[1]);
            for (int x = 0; x < width; x++) {
                values[2][x] = values[0][x] * values[0][x];
                values[3][x] = values[1][x] * values[1][x];
                values[4][x] = values[0][x] * values[1][x];
            }
            double[][] row = rows[y % SSIM_WINDOW];
            for (int m = 0; m < 5; m++) {
                Arrays.fill(row[m], 0);
                for (int k = 0; k < SSIM_WINDOW; k++) {
                    addScaled(values[m], k, kernel[k], row[m]);
                }
            }
            if (y >= SSIM_WINDOW - 1) {
                for (int m = 0; m < 5; m++) {
                    Arrays.fill(means[m], 0);
                    for (int k = 0; k < SSIM_WINDOW; k++) {
                        addScaled(rows[(y + 1 + k) % SSIM_WINDOW][m], 0, kernel[k], means[m]);
                    }
                }
                for (int x = 0; x < innerWidth; x++) {
                    sum += similarity(means, x);
                }
            }
        }
        return sum / (innerWidth * innerHeight);
    }

    private static double similarity(double[][] means, int i) {
        double xx = means[0][i] * means[0][i];
        double yy = means[1][i] * means[1][i];
        double xy = means[0][i] * means[1][i];
        double luminance = (2 * xy + C1) / (xx + yy + C1);
        double structure = (2 * (means[4][i] - xy) + C2) / (means[2][i] - xx + means[3][i] - yy + C2);
        return luminance * structure;
    }

    private static void addScaled(double[] values, int from, double factor, double[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += factor * values[from + i];
        }
    }

    private static double[] gaussian(int radius, double sigma) {
        double[] kernel = new double[2 * radius + 1];
        double sum = 0;
        for (int i = -radius; i <= radius; i++) {
            kernel[i + radius] = Math.exp(-i * i / (2 * sigma * sigma));
            sum += kernel[i + radius];
        }
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] /= sum;
        }
        return kernel;
    }
}
