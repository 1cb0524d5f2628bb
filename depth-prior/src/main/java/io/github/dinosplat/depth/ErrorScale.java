package io.github.dinosplat.depth;

/**
 * By how much the errors that a scene's fields expect have to be multiplied to be right on average: the ratio of sums at
 * points in blocks that neither the head nor the photo's fit has seen. A field's own expectation has the right order but
 * knows nothing of the scene.
 */
final class ErrorScale {

    /** A single error above this says no more than this one. */
    private static final double MOST = 0.5;

    private double actual;
    private double expected;

    void add(double actualError, double expectedError) {
        actual += Math.min(actualError, MOST);
        expected += Math.min(expectedError, MOST);
    }

    void add(ErrorScale other) {
        actual += other.actual;
        expected += other.expected;
    }

    /** The ratio; 1 where nothing is known. */
    double ratio() {
        return actual > 0 && expected > 0 ? actual / expected : 1;
    }
}
