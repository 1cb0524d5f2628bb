package io.github.dinosplat.matching.keypoint;

/**
 * Separable Gaussian smoothing of float planes with replicated borders. Rows are smoothed once into a ring of rows that the
 * vertical pass reads, so that the work stays in the cache; the inner loops are plain sums over arrays, which the JIT turns
 * into vector code.
 */
final class GaussianBlur {

    private GaussianBlur() {}

    /** Weights at distance 0, 1, .. up to four standard deviations; the two-sided sum is 1. */
    static float[] kernel(double sigma) {
        int radius = (int) Math.ceil(4 * sigma);
        double[] k = new double[radius + 1];
        double sum = 0;
        for (int i = 0; i <= radius; i++) {
            k[i] = Math.exp(-0.5 * i * i / (sigma * sigma));
            sum += i == 0 ? k[i] : 2 * k[i];
        }
        float[] out = new float[radius + 1];
        for (int i = 0; i <= radius; i++) {
            out[i] = (float) (k[i] / sum);
        }
        return out;
    }

    /** Smooths [height, width] into another plane. */
    static void blur(float[] source, int width, int height, double sigma, float[] target) {
        float[] kernel = kernel(sigma);
        int radius = kernel.length - 1;
        int ringSize = 2 * radius + 1;
        float[][] ring = new float[ringSize][width];
        float[] padded = new float[width + 2 * radius];
        int filled = 0;
        float[] sum = new float[width];
        for (int y = 0; y < height; y++) {
            for (; filled <= Math.min(height - 1, y + radius); filled++) {
                pad(source, filled * width, width, radius, padded);
                horizontal(padded, radius, kernel, width, ring[filled % ringSize]);
            }
            scale(ring[y % ringSize], kernel[0], sum, width);
            int t = 1;
            for (; t + 1 <= radius; t += 2) {
                add(
                        ring[Math.max(0, y - t) % ringSize],
                        ring[Math.min(height - 1, y + t) % ringSize],
                        kernel[t],
                        ring[Math.max(0, y - t - 1) % ringSize],
                        ring[Math.min(height - 1, y + t + 1) % ringSize],
                        kernel[t + 1],
                        sum,
                        width);
            }
            if (t <= radius) {
                add(
                        ring[Math.max(0, y - t) % ringSize],
                        ring[Math.min(height - 1, y + t) % ringSize],
                        kernel[t],
                        sum,
                        width);
            }
            System.arraycopy(sum, 0, target, y * width, width);
        }
    }

    private static void pad(float[] source, int offset, int width, int radius, float[] padded) {
        for (int i = 0; i < radius; i++) {
            padded[i] = source[offset];
            padded[radius + width + i] = source[offset + width - 1];
        }
        System.arraycopy(source, offset, padded, radius, width);
    }

    private static void horizontal(float[] p, int radius, float[] kernel, int width, float[] out) {
        float centre = kernel[0];
        for (int x = 0; x < width; x++) {
            out[x] = centre * p[radius + x];
        }
        int t = 1;
        for (; t + 1 <= radius; t += 2) {
            addShifted(p, radius - t, radius + t, kernel[t], radius - t - 1, radius + t + 1, kernel[t + 1], out, width);
        }
        if (t <= radius) {
            int a = radius - t;
            int b = radius + t;
            float w = kernel[t];
            for (int x = 0; x < width; x++) {
                out[x] += w * (p[a + x] + p[b + x]);
            }
        }
    }

    private static void addShifted(float[] p, int a, int b, float w, int c, int d, float v, float[] out, int width) {
        for (int x = 0; x < width; x++) {
            out[x] += w * (p[a + x] + p[b + x]) + v * (p[c + x] + p[d + x]);
        }
    }

    private static void scale(float[] a, float w, float[] out, int width) {
        for (int x = 0; x < width; x++) {
            out[x] = w * a[x];
        }
    }

    private static void add(float[] a, float[] b, float w, float[] out, int width) {
        for (int x = 0; x < width; x++) {
            out[x] += w * (a[x] + b[x]);
        }
    }

    private static void add(float[] a, float[] b, float w, float[] c, float[] d, float v, float[] out, int width) {
        for (int x = 0; x < width; x++) {
            out[x] += w * (a[x] + b[x]) + v * (c[x] + d[x]);
        }
    }
}
