package io.github.dinosplat.splat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MortonOrderTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 1000})
    void everyIndexComesOnce(int count) {
        int[] order = MortonOrder.of(random(count));
        assertThat(IntStream.of(order).sorted().toArray())
                .isEqualTo(IntStream.range(0, count).toArray());
    }

    @Test
    void neighboursInMemoryAreNeighboursInSpace() {
        Gaussians before = random(4000);
        // One far away, as the sky is, does not coarsen the rest.
        before.means()[3] = 400;
        double sorted = meanStep(before.select(MortonOrder.of(before)));
        assertThat(sorted).isLessThan(meanStep(before) / 2.5);
    }

    @Test
    void coordinatesThatAreNoNumbersStayIn() {
        Gaussians gaussians = random(10);
        gaussians.means()[5] = Float.NaN;
        gaussians.means()[9] = Float.POSITIVE_INFINITY;
        assertThat(MortonOrder.of(gaussians)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void aStateMovesAsAWhole() {
        TrainingState state = TrainingState.start(random(50));
        for (int i = 0; i < 50; i++) {
            state.gaussians().logitOpacities()[i] = i;
            state.firstMoments().means()[3 * i + 1] = i;
            state.secondMoments().sh()[48 * i + 7] = i;
            state.gradientNormSums()[i] = i;
            state.visibleSteps()[i] = i;
        }
        state.nextIteration();
        TrainingState sorted = MortonOrder.sorted(state);
        assertThat(sorted.iteration()).isEqualTo(1);
        int moved = 0;
        for (int i = 0; i < 50; i++) {
            int from = sorted.visibleSteps()[i];
            moved += from == i ? 0 : 1;
            assertThat(sorted.gaussians().logitOpacities()[i]).isEqualTo(from);
            assertThat(sorted.gaussians().means()[3 * i])
                    .isEqualTo(state.gaussians().means()[3 * from]);
            assertThat(sorted.firstMoments().means()[3 * i + 1]).isEqualTo(from);
            assertThat(sorted.secondMoments().sh()[48 * i + 7]).isEqualTo(from);
            assertThat(sorted.gradientNormSums()[i]).isEqualTo(from);
        }
        assertThat(moved).isGreaterThan(30);
    }

    private static Gaussians random(int count) {
        Random random = new Random(count);
        Gaussians gaussians = Gaussians.zeros(count, 0);
        for (int k = 0; k < 3 * count; k++) {
            gaussians.means()[k] = (float) random.nextGaussian();
        }
        return gaussians;
    }

    private static double meanStep(Gaussians g) {
        double sum = 0;
        for (int i = 1; i < g.count(); i++) {
            double square = 0;
            for (int k = 0; k < 3; k++) {
                double d = g.means()[3 * i + k] - g.means()[3 * i + k - 3];
                square += d * d;
            }
            sum += Math.sqrt(square);
        }
        return sum / g.count();
    }
}
