package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Measures a training step by stage on a scene with known cameras; the command is in the module's README. Prints process
 * CPU time per step, and the stages' wall time, which on one thread of a quiet machine is their CPU time.
 */
final class StepBenchmark {

    private StepBenchmark() {}

    /** Arguments: scene folder, long side in pixels, number of Gaussians, warm-up steps, measured steps, threads, SCALAR, VECTOR or auto. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        int longSide = Integer.parseInt(args[1]);
        int count = Integer.parseInt(args[2]);
        int warmUp = Integer.parseInt(args[3]);
        int steps = Integer.parseInt(args[4]);
        int threads = Integer.parseInt(args[5]);
        BenchmarkScene scene = BenchmarkScene.read(folder, longSide, count);
        List<TrainingView> views = scene.views();
        CodePath codePath = args[6].equals("auto") ? CodePath.chosen() : CodePath.valueOf(args[6]);
        try (JvmEngine engine = new JvmEngine(threads, codePath)) {
            engine.load(TrainingState.start(scene.gaussians()));
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d Gaussians, %dx%d, %d threads%n",
                    engine.device(),
                    count,
                    views.get(0).view().width(),
                    views.get(0).view().height(),
                    threads);
            StepOptions options = StepOptions.mcmc(RenderOptions.defaults(), LearningRates.defaults(scene.extent()), 1);
            double first = run(engine, views, options, 0, 20);
            run(engine, views, options, 20, warmUp - 20);
            engine.times().reset();
            long cpu = cpuNanos();
            long wall = System.nanoTime();
            double last = run(engine, views, options, warmUp, steps);
            System.out.printf(
                    Locale.ROOT,
                    "loss %.4f -> %.4f, %d visible, %d hits, %.1f CPU ms and %.1f ms a step; %s%n",
                    first,
                    last,
                    engine.frame().visible,
                    engine.frame().hits,
                    (cpuNanos() - cpu) / 1e6 / steps,
                    (System.nanoTime() - wall) / 1e6 / steps,
                    engine.times().report(steps));
        }
    }

    private static double run(JvmEngine engine, List<TrainingView> views, StepOptions options, int from, int steps) {
        double sum = 0;
        for (int s = from; s < from + steps; s++) {
            sum += engine.step(views.get(s * 7 % views.size()), options);
        }
        return sum / Math.max(1, steps);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
