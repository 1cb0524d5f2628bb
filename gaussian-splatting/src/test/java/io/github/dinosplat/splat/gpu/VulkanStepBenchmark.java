package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.splat.jvm.BenchmarkScene;
import io.github.dinosplat.vulkan.ContextOptions;
import io.github.dinosplat.vulkan.DeviceSelector;
import io.github.dinosplat.vulkan.Timing;
import io.github.dinosplat.vulkan.VulkanContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Measures a training step by stage on a Vulkan device, by the device's own clock, beside the cost model; the command is in
 * the module's README.
 */
final class VulkanStepBenchmark {

    private VulkanStepBenchmark() {}

    /**
     * Arguments: scene folder or {@code random}, long side in pixels, number of Gaussians, warm-up steps, measured steps,
     * device or {@code best}; for the model the device's GB/s and TFLOP/s; {@code 16} for colours in 16 bits, else {@code 32};
     * {@code plain}, or {@code everything} for a step with every stage there is.
     */
    public static void main(String[] args) throws IOException {
        int longSide = Integer.parseInt(args[1]);
        int count = Integer.parseInt(args[2]);
        int warmUp = Integer.parseInt(args[3]);
        int steps = Integer.parseInt(args[4]);
        BenchmarkScene scene = args[0].equals("random")
                ? BenchmarkScene.random(longSide, count)
                : BenchmarkScene.read(Path.of(args[0]), longSide, count);
        DeviceSelector selector = args[5].equals("best") ? DeviceSelector.best() : DeviceSelector.parse(args[5]);
        ColourStorage colours = args[8].equals("16") ? ColourStorage.BITS_16 : ColourStorage.BITS_32;
        boolean everything = args[9].equals("everything");
        StepOptions plain = StepOptions.mcmc(RenderOptions.defaults(), LearningRates.defaults(scene.extent()), 1);
        StepOptions options = everything ? Clouds.everything(plain) : plain;
        List<TrainingView> views = everything ? rich(scene.views()) : scene.views();
        CostModel.Terms terms = everything ? new CostModel.Terms(true, Clouds.CHANNELS) : CostModel.Terms.NONE;
        try (VulkanContext context =
                        VulkanContext.open(ContextOptions.defaults().withDevice(selector));
                VulkanEngine engine = VulkanEngine.on(context, Optional.empty(), colours)) {
            engine.load(TrainingState.start(
                    everything ? Clouds.withFeatures(scene.gaussians()) : scene.gaussians(), views.size()));
            run(engine, views, options, 0, warmUp, new TreeMap<>());
            Map<String, Long> stages = new TreeMap<>();
            long cpu = cpuNanos();
            long wall = System.nanoTime();
            double loss = run(engine, views, options, warmUp, steps, stages);
            wall = System.nanoTime() - wall;
            cpu = cpuNanos() - cpu;
            int[] status = engine.frame().status.readInts(3);
            TrainingView view = scene.views().get(0);
            int pixels = view.view().width() * view.view().height();
            System.out.printf(
                    Locale.ROOT,
                    "%s%n%d Gaussians, %d visible, %d hits, %dx%d, loss %.4f: %.2f ms and %.2f CPU ms a step%n",
                    engine.device(),
                    count,
                    status[0],
                    status[2],
                    view.view().width(),
                    view.view().height(),
                    loss,
                    wall / 1e6 / steps,
                    cpu / 1e6 / steps);
            new CostModel(colours, count, status[0], status[2], pixels, terms)
                    .print(Double.parseDouble(args[6]), Double.parseDouble(args[7]), stages, steps);
        }
    }

    private static List<TrainingView> rich(List<TrainingView> views) {
        return IntStream.range(0, views.size())
                .mapToObj(k -> Clouds.withEverything(k, views.get(k)))
                .toList();
    }

    private static double run(
            VulkanEngine engine,
            List<TrainingView> views,
            StepOptions options,
            int from,
            int steps,
            Map<String, Long> stages) {
        double sum = 0;
        for (int s = from; s < from + steps; s++) {
            sum += engine.step(views.get(s * 7 % views.size()), options);
            for (Timing timing : engine.queue().timings()) {
                stages.merge(timing.label(), timing.nanos(), Long::sum);
            }
        }
        return sum / Math.max(1, steps);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
