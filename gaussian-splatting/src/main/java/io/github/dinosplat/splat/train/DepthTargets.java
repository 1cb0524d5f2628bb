package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.splat.DepthTarget;

/** Depth maps as training compares with them: at the picture's size, as nearness. */
final class DepthTargets {

    private DepthTargets() {}

    /**
     * A map at a picture's size.
     *
     * @param map depths over the whole picture, 0 where unknown
     * @return nearness interpolated between known neighbours, with the map's harmonic mean depth as offset; weights are
     *     confidences over the mean inverse depth, so that the term is a relative error
     */
    static DepthTarget of(DepthMap map, int width, int height) {
        return of(map, width, height, 0);
    }

    /** The same with a given offset; 0 for the map's own. */
    static DepthTarget of(DepthMap map, int width, int height, double givenOffset) {
        float[] inverse = new float[width * height];
        float[] weights = new float[width * height];
        double sum = 0;
        int known = 0;
        for (int y = 0; y < height; y++) {
            double v = Math.max(0, (y + 0.5) * map.height() / height - 0.5);
            for (int x = 0; x < width; x++) {
                double u = Math.max(0, (x + 0.5) * map.width() / width - 0.5);
                int i = y * width + x;
                interpolate(map, u, v, i, inverse, weights);
                if (weights[i] > 0) {
                    sum += inverse[i];
                    known++;
                }
            }
        }
        double mean = givenOffset > 0 ? 1 / givenOffset : known == 0 ? 1 : sum / known;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                inverse[i] = (float) (1 / (1 / inverse[i] + 1 / mean));
                weights[i] = (float) (weights[i] / mean);
            } else {
                inverse[i] = 0;
            }
        }
        return new DepthTarget(width, height, givenOffset > 0 ? givenOffset : 1 / mean, inverse, weights);
    }

    private static void interpolate(DepthMap map, double u, double v, int to, float[] inverse, float[] weights) {
        int x0 = (int) u;
        int y0 = (int) v;
        int x1 = Math.min(map.width() - 1, x0 + 1);
        int y1 = Math.min(map.height() - 1, y0 + 1);
        double fx = u - x0;
        double fy = v - y0;
        double z00 = map.depth(x0, y0);
        double z10 = map.depth(x1, y0);
        double z01 = map.depth(x0, y1);
        double z11 = map.depth(x1, y1);
        if (z00 > 0 && z10 > 0 && z01 > 0 && z11 > 0) {
            inverse[to] = (float) (((1 - fx) / z00 + fx / z10) * (1 - fy) + ((1 - fx) / z01 + fx / z11) * fy);
            weights[to] = (float) (((1 - fx) * map.confidence(x0, y0) + fx * map.confidence(x1, y0)) * (1 - fy)
                    + ((1 - fx) * map.confidence(x0, y1) + fx * map.confidence(x1, y1)) * fy);
        }
    }
}
