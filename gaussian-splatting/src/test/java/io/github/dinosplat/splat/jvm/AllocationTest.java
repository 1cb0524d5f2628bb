package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Once the compiler has stepped in, a step makes a handful of objects and nothing for each Gaussian, hit or pixel. */
class AllocationTest {

    /** Vectors that the compiler boxes in one loop alone come to megabytes a step here. */
    private static final long MOST_BYTES = 64 << 10;

    private static final int BATCH = 10;

    /** The compiler needs some hundred steps; on a busy machine its threads may lag behind. */
    private static final int MOST_BATCHES = 120;

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void aStepInTheLoopMakesNoGarbage(CodePath path) {
        PinholeView view = RandomScene.view(160, 120);
        Gaussians gaussians = RandomScene.gaussians(5, 3000, view, 4);
        TrainingView photo = new TrainingView(view, new Image(160, 120, new byte[3 * 160 * 120]));
        StepOptions options = StepOptions.mcmc(RenderOptions.defaults(), LearningRates.defaults(1), 1);
        try (JvmEngine engine = new JvmEngine(1, path)) {
            engine.load(TrainingState.start(gaussians));
            long first = bytes(() -> engine.step(photo, options));
            long least = Long.MAX_VALUE;
            for (int batch = 0; batch < MOST_BATCHES && least > MOST_BYTES; batch++) {
                least = Math.min(
                        least,
                        bytes(() -> {
                                    for (int s = 0; s < BATCH; s++) {
                                        engine.step(photo, options);
                                    }
                                })
                                / BATCH);
            }
            assertThat(least).isLessThanOrEqualTo(MOST_BYTES);
            // The measurement sees what is allocated: the first step made the buffers.
            assertThat(first).isGreaterThan(20 * MOST_BYTES);
            assertThat(engine.frame().hits).isGreaterThan(5000);
        }
    }

    private static long bytes(Runnable work) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(id);
        work.run();
        return threads.getThreadAllocatedBytes(id) - before;
    }
}
