package io.github.dinosplat.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.scene.Progress;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CalibrationTest {

    @Test
    void theErrorsOfPointsAreAskedForInTheOrderOfTheirConfidence() {
        Calibration calibration = new Calibration();
        Calibration rest = new Calibration();
        for (int i = 0; i < 205; i++) {
            int k = i * 64 % 205;
            (i < 100 ? calibration : rest).add(k / 205.0, 1.5 * k / 205.0);
        }
        calibration.add(rest);
        List<DepthResult.ConfidenceBin> bins = calibration.bins();
        assertThat(bins).hasSize(10);
        assertThat(bins.stream().mapToInt(DepthResult.ConfidenceBin::observations))
                .hasSize(10)
                .allMatch(n -> n == 20 || n == 21);
        for (int b = 0; b < 10; b++) {
            assertThat(bins.get(b).expectedError()).isEqualTo((9 - b + 0.5) / 10, within(0.01));
            assertThat(bins.get(b).meanError()).isEqualTo(1.5 * bins.get(b).expectedError(), within(1e-9));
            assertThat(bins.get(b).medianError()).isEqualTo(bins.get(b).meanError(), within(0.01));
        }
        assertThat(bins.stream()
                        .mapToDouble(DepthResult.ConfidenceBin::confidence)
                        .toArray())
                .isSorted();
        assertThat(new Calibration().bins()).isEmpty();
        Calibration one = new Calibration();
        one.add(Confidence.HALF, 0.1);
        assertThat(one.bins()).containsExactly(new DepthResult.ConfidenceBin(1, 0.5, Confidence.HALF, 0.1, 0.1));
    }

    @Test
    void expectedErrorsAreScaledToTheActualOnes() {
        ErrorScale scale = new ErrorScale();
        assertThat(scale.ratio()).isEqualTo(1);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 20_000; i++) {
            double expected = random.nextDouble(0.01, 0.1);
            ErrorScale point = new ErrorScale();
            // Uniform, so half of the greatest on average.
            point.add(0.6 * expected * random.nextDouble(), expected);
            scale.add(point);
        }
        assertThat(scale.ratio()).isEqualTo(0.3, within(0.005));
    }

    @Test
    void confidenceThatSaysNothingShowsNoTrend() {
        SplittableRandom random = new SplittableRandom(1);
        Calibration calibration = new Calibration();
        for (int i = 0; i < 20_000; i++) {
            calibration.add(random.nextDouble(), random.nextDouble());
        }
        assertThat(calibration.bins())
                .allSatisfy(bin -> assertThat(bin.meanError()).isEqualTo(0.5, within(0.03)));
    }

    @Test
    void surePointsOfAnEstimateAreBetterThanUnsureOnes() throws IOException {
        DepthResult result = DepthPrior.estimate(
                TwoPlanes.scene(5, 700, 2),
                TwoPlanes.photos(),
                DenseFeatures.handCrafted(),
                new DepthOptions(160, 20, 2, 0),
                (view, map) -> {},
                Progress.NONE);
        DepthResult.HeldOut blocks = result.blocks().orElseThrow();
        List<DepthResult.ConfidenceBin> bins = blocks.calibration();
        assertThat(bins.stream()
                        .mapToInt(DepthResult.ConfidenceBin::observations)
                        .sum())
                .isEqualTo(blocks.observations());
        double unsure =
                (bins.get(0).meanError() + bins.get(1).meanError() + bins.get(2).meanError()) / 3;
        double sure =
                (bins.get(7).meanError() + bins.get(8).meanError() + bins.get(9).meanError()) / 3;
        assertThat(sure).isLessThan(0.5 * unsure);
        double expected = 0;
        double actual = 0;
        for (DepthResult.ConfidenceBin bin : bins) {
            expected += bin.expectedError();
            actual += bin.meanError();
        }
        assertThat(expected / actual).isBetween(0.6, 1.6);
    }
}
