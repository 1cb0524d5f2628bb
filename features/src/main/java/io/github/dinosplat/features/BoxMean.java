package io.github.dinosplat.features;

/** Means over square windows of a plane, windows cut at the border. */
final class BoxMean {

    private BoxMean() {}

    /** Running sums along rows, then columns; {@code target} may be {@code source}. */
    static void blur(float[] source, int width, int height, int radius, float[] target) {
        double[] sums = new double[Math.max(width, height) + 1];
        for (int y = 0; y < height; y++) {
            line(source, y * width, 1, width, radius, sums, target);
        }
        for (int x = 0; x < width; x++) {
            line(target, x, width, height, radius, sums, target);
        }
    }

    private static void line(
            float[] source, int start, int step, int count, int radius, double[] sums, float[] target) {
        for (int i = 0; i < count; i++) {
            sums[i + 1] = sums[i] + source[start + i * step];
        }
        for (int i = 0; i < count; i++) {
            int low = Math.max(0, i - radius);
            int high = Math.min(count, i + radius + 1);
            target[start + i * step] = (float) ((sums[high] - sums[low]) / (high - low));
        }
    }
}
