package io.github.dinosplat.aerial.geo;

/** Standard deviations of normally distributed errors by their medians, which outliers hardly change. */
final class NormalErrors {

    /** Median length of a normal vector in one and in two dimensions (Rayleigh distribution), in sigmas. */
    private static final double MEDIAN_1D = 0.6745;

    private static final double MEDIAN_2D = 1.1774;

    private NormalErrors() {}

    /** Sigma of errors along one axis by the median of their sizes. */
    static double sigma1d(double median) {
        return median / MEDIAN_1D;
    }

    /** Sigma along each of two axes by the median length of the errors. */
    static double sigma2d(double median) {
        return median / MEDIAN_2D;
    }
}
