package io.github.dinosplat.splat.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.vulkan.InstrumentedShaders;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.VulkanTest;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Every shader of a step and of a refinement with the validation layer's checks of addresses compiled into it. Software
 * Vulkan takes two minutes to compile them when its cache is cold, and seconds to run them.
 */
@VulkanTest
class InstrumentedStepTest {

    @Test
    void shadersStayInsideTheirBuffers(@InstrumentedShaders VulkanContext context) {
        RenderOptions render = new RenderOptions(2, Colour.BLACK);
        try (VulkanEngine engine = VulkanEngine.on(context, Optional.empty())) {
            engine.load(TrainingState.start(Clouds.cloud(20)));
            StepOptions options = StepOptions.mcmc(render, LearningRates.defaults(3), 1);
            assertThat(engine.step(Clouds.photos(16, 16).get(0), options)).isBetween(0.0, 1.0);
            assertThat(engine.refine(22, 1)).isEqualTo(22);
            assertThat(engine.state().gaussians().firstUnusable()).isEqualTo(-1);
            engine.load(TrainingState.start(Clouds.cloudWithFeatures(20), 1));
            TrainingView rich = Clouds.withEverything(0, Clouds.photos(16, 16).get(0));
            assertThat(engine.step(rich, Clouds.everything(options))).isBetween(0.0, 2.0);
            assertThat(engine.state().gaussians().firstUnusable()).isEqualTo(-1);
        }
    }
}
