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
            sum += ssimOfChannel(channelOf(a, channel), channelOf(b, channel), a.width(), a.height());
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
        int width = image.width();
        int height = image.height();
        byte[] out = new byte[3 * width * height];
        for (int channel = 0; channel < 3; channel++) {
            double[] rows = mirrored(channelOf(image, channel), width, height, 1, width, kernel);
            double[] both = mirrored(rows, height, width, width, 1, kernel);
            for (int i = 0; i < both.length; i++) {
                out[3 * i + channel] = (byte) Math.min(255, Math.max(0, Math.round(255 * both[i])));
            }
        }
        return new Image(width, height, out);
    }

    private static void requireSameSize(Image a, Image b) {
        if (a.width() != b.width() || a.height() != b.height()) {
            throw new IllegalArgumentException("pictures must have the same size but were " + a.width() + "x"
                    + a.height() + " and " + b.width() + "x" + b.height());
        }
    }

    private static double[] channelOf(Image image, int channel) {
        byte[] rgb = image.rgb();
        double[] out = new double[rgb.length / 3];
        for (int i = 0; i < out.length; i++) {
            out[i] = (rgb[3 * i + channel] & 0xff) / 255.0;
        }
        return out;
    }

    private static double ssimOfChannel(double[] x, double[] y, int width, int height) {
        double[] kernel = gaussian(SSIM_WINDOW / 2, SSIM_SIGMA);
        double[] meanX = valid(x, width, height, kernel);
        double[] meanY = valid(y, width, height, kernel);
        double[] meanXx = valid(product(x, x), width, height, kernel);
        double[] meanYy = valid(product(y, y), width, height, kernel);
        double[] meanXy = valid(product(x, y), width, height, kernel);
        double sum = 0;
        for (int i = 0; i < meanX.length; i++) {
            double xx = meanX[i] * meanX[i];
            double yy = meanY[i] * meanY[i];
            double xy = meanX[i] * meanY[i];
            double luminance = (2 * xy + C1) / (xx + yy + C1);
            double structure = (2 * (meanXy[i] - xy) + C2) / (meanXx[i] - xx + meanYy[i] - yy + C2);
            sum += luminance * structure;
        }
        return sum / meanX.length;
    }

    private static double[] product(double[] x, double[] y) {
        double[] out = new double[x.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = x[i] * y[i];
        }
        return out;
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

    /** Separable convolution where the window lies inside the picture. */
    private static double[] valid(double[] image, int width, int height, double[] kernel) {
        int innerWidth = width - kernel.length + 1;
        int innerHeight = height - kernel.length + 1;
        double[] rows = new double[innerWidth * height];
        for (int y = 0; y < height; y++) {
            for (int k = 0; k < kernel.length; k++) {
                double w = kernel[k];
                for (int x = 0; x < innerWidth; x++) {
                    rows[y * innerWidth + x] += w * image[y * width + x + k];
                }
            }
        }
        double[] out = new double[innerWidth * innerHeight];
        for (int y = 0; y < innerHeight; y++) {
            for (int k = 0; k < kernel.length; k++) {
                double w = kernel[k];
                for (int x = 0; x < innerWidth; x++) {
                    out[y * innerWidth + x] += w * rows[(y + k) * innerWidth + x];
                }
            }
        }
        return out;
    }

    /** Convolution of {@code lines} lines of {@code length} values along one axis, mirrored about the outer pixel edges. */
    private static double[] mirrored(double[] in, int length, int lines, int step, int lineStep, double[] kernel) {
        int radius = kernel.length / 2;
        int[] source = new int[length + 2 * radius];
        for (int i = 0; i < source.length; i++) {
            int at = Math.floorMod(i - radius, 2 * length);
            source[i] = step * (at < length ? at : 2 * length - 1 - at);
        }
        double[] out = new double[in.length];
        for (int line = 0; line < lines; line++) {
            int base = line * lineStep;
            for (int i = 0; i < length; i++) {
                double sum = 0;
                for (int k = 0; k < kernel.length; k++) {
                    sum += kernel[k] * in[base + source[i + k]];
                }
                out[base + i * step] = sum;
            }
        }
        return out;
    }
}
