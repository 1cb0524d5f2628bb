package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.TrainingState;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AdaptiveDensityTest {

    private static final double PULLED = 1e-3;
    private static final double CALM = 5e-4;

    /** Gaussians along x, each seen four times; by index: small pulled, large pulled, large calm, faded pulled. */
    private static TrainingState state() {
        Gaussians g = Gaussians.zeros(4, 3);
        double[] scales = {0.005, 0.1, 0.1, 0.1};
        double[] pulls = {PULLED, 2 * PULLED, CALM, PULLED};
        TrainingState state = TrainingState.start(g);
        for (int i = 0; i < 4; i++) {
            g.means()[3 * i] = i;
            Arrays.fill(g.logScales(), 3 * i, 3 * i + 3, (float) Math.log(scales[i]));
            g.quaternions()[4 * i] = 1;
            g.logitOpacities()[i] = (float) Gaussians.logit(i == 3 ? 0.004 : 0.6);
            state.visibleSteps()[i] = 4;
            state.gradientNormSums()[i] = (float) (4 * pulls[i]);
            state.firstMoments().means()[3 * i] = 1;
        }
        return state;
    }

    @Test
    void doublesSmallOnesSplitsLargeOnesDropsFadedOnes() {
        TrainingState refined = AdaptiveDensity.refine(state(), 100, 7, false);
        Gaussians g = refined.gaussians();
        assertThat(g.count()).isEqualTo(5);
        // The small one and its double.
        assertThat(g.means()[0]).isZero();
        assertThat(g.means()[9]).isZero();
        assertThat(g.logScales()[9]).isEqualTo(g.logScales()[0]).isCloseTo((float) Math.log(0.005), within(1e-6f));
        // The halves of the large one: near it, apart, smaller by 1.6.
        for (int half : new int[] {1, 4}) {
            assertThat(g.means()[3 * half]).isNotEqualTo(1).isCloseTo(1, within(0.5f));
            assertThat(g.logScales()[3 * half]).isCloseTo((float) Math.log(0.1 / 1.6), within(1e-5f));
        }
        assertThat(g.means()[3]).isNotEqualTo(g.means()[12]);
        // The calm one is as it was; the faded one at x = 3 is gone.
        assertThat(g.means()[6]).isEqualTo(2);
        assertThat(g.logScales()[6]).isCloseTo((float) Math.log(0.1), within(1e-6f));
        // Moments stay where a Gaussian stays.
        float[] moments = refined.firstMoments().means();
        assertThat(new float[] {moments[0], moments[3], moments[6], moments[9], moments[12]})
                .containsExactly(1, 0, 1, 0, 0);
        assertThat(refined.visibleSteps()).containsOnly(0);
        assertThat(refined.gradientNormSums()).containsOnly(0);
    }

    @Test
    void theStrongestPullComesFirstWhereThereIsNoRoom() {
        Gaussians g = AdaptiveDensity.refine(state(), 4, 7, false).gaussians();
        assertThat(g.count()).isEqualTo(4);
        // Only the large one was split.
        assertThat(g.logScales()[3]).isEqualTo(g.logScales()[9]).isCloseTo((float) Math.log(0.1 / 1.6), within(1e-5f));
        assertThat(AdaptiveDensity.refine(state(), 2, 7, false).gaussians().count())
                .isEqualTo(3);
    }

    @Test
    void fadingCutsOpacitiesDown() {
        float[] faded =
                AdaptiveDensity.refine(state(), 100, 7, true).gaussians().logitOpacities();
        float[] kept =
                AdaptiveDensity.refine(state(), 100, 7, false).gaussians().logitOpacities();
        for (int i = 0; i < faded.length; i++) {
            assertThat((double) faded[i]).isCloseTo(Gaussians.logit(0.01), within(1e-6));
            assertThat((double) kept[i]).isCloseTo(Gaussians.logit(0.6), within(1e-6));
        }
    }

    @Test
    void nothingPullsMeansNothingChanges() {
        TrainingState calm = state();
        Arrays.fill(calm.gradientNormSums(), 0);
        assertThat(AdaptiveDensity.refine(calm, 100, 7, false).gaussians().means())
                .containsExactly(0, 0, 0, 1, 0, 0, 2, 0, 0);
    }
}
