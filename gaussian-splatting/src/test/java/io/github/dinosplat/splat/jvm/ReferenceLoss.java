package io.github.dinosplat.splat.jvm;

/** The photometric loss in double, window by window (Wang et al. 2004, eq. 13): the oracle of the fast row loops. */
final class ReferenceLoss {

    private ReferenceLoss() {}

    /** (1 - w) L1 + w (1 - SSIM over windows inside the picture); planes are [height, width, 3]. */
    static double loss(double[] render, double[] truth, int width, int height, double weight) {
        double absolute = 0;
        for (int i = 0; i < render.length; i++) {
            absolute += Math.abs(render[i] - truth[i]);
        }
        double similarity = 0;
        for (int c = 0; c < 3; c++) {
            for (int y = 5; y < height - 5; y++) {
                for (int x = 5; x < width - 5; x++) {
                    similarity += similarity(render, truth, width, x, y, c);
                }
            }
        }
        return (1 - weight) * absolute / render.length
                + weight * (1 - similarity / (3.0 * (width - 10) * (height - 10)));
    }

    private static double similarity(double[] a, double[] b, int width, int x, int y, int c) {
        double sum = 0;
        double meanA = 0;
        double meanB = 0;
        double squareA = 0;
        double squareB = 0;
        double product = 0;
        for (int v = -5; v <= 5; v++) {
            for (int u = -5; u <= 5; u++) {
                double w = Math.exp(-(u * u + v * v) / (2 * 1.5 * 1.5));
                double p = a[3 * ((y + v) * width + x + u) + c];
                double q = b[3 * ((y + v) * width + x + u) + c];
                sum += w;
                meanA += w * p;
                meanB += w * q;
                squareA += w * p * p;
                squareB += w * q * q;
                product += w * p * q;
            }
        }
        meanA /= sum;
        meanB /= sum;
        double varianceA = squareA / sum - meanA * meanA;
        double varianceB = squareB / sum - meanB * meanB;
        double covariance = product / sum - meanA * meanB;
        return (2 * meanA * meanB + 1e-4)
                * (2 * covariance + 9e-4)
                / ((meanA * meanA + meanB * meanB + 1e-4) * (varianceA + varianceB + 9e-4));
    }
}
