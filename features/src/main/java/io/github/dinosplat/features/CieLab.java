package io.github.dinosplat.features;

import io.github.dinosplat.scene.Image;

/** CIE L*a*b* (1976) of sRGB pixels, white point D65. */
final class CieLab {

    /** Linear light of each sRGB level. */
    private static final float[] LINEAR = new float[256];

    static {
        for (int i = 0; i < 256; i++) {
            double v = i / 255.0;
            LINEAR[i] = (float) (v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4));
        }
    }

    private CieLab() {}

    /** Planes L* (0 to 100), a* and b*, each [height, width]. */
    static float[][] planes(Image image) {
        byte[] rgb = image.rgb();
        int n = rgb.length / 3;
        float[][] lab = new float[3][n];
        for (int i = 0; i < n; i++) {
            float r = LINEAR[rgb[3 * i] & 0xff];
            float g = LINEAR[rgb[3 * i + 1] & 0xff];
            float b = LINEAR[rgb[3 * i + 2] & 0xff];
            double x = root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
            double y = root(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
            double z = root((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
            lab[0][i] = (float) (116 * y - 16);
            lab[1][i] = (float) (500 * (x - y));
            lab[2][i] = (float) (200 * (y - z));
        }
        return lab;
    }

    private static double root(double t) {
        return t > 0.008856 ? Math.cbrt(t) : 7.787037 * t + 16.0 / 116;
    }
}
