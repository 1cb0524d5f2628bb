package io.github.dinosplat.depth;

/** What an expected relative error means as a confidence from 0 to 1. */
final class Confidence {

    /** Expected relative error at which the confidence is one half. */
    static final double HALF = 0.014;

    private Confidence() {}

    static double of(double expectedError) {
        double e = expectedError / HALF;
        return 1 / (1 + e * e);
    }
}
