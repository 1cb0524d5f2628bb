package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares what two ways of computing gave, when rounding may flip a decision here and there: nearly every value must agree
 * tightly, a counted few may differ, and what has to be zero or not has to be so in both.
 */
final class ParityAssert {

    private final String what;
    private final double tolerance;
    private final double share;

    /**
     * An assertion.
     *
     * @param what name for messages
     * @param tolerance most difference of a value, relative to the root mean square of what is expected
     * @param share most part of the values that may differ by more, by a hundred times the tolerance at most
     */
    ParityAssert(String what, double tolerance, double share) {
        this.what = what;
        this.tolerance = tolerance;
        this.share = share;
    }

    void compare(float[] actual, double[] expected) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double squares = 0;
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as("%s [%d]", what, i).isFinite();
            squares += expected[i] * expected[i];
        }
        double scale = Math.sqrt(squares / Math.max(1, expected.length));
        assertThat(scale).as("%s: size of what is expected", what).isGreaterThan(0);
        int apart = 0;
        int zeros = 0;
        for (int i = 0; i < actual.length; i++) {
            double off = Math.abs(actual[i] - expected[i]) / scale;
            assertThat(off)
                    .as("%s [%d] = %s, expected %s", what, i, actual[i], expected[i])
                    .isLessThan(100 * tolerance);
            apart += off > tolerance ? 1 : 0;
            zeros += actual[i] == 0 && Math.abs(expected[i]) > 100 * tolerance * scale ? 1 : 0;
        }
        assertThat(apart).as("%s: values apart", what).isLessThanOrEqualTo((int) (share * actual.length));
        assertThat(zeros).as("%s: values that are zero and should not be", what).isZero();
    }

    void compare(float[] actual, float[] expected) {
        double[] values = new double[expected.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = expected[i];
        }
        compare(actual, values);
    }
}
