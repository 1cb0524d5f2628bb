package io.github.dinosplat.splat.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.vulkan.ContextOptions;
import io.github.dinosplat.vulkan.ResidentMemory;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.VulkanTestDevice;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That long trainings do not grow: steps, refinements, photos that have no room on the device, pictures, states. */
@Tag("acceptance")
class EngineEnduranceTest {

    private static final int STEPS = 100_000;
    private static final int REFINED_EVERY = 100;
    private static final int GAUSSIANS = 50;
    /** A tile each, since software devices take a while. */
    private static final List<TrainingView> PHOTOS = Clouds.photos(16, 16);

    private static final long ALLOWED_GROWTH = 32L << 20;

    @Test
    void neitherMemoryNorHandlesGrowOverAHundredThousandSteps() throws IOException {
        Assumptions.assumeTrue(VulkanTestDevice.absence().isEmpty(), VulkanTestDevice::absence);
        StepOptions options = StepOptions.mcmc(new RenderOptions(1, Colour.BLACK), LearningRates.defaults(3), 11);
        try (VulkanContext context = VulkanContext.open(ContextOptions.defaults());
                VulkanEngine engine = VulkanEngine.on(context, Optional.of(0L))) {
            engine.load(TrainingState.start(Clouds.cloud(GAUSSIANS)));
            Map<String, Integer> handles = Map.of();
            long memory = 0;
            for (int step = 1; step <= STEPS; step++) {
                engine.start(PHOTOS.get(step % 4), options);
                if (step % REFINED_EVERY == 0) {
                    assertThat(engine.refine(GAUSSIANS, step)).isEqualTo(GAUSSIANS);
                }
                if (step % 500 == 0) {
                    engine.render(PHOTOS.get(0).view(), options.render());
                    assertThat(engine.state().gaussians().firstUnusable()).isEqualTo(-1);
                }
                if (step == STEPS / 10) {
                    handles = context.openHandles();
                    memory = ResidentMemory.bytes();
                }
            }
            assertThat(engine.state().iteration()).isEqualTo(STEPS);
            assertThat(context.openHandles()).isEqualTo(handles);
            long growth = ResidentMemory.bytes() - memory;
            System.Logger log = System.getLogger(EngineEnduranceTest.class.getName());
            log.log(System.Logger.Level.INFO, () -> STEPS + " steps: memory grew by " + (growth >> 10) + " KiB");
            assertThat(growth).as("growth of resident memory").isLessThan(ALLOWED_GROWTH);
        }
    }
}
