package io.github.dinosplat.scene;

/** Separable resampling for {@link Image#resized}. */
final class ImageResampling {

    private ImageResampling() {}

    static Image resize(Image image, int newWidth, int newHeight) {
        Taps horizontal = Taps.of(image.width(), newWidth);
        Taps vertical = Taps.of(image.height(), newHeight);
        byte[] source = image.rgb();
        float[] rows = new float[newWidth * image.height() * 3];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < newWidth; x++) {
                float r = 0;
                float g = 0;
                float b = 0;
                for (int t = horizontal.start[x]; t < horizontal.start[x + 1]; t++) {
                    int i = 3 * (y * image.width() + horizontal.index[t]);
                    float w = horizontal.weight[t];
                    r += w * (source[i] & 0xff);
                    g += w * (source[i + 1] & 0xff);
                    b += w * (source[i + 2] & 0xff);
                }
                int o = 3 * (y * newWidth + x);
                rows[o] = r;
                rows[o + 1] = g;
                rows[o + 2] = b;
            }
        }
        byte[] target = new byte[newWidth * newHeight * 3];
        for (int y = 0; y < newHeight; y++) {
            for (int i = 0; i < 3 * newWidth; i++) {
                float sum = 0;
                for (int t = vertical.start[y]; t < vertical.start[y + 1]; t++) {
                    sum += vertical.weight[t] * rows[3 * newWidth * vertical.index[t] + i];
                }
                target[3 * newWidth * y + i] = (byte) Math.min(255, Math.max(0, Math.round(sum)));
            }
        }
        return new Image(newWidth, newHeight, target);
    }

    /** For each target position the source positions that make it up, with weights that sum to 1. */
    private record Taps(int[] start, int[] index, float[] weight) {

        static Taps of(int from, int to) {
            double scale = (double) from / to;
            int most = (int) Math.ceil(scale) + 2;
            int[] start = new int[to + 1];
            int[] index = new int[to * most];
            float[] weight = new float[to * most];
            int n = 0;
            for (int i = 0; i < to; i++) {
                start[i] = n;
                if (scale <= 1) {
                    double centre = Math.min(Math.max((i + 0.5) * scale - 0.5, 0), from - 1);
                    int low = (int) centre;
                    index[n] = low;
                    weight[n++] = (float) (1 - (centre - low));
                    if (centre > low) {
                        index[n] = low + 1;
                        weight[n++] = (float) (centre - low);
                    }
                } else {
                    double left = i * scale;
                    double right = Math.min((i + 1) * scale, from);
                    for (int s = (int) left; s < right; s++) {
                        index[n] = s;
                        weight[n++] = (float) ((Math.min(s + 1, right) - Math.max(s, left)) / (right - left));
                    }
                }
            }
            start[to] = n;
            return new Taps(start, index, weight);
        }
    }
}
