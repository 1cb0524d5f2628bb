package io.github.dinosplat.matching.keypoint;

import io.github.dinosplat.scene.Image;

/** Procedural pictures with detail at many scales, defined at every real position. */
public final class Textures {

    private Textures() {}

    /** Where the picture's point (x, y) lies in the texture. */
    public interface Map {
        /** Texture coordinates of a place in the picture. */
        double[] apply(double x, double y);
    }

    /** Value noise of five octaves in [0, 255]. */
    private static double value(double x, double y) {
        double sum = 0;
        double amplitude = 0.4;
        double step = 40;
        for (int octave = 0; octave < 5; octave++) {
            sum += amplitude * noise(x / step, y / step, 31 * octave);
            amplitude *= 0.8;
            step *= 0.5;
        }
        return 255 * Math.min(1, Math.max(0, 0.5 + 1.1 * (sum - 0.67)));
    }

    private static double noise(double x, double y, int seed) {
        int ix = (int) Math.floor(x);
        int iy = (int) Math.floor(y);
        double fx = smooth(x - ix);
        double fy = smooth(y - iy);
        double top = (1 - fx) * hash(ix, iy, seed) + fx * hash(ix + 1, iy, seed);
        double bottom = (1 - fx) * hash(ix, iy + 1, seed) + fx * hash(ix + 1, iy + 1, seed);
        return (1 - fy) * top + fy * bottom;
    }

    private static double smooth(double t) {
        return t * t * t * (t * (6 * t - 15) + 10);
    }

    private static double hash(int x, int y, int seed) {
        long h = x * 0x9e3779b97f4a7c15L ^ y * 0xc2b2ae3d27d4eb4fL ^ seed * 0x165667b19e3779f9L;
        h = (h ^ (h >>> 31)) * 0xbf58476d1ce4e5b9L;
        h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
        return (h >>> 11) * 0x1p-53;
    }

    /** A grey picture of the texture, 2x2 samples a pixel. */
    public static Image render(int width, int height, Map textureFromPixel) {
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double sum = 0;
                for (int s = 0; s < 4; s++) {
                    double[] p = textureFromPixel.apply(x + 0.25 + 0.5 * (s & 1), y + 0.25 + 0.5 * (s >> 1));
                    sum += value(p[0], p[1]);
                }
                byte grey = (byte) Math.round(sum / 4);
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * width + x) + c] = grey;
                }
            }
        }
        return new Image(width, height, rgb);
    }
}
