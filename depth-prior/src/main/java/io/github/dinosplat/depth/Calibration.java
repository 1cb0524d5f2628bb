package io.github.dinosplat.depth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Errors at held-out points with the error that was expected there. */
final class Calibration {

    private static final int BINS = 10;

    private double[] expected = new double[64];
    private double[] error = new double[64];
    private int count;

    void add(double expectedError, double relativeError) {
        if (count == expected.length) {
            expected = Arrays.copyOf(expected, 2 * count);
            error = Arrays.copyOf(error, 2 * count);
        }
        expected[count] = expectedError;
        error[count++] = relativeError;
    }

    void add(Calibration other) {
        for (int i = 0; i < other.count; i++) {
            add(other.expected[i], other.error[i]);
        }
    }

    /** Ten parts of as many points each, or one for each point where there are fewer; the least sure first. */
    List<DepthResult.ConfidenceBin> bins() {
        int[] order = IntStream.range(0, count)
                .boxed()
                .sorted((a, b) -> Double.compare(expected[b], expected[a]))
                .mapToInt(i -> i)
                .toArray();
        int bins = Math.min(BINS, count);
        List<DepthResult.ConfidenceBin> result = new ArrayList<>();
        for (int b = 0; b < bins; b++) {
            int from = (int) ((long) count * b / bins);
            int to = (int) ((long) count * (b + 1) / bins);
            double[] errors = new double[to - from];
            double sure = 0;
            double stated = 0;
            double sum = 0;
            for (int i = from; i < to; i++) {
                sure += Confidence.of(expected[order[i]]);
                stated += expected[order[i]];
                errors[i - from] = error[order[i]];
                sum += errors[i - from];
            }
            Arrays.sort(errors);
            int n = errors.length;
            result.add(new DepthResult.ConfidenceBin(n, sure / n, stated / n, sum / n, errors[n / 2]));
        }
        return result;
    }
}
