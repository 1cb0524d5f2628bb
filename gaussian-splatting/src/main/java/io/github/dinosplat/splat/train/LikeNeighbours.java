package io.github.dinosplat.splat.train;

import io.github.dinosplat.splat.Gaussians;
import java.util.Arrays;

/**
 * Draws Gaussians towards the mean of their neighbours in space, each neighbour counting by how like its features are:
 * inside of one thing opacity and colour change smoothly, between things they need not.
 */
final class LikeNeighbours {

    private static final int NEIGHBOURS = 8;

    /** Distance of features, squared, at which a neighbour counts 1/e. */
    private static final double LIKENESS = 0.3;

    private static final int SH = 3 * Gaussians.SH_COEFFICIENTS;

    private LikeNeighbours() {}

    /**
     * Moves parameters towards those of the neighbours.
     *
     * @param gaussians changed in place
     * @param channels how many features a Gaussian has
     * @param features [N, channels] features, zero where unknown
     * @param strength the part of the way, 0 to 1
     */
    static void smooth(Gaussians gaussians, int channels, float[] features, double strength) {
        int n = gaussians.count();
        double[] positions = new double[3 * n];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = gaussians.means()[i];
        }
        int[] nearest = NeighbourDistances.nearest(positions, NEIGHBOURS);
        float[] sh = gaussians.sh().clone();
        float[] logits = gaussians.logitOpacities().clone();
        double[] sum = new double[SH + 1];
        for (int i = 0; i < n; i++) {
            Arrays.fill(sum, 0);
            double total = 0;
            for (int k = 0; k < NEIGHBOURS; k++) {
                int j = nearest[NEIGHBOURS * i + k];
                if (j >= 0) {
                    double w = weight(channels, features, i, j);
                    total += w;
                    for (int c = 0; c < SH; c++) {
                        sum[c] += w * sh[SH * j + c];
                    }
                    sum[SH] += w * logits[j];
                }
            }
            // The Gaussian itself counts as one neighbour, so that unlike ones move it less.
            double part = strength / (1 + total);
            for (int c = 0; c < SH; c++) {
                gaussians.sh()[SH * i + c] += (float) (part * (sum[c] - total * sh[SH * i + c]));
            }
            gaussians.logitOpacities()[i] += (float) (part * (sum[SH] - total * logits[i]));
        }
    }

    private static double weight(int channels, float[] features, int i, int j) {
        double square = 0;
        for (int c = 0; c < channels; c++) {
            double d = features[channels * i + c] - features[channels * j + c];
            square += d * d;
        }
        return Math.exp(-square / LIKENESS);
    }
}
