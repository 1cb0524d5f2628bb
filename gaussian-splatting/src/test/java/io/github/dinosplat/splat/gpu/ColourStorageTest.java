package io.github.dinosplat.splat.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.VulkanTest;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Colours in 16 bits against colours in 32. */
@VulkanTest
class ColourStorageTest {

    private static final RenderOptions RENDER = new RenderOptions(3, new Colour(0.2f, 0.1f, 0.4f));

    private static VulkanEngine engine(VulkanContext context, ColourStorage colours) {
        return VulkanEngine.on(context, Optional.empty(), colours);
    }

    private static void steps(VulkanEngine engine, int count, StepOptions options) {
        for (int s = 0; s < count; s++) {
            engine.step(Clouds.PHOTOS.get(s % 4), options);
        }
    }

    @Test
    void aStepDiffersByRoundingOnly(VulkanContext context) {
        StepOptions options = StepOptions.plain(RENDER, LearningRates.defaults(3));
        try (VulkanEngine half = engine(context, ColourStorage.BITS_16);
                VulkanEngine full = engine(context, ColourStorage.BITS_32)) {
            half.load(TrainingState.start(Clouds.cloud(130)));
            TrainingState start = half.state().copy(); // rounded to what halves can be
            full.load(start.copy());
            steps(half, 1, options);
            steps(full, 1, options);
            TrainingState a = half.state();
            TrainingState e = full.state();
            assertThat(a.gaussians().means()).containsExactly(e.gaussians().means(), within(1e-6f));
            int moved = 0;
            int apart = 0;
            for (int k = 0; k < e.gaussians().sh().length; k++) {
                moved += e.firstMoments().sh()[k] == 0 ? 0 : 1;
                boolean near = near(a.gaussians().sh()[k], e.gaussians().sh()[k], 0x1p-10f)
                        && near(a.firstMoments().sh()[k], e.firstMoments().sh()[k], 0x1p-7f)
                        && near(a.secondMoments().sh()[k], e.secondMoments().sh()[k], 0x1p-7f);
                apart += near ? 0 : 1;
            }
            // Where a gradient is little but rounding, the two kernels may differ by more.
            assertThat(apart).as("of %d", moved).isLessThan(moved / 50);
            assertThat(moved).isGreaterThan(1000);
        }
    }

    private static boolean near(float actual, float expected, float part) {
        return Math.abs(actual - expected) <= Math.abs(expected) * part + 1e-12f;
    }

    /** Steps of a twentieth of the last bit: by rounding to the nearest nothing would ever move. */
    @Test
    void stepsBelowTheLastBitAreNotLost(VulkanContext context) {
        LearningRates slow = new LearningRates(0, 0, 0, 0, 1e-5, 1e-5, 0, 0);
        StepOptions options = StepOptions.plain(RENDER, slow);
        try (VulkanEngine half = engine(context, ColourStorage.BITS_16);
                VulkanEngine full = engine(context, ColourStorage.BITS_32)) {
            half.load(TrainingState.start(Clouds.cloud(200)));
            TrainingState start = half.state().copy();
            full.load(start.copy());
            steps(half, 24, options);
            steps(full, 24, options);
            double along = 0;
            double square = 0;
            for (int k = 0; k < start.gaussians().sh().length; k++) {
                double way =
                        full.state().gaussians().sh()[k] - start.gaussians().sh()[k];
                double taken =
                        half.state().gaussians().sh()[k] - start.gaussians().sh()[k];
                along += way * taken;
                square += way * way;
            }
            assertThat(square).isPositive();
            assertThat(along / square).as("part of the way that was taken").isBetween(0.85, 1.15);
        }
    }

    @Test
    void picturesStayTheSameAndSoDoBitsAfterAStop(VulkanContext context) {
        StepOptions options = StepOptions.mcmc(RENDER, LearningRates.defaults(3), 11);
        try (VulkanEngine half = engine(context, ColourStorage.BITS_16);
                VulkanEngine full = engine(context, ColourStorage.BITS_32)) {
            half.load(TrainingState.start(Clouds.cloud(200)));
            full.load(TrainingState.start(Clouds.cloud(200)));
            steps(half, 8, options);
            TrainingState halfWay = half.state().copy();
            steps(half, 16, options);
            half.refine(210, 3);
            steps(half, 4, options);
            float[] expected = half.state().gaussians().sh().clone();
            float[] rgb = half.render(Clouds.PHOTOS.get(0).view(), RENDER).rgb();
            steps(full, 24, options);
            full.refine(210, 3);
            steps(full, 4, options);
            float[] exact = full.render(Clouds.PHOTOS.get(0).view(), RENDER).rgb();
            double sum = 0;
            for (int i = 0; i < rgb.length; i++) {
                sum += Math.abs(rgb[i] - exact[i]);
            }
            assertThat(sum / rgb.length).as("mean difference of the pictures").isLessThan(0.003);
            half.load(halfWay);
            steps(half, 16, options);
            half.refine(210, 3);
            steps(half, 4, options);
            Gaussians again = half.state().gaussians();
            assertThat(again.sh()).isEqualTo(expected);
        }
    }
}
