package io.github.dinosplat.features;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;

/**
 * Features of every pixel from features of patches: means of the nearby patches, weighted by their distance and by how like
 * their colour is to the pixel's, so that features change where the picture does (joint bilateral upsampling, Kopf, Cohen,
 * Lischinski and Uyttendaele 2007).
 */
public final class FeatureUpsampling {

    /** Patches looked at on each side of the pixel's own. */
    private static final int REACH = 2;
    /** Standard deviation of the weights in patches. */
    private static final double SPREAD = 0.7;
    /** Standard deviation of the weights in units of CIE L*a*b*: a clearly visible difference. */
    private static final double COLOUR = 8;
    /** Keeps patches of quite other colours in the mean where there are no others. */
    private static final double LEAST = 1e-6;

    private FeatureUpsampling() {}

    /**
     * Features of every pixel of a picture.
     *
     * @param map features of patches
     * @param guide the same photo, at the size of the result
     * @return features, rows and columns as many as the guide has pixels
     * @throws IllegalArgumentException if the result would have more than 2^29 values: take a smaller guide, or fewer
     *     channels
     */
    public static FeatureMap toPixels(FeatureMap map, Image guide) {
        long size = (long) guide.width() * guide.height() * map.channels();
        if (size > 1 << 29) {
            throw new IllegalArgumentException("features of " + guide.width() + "x" + guide.height() + " pixels with "
                    + map.channels() + " channels are too large: take a smaller guide or fewer channels");
        }
        float[][] pixels = CieLab.planes(guide);
        float[][] patches = CieLab.planes(guide.resized(map.columns(), map.rows()));
        float[] out = new float[(int) size];
        float[] patch = new float[map.channels()];
        for (int y = 0; y < guide.height(); y++) {
            double row = (y + 0.5) * map.rows() / guide.height() - 0.5;
            for (int x = 0; x < guide.width(); x++) {
                double column = (x + 0.5) * map.columns() / guide.width() - 0.5;
                int pixel = y * guide.width() + x;
                double sum = 0;
                int to = pixel * map.channels();
                for (int r = low(row); r <= high(row, map.rows()); r++) {
                    for (int c = low(column); c <= high(column, map.columns()); c++) {
                        double square = (r - row) * (r - row) + (c - column) * (c - column);
                        double likeness = likeness(pixels, pixel, patches, r * map.columns() + c);
                        double weight = Math.exp(-square / (2 * SPREAD * SPREAD)) * likeness;
                        map.copyPatch(r, c, patch);
                        for (int k = 0; k < patch.length; k++) {
                            out[to + k] += (float) weight * patch[k];
                        }
                        sum += (float) weight;
                    }
                }
                for (int k = 0; k < patch.length; k++) {
                    out[to + k] /= (float) sum;
                }
            }
        }
        return new FeatureMap(guide.height(), guide.width(), map.channels(), map.photoWidth(), map.photoHeight(), out);
    }

    private static int low(double at) {
        return Math.max(0, (int) Math.round(at) - REACH);
    }

    private static int high(double at, int size) {
        return Math.min(size - 1, (int) Math.round(at) + REACH);
    }

    private static double likeness(float[][] pixels, int pixel, float[][] patches, int patch) {
        double square = 0;
        for (int k = 0; k < 3; k++) {
            double d = pixels[k][pixel] - patches[k][patch];
            square += d * d;
        }
        return Math.exp(-square / (2 * COLOUR * COLOUR)) + LEAST;
    }
}
