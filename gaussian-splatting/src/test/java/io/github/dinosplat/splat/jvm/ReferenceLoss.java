package io.github.dinosplat.splat.jvm;

/** The photometric loss in double, window by window (Wang et al. 2004, eq. 13): the oracle of the fast row loops. */
final class ReferenceLoss {

    private static final int RADIUS = 5;
    private static final double SIGMA = 1.5;
    private static final double C1 = 1e-4;
    private static final double C2 = 9e-4;

    private ReferenceLoss() {}

    /** (1 - w) L1 + w (1 - SSIM over windows inside the picture); planes are [height, width, 3]. */
    static double loss(double[] render, double[] truth, int width, int height, double weight) {
        double absolute = 0;
        for (int i = 0; i < render.length; i++) {
            absolute += Math.abs(render[i] - truth[i]);
        }
        double similarity = 0;
        for (int c = 0; c < 3; c++) {
            for (int y = RADIUS; y < height - RADIUS; y++) {
                for (int x = RADIUS; x < width - RADIUS; x++) {
                    similarity += new Window(render, truth, width, x, y, c).similarity();
                }
            }
        }
        return (1 - weight) * absolute / render.length + weight * (1 - similarity / windows(width, height));
    }

    /** The gradient of {@link #loss} by the render. */
    static double[] gradient(double[] render, double[] truth, int width, int height, double weight) {
        double[] gradient = new double[render.length];
        for (int i = 0; i < render.length; i++) {
            gradient[i] = (1 - weight) * Math.signum(render[i] - truth[i]) / render.length;
        }
        double by = -weight / windows(width, height);
        for (int c = 0; c < 3; c++) {
            for (int y = RADIUS; y < height - RADIUS; y++) {
                for (int x = RADIUS; x < width - RADIUS; x++) {
                    new Window(render, truth, width, x, y, c).addGradient(by, render, truth, gradient);
                }
            }
        }
        return gradient;
    }

    private static double windows(int width, int height) {
        return 3.0 * (width - 2 * RADIUS) * (height - 2 * RADIUS);
    }

    /** Weighted means of two pictures, of their squares and of their product around a pixel, in one channel. */
    private static final class Window {

        private final int width;
        private final int centre;
        private final double[] weights = new double[(2 * RADIUS + 1) * (2 * RADIUS + 1)];
        private double meanA;
        private double meanB;
        private double squareA;
        private double squareB;
        private double product;

        Window(double[] a, double[] b, int width, int x, int y, int c) {
            this.width = width;
            centre = 3 * (y * width + x) + c;
            double sum = 0;
            for (int k = 0; k < weights.length; k++) {
                double squared = Math.pow(column(k), 2) + Math.pow(row(k), 2);
                weights[k] = Math.exp(-squared / (2 * SIGMA * SIGMA));
                sum += weights[k];
            }
            for (int k = 0; k < weights.length; k++) {
                weights[k] /= sum;
                double p = a[at(k)];
                double q = b[at(k)];
                meanA += weights[k] * p;
                meanB += weights[k] * q;
                squareA += weights[k] * p * p;
                squareB += weights[k] * q * q;
                product += weights[k] * p * q;
            }
        }

        private static int column(int k) {
            return k % (2 * RADIUS + 1) - RADIUS;
        }

        private static int row(int k) {
            return k / (2 * RADIUS + 1) - RADIUS;
        }

        private int at(int k) {
            return centre + 3 * (row(k) * width + column(k));
        }

        private double means() {
            return 2 * meanA * meanB + C1;
        }

        private double covariances() {
            return 2 * (product - meanA * meanB) + C2;
        }

        private double squaredMeans() {
            return meanA * meanA + meanB * meanB + C1;
        }

        private double variances() {
            return squareA - meanA * meanA + squareB - meanB * meanB + C2;
        }

        double similarity() {
            return means() * covariances() / (squaredMeans() * variances());
        }

        /** The chain rule through the three means that the first picture is part of; the quotient by its logarithm. */
        void addGradient(double by, double[] a, double[] b, double[] gradient) {
            double s = similarity();
            double byMean = s
                    * (2 * meanB / means()
                            - 2 * meanB / covariances()
                            - 2 * meanA / squaredMeans()
                            + 2 * meanA / variances());
            double bySquare = -s / variances();
            double byProduct = 2 * s / covariances();
            for (int k = 0; k < weights.length; k++) {
                int i = at(k);
                gradient[i] += by * weights[k] * (byMean + 2 * a[i] * bySquare + b[i] * byProduct);
            }
        }
    }
}
