package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NeighbourDistancesTest {

    @Test
    void agreesWithBruteForceOnUnevenPoints() {
        Random random = new Random(3);
        for (int n : new int[] {0, 1, 2, 3, 4, 9, 17, 500}) {
            double[] p = new double[3 * n];
            for (int i = 0; i < p.length; i++) {
                // Clusters, lines of equal values, and exact duplicates.
                p[i] = i % 5 == 0 ? 1 : Math.pow(10, random.nextInt(4)) * random.nextInt(7) + random.nextDouble();
            }
            for (int i = 0; i + 12 <= p.length && n > 9; i += 60) {
                System.arraycopy(p, i, p, i + 9, 3);
            }
            double[] means = NeighbourDistances.meanOfThree(p);
            for (int i = 0; i < n; i++) {
                double[] d = new double[n];
                for (int j = 0; j < n; j++) {
                    d[j] = i == j
                            ? Double.MAX_VALUE
                            : Math.sqrt(square(p[3 * i] - p[3 * j])
                                    + square(p[3 * i + 1] - p[3 * j + 1])
                                    + square(p[3 * i + 2] - p[3 * j + 2]));
                }
                Arrays.sort(d);
                int most = Math.min(3, n - 1);
                double expected = Arrays.stream(d, 0, most).average().orElse(0);
                assertThat(means[i]).isCloseTo(expected, within(1e-9));
            }
        }
    }

    private static double square(double v) {
        return v * v;
    }
}
