package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.TrainingState;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class McmcTest {

    private static TrainingState state(double... opacities) {
        int n = opacities.length;
        Gaussians g = Gaussians.zeros(n, 3);
        for (int i = 0; i < n; i++) {
            g.means()[3 * i] = i;
            g.quaternions()[4 * i] = 1;
            g.logitOpacities()[i] = (float) Gaussians.logit(opacities[i]);
        }
        Arrays.fill(g.logScales(), -3);
        TrainingState state = TrainingState.start(g);
        Arrays.fill(state.firstMoments().means(), 1);
        Arrays.fill(state.secondMoments().sh(), 1);
        Arrays.fill(state.visibleSteps(), 5);
        return state;
    }

    /** Blended opacity of some equal Gaussians at one place, at a distance in units of the old scale. */
    private static double blended(double opacity, double scale, int copies, double distance) {
        double alpha = opacity * Math.exp(-0.5 * distance * distance / (scale * scale));
        return 1 - Math.pow(1 - alpha, copies);
    }

    @Test
    void copiesLookLikeTheOneTheyReplace() {
        for (double opacity : new double[] {0.01, 0.3, 0.9, 0.999}) {
            for (int copies : new int[] {1, 2, 3, 10, 51}) {
                double each = Mcmc.opacityOfCopy(opacity, copies);
                double scale = Mcmc.scaleOfCopy(opacity, copies);
                assertThat(blended(each, scale, copies, 0)).isCloseTo(opacity, within(1e-9));
                double before = 0;
                double after = 0;
                for (double d = -12; d <= 12; d += 0.01) {
                    before += blended(opacity, 1, 1, d);
                    after += blended(each, scale, copies, d);
                }
                assertThat(after / before).isCloseTo(1, within(1e-3));
                if (copies == 10 && opacity > 0.5) {
                    // Negative control: with the old scale the picture would change.
                    double unscaled = 0;
                    for (double d = -12; d <= 12; d += 0.01) {
                        unscaled += blended(each, 1, copies, d);
                    }
                    assertThat(unscaled / before).isGreaterThan(1.1);
                }
            }
        }
    }

    /**
     * Growth is hardly seen: the paper's rule keeps the centre and the integral along a line, and the profile to 5 %,
     * whereas plain copies change the picture by a third.
     */
    @Test
    void renderedOpacityStaysTheSame() {
        Gaussians before = Gaussians.zeros(12, 0);
        for (int i = 0; i < 12; i++) {
            before.means()[3 * i] = i % 4 - 1.5f;
            before.means()[3 * i + 1] = i / 4 - 1f;
            before.means()[3 * i + 2] = 5;
            before.quaternions()[4 * i] = 1;
            before.logitOpacities()[i] = i % 3 - 1;
        }
        Arrays.fill(before.logScales(), -1.5f);
        int[] twice = new int[24];
        Arrays.setAll(twice, i -> i % 12);
        float[] alpha = alpha(before.copy());
        float[] refined =
                alpha(Mcmc.refine(TrainingState.start(before.copy()), 24, 3).gaussians());
        float[] copied = alpha(before.select(twice));
        assertThat(difference(alpha, refined)).isLessThan(0.06);
        assertThat(difference(alpha, copied)).isGreaterThan(0.3);
    }

    private static float[] alpha(Gaussians gaussians) {
        PinholeView view = new PinholeView(60, 60, 32, 24, 64, 48, Rigid3.IDENTITY);
        try (JvmEngine engine = new JvmEngine(1)) {
            engine.load(TrainingState.start(gaussians));
            return engine.render(view, RenderOptions.defaults()).alpha();
        }
    }

    /** Mean absolute difference relative to the mean of the first. */
    private static double difference(float[] a, float[] b) {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
            total += a[i];
        }
        return sum / total;
    }

    @Test
    void movesTheDeadOntoTheLiving() {
        TrainingState refined = Mcmc.refine(state(0.5, 0.004, 0.8, 0.001, 0.6), 0, 9);
        Gaussians g = refined.gaussians();
        assertThat(g.count()).isEqualTo(5);
        for (int moved : new int[] {1, 3}) {
            assertThat(g.means()[3 * moved]).isIn(0f, 2f, 4f);
            assertThat(Mcmc.opacity(g.logitOpacities()[moved])).isGreaterThan(Mcmc.DEAD_OPACITY);
            int source = (int) g.means()[3 * moved];
            assertThat(g.logitOpacities()[moved]).isEqualTo(g.logitOpacities()[source]);
            assertThat(g.logScales()[3 * moved]).isEqualTo(g.logScales()[3 * source]);
            assertThat(refined.firstMoments().means()[3 * moved]).isZero();
            assertThat(refined.firstMoments().means()[3 * source]).isZero();
            assertThat(refined.secondMoments().sh()[48 * moved + 5]).isZero();
        }
        assertThat(refined.visibleSteps()).containsOnly(0);
    }

    @Test
    void growsToTheTargetAndKeepsUntouchedMoments() {
        TrainingState refined = Mcmc.refine(state(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5), 12, 9);
        assertThat(refined.gaussians().count()).isEqualTo(12);
        assertThat(refined.visibleSteps()).hasSize(12);
        int zero = 0;
        for (int i = 0; i < 12; i++) {
            zero += refined.firstMoments().means()[3 * i] == 0 ? 1 : 0;
        }
        assertThat(zero).isEqualTo(4);
        assertThat(refined.gaussians().firstUnusable()).isEqualTo(-1);
    }

    @Test
    void drawsByOpacityAndTheSameWayEveryTime() {
        double[] opacities = new double[100];
        Arrays.fill(opacities, 0.1);
        Arrays.fill(opacities, 0, 50, 0.9);
        Gaussians a = Mcmc.refine(state(opacities), 1100, 4).gaussians();
        Gaussians b = Mcmc.refine(state(opacities), 1100, 4).gaussians();
        assertThat(Arrays.equals(a.means(), b.means())).isTrue();
        Gaussians few = Mcmc.refine(state(opacities), 107, 4).gaussians();
        Gaussians others = Mcmc.refine(state(opacities), 107, 5).gaussians();
        assertThat(Arrays.equals(few.means(), others.means())).isFalse();
        int opaque = 0;
        for (int i = 100; i < 1100; i++) {
            opaque += a.means()[3 * i] < 50 ? 1 : 0;
        }
        assertThat(opaque).isBetween(895, 905);
    }

    @Test
    void survivesWhereNothingLives() {
        assertThat(Mcmc.refine(state(0.001, 0.002), 5, 1).gaussians().count()).isEqualTo(2);
        assertThat(Mcmc.refine(TrainingState.start(Gaussians.zeros(0, 3)), 5, 1)
                        .gaussians()
                        .count())
                .isZero();
    }
}
