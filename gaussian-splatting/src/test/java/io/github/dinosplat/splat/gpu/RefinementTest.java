package io.github.dinosplat.splat.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.jvm.JvmEngine;
import io.github.dinosplat.vulkan.CheckedWrites;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.VulkanTest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Refinement on the device against the JVM engine's, which has tests of its own ({@code McmcTest}, {@code MortonOrderTest}). */
@VulkanTest
class RefinementTest {

    private static final int CHANNELS = 3;

    /** A state in which every number says where it came from. */
    private static TrainingState state(int count, IntToDoubleFunction opacity) {
        Random random = new Random(count);
        Gaussians g = Gaussians.zeros(count, 3).withFeatures(CHANNELS, new float[CHANNELS * count]);
        TrainingState state = TrainingState.start(g, 2);
        for (int i = 0; i < count; i++) {
            g.logitOpacities()[i] = (float) Gaussians.logit(opacity.applyAsDouble(i));
        }
        float[][] arrays = {
            g.means(),
            g.logScales(),
            g.quaternions(),
            g.sh(),
            g.features(),
            state.firstMoments().means(),
            state.firstMoments().sh(),
            state.firstMoments().logitOpacities(),
            state.secondMoments().logScales(),
            state.secondMoments().quaternions(),
            state.secondMoments().sh()
        };
        for (float[] array : arrays) {
            for (int i = 0; i < array.length; i++) {
                array[i] = (float) random.nextGaussian();
            }
        }
        Arrays.fill(state.visibleSteps(), 3);
        state.nextIteration();
        return state;
    }

    private static TrainingState refined(SplatEngine engine, TrainingState state, int target, long seed) {
        engine.load(state.copy());
        int count = engine.refine(target, seed);
        assertThat(engine.state().gaussians().count()).isEqualTo(count);
        return engine.state();
    }

    private static void assertSame(TrainingState actual, TrainingState expected) {
        assertThat(actual.gaussians().count()).isEqualTo(expected.gaussians().count());
        assertThat(actual.iteration()).isEqualTo(expected.iteration());
        assertThat(actual.photos().count()).isEqualTo(2);
        Gaussians a = actual.gaussians();
        Gaussians e = expected.gaussians();
        assertThat(a.means()).isEqualTo(e.means());
        assertThat(a.quaternions()).isEqualTo(e.quaternions());
        assertThat(a.sh()).isEqualTo(e.sh());
        assertThat(a.features()).isEqualTo(e.features());
        assertThat(a.logScales()).containsExactly(e.logScales(), within(2e-4f));
        assertThat(a.logitOpacities()).containsExactly(e.logitOpacities(), within(2e-4f));
        assertThat(actual.firstMoments().means())
                .isEqualTo(expected.firstMoments().means());
        assertThat(actual.firstMoments().sh()).isEqualTo(expected.firstMoments().sh());
        assertThat(actual.firstMoments().logitOpacities())
                .isEqualTo(expected.firstMoments().logitOpacities());
        assertThat(actual.secondMoments().logScales())
                .isEqualTo(expected.secondMoments().logScales());
        assertThat(actual.secondMoments().quaternions())
                .isEqualTo(expected.secondMoments().quaternions());
        assertThat(actual.secondMoments().sh())
                .isEqualTo(expected.secondMoments().sh());
        assertThat(actual.visibleSteps()).containsOnly(0);
        assertThat(actual.gradientNormSums()).containsOnly(0);
    }

    @Test
    void movesAddsAndSortsAsTheJvmEngineDoes(VulkanContext context) {
        try (SplatEngine vulkan = VulkanEngine.on(context, Optional.empty());
                SplatEngine jvm = new JvmEngine(1)) {
            IntToDoubleFunction mixed = i -> i % 5 == 0 ? 0.004 : 0.01 + 0.97 * (i % 97) / 97;
            for (int count : new int[] {2, 63, 64, 65, 257, 2049}) {
                TrainingState state = state(count, mixed);
                assertSame(refined(vulkan, state, count + count / 16, 5), refined(jvm, state, count + count / 16, 5));
            }
            // Nothing dead and nothing to add: sorted only, moments as they were.
            TrainingState alive = state(300, i -> 0.3);
            TrainingState sorted = refined(vulkan, alive, 300, 5);
            assertSame(sorted, refined(jvm, alive, 300, 5));
            assertThat(sorted.firstMoments().means()).doesNotContain(0);
            // One alive among the dead gets more copies than the rule of scales goes for.
            TrainingState lonely = state(90, i -> i == 17 ? 0.999 : 0.001);
            assertSame(refined(vulkan, lonely, 100, 5), refined(jvm, lonely, 100, 5));
            // Negative control: another seed draws others.
            TrainingState state = state(257, mixed);
            TrainingState other = refined(jvm, state, 270, 6);
            assertThatThrownBy(() -> assertSame(refined(vulkan, state, 270, 5), other))
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void whereNothingLivesNothingGrows(VulkanContext context) {
        try (SplatEngine vulkan = VulkanEngine.on(context, Optional.empty())) {
            assertThat(refined(vulkan, state(70, i -> 0.002), 80, 1).gaussians().count())
                    .isEqualTo(70);
            assertThat(refined(vulkan, state(0, i -> 0), 80, 1).gaussians().count())
                    .isZero();
        }
    }

    /** In a context that compares every buffer around each command. */
    @Test
    void noKernelWritesWhatItDidNotDeclare(@CheckedWrites VulkanContext context) {
        try (SplatEngine vulkan = VulkanEngine.on(context, Optional.empty())) {
            TrainingState state = state(70, i -> i % 3 == 0 ? 0.001 : 0.5);
            assertThat(refined(vulkan, state, 75, 1).gaussians().count()).isEqualTo(75);
        }
    }
}
