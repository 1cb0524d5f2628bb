package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

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
        Scene scene = ColmapModel.read(folder);
        List<TrainingView> views = new ArrayList<>();
        for (View view : scene.views()) {
            Image photo = ImageFiles.read(folder.resolve("images").resolve(view.name()))
                    .fitted(longSide);
            Camera camera = scene.cameraOf(view).resized(photo.width(), photo.height());
            views.add(new TrainingView(PinholeView.of(camera, view.camFromWorld()), photo));
        }
        CodePath codePath = args[6].equals("auto") ? CodePath.chosen() : CodePath.valueOf(args[6]);
        try (JvmEngine engine = new JvmEngine(threads, codePath)) {
            engine.load(TrainingState.start(gaussians(scene, count)));
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d Gaussians, %dx%d, %d threads%n",
                    engine.device(),
                    count,
                    views.get(0).view().width(),
                    views.get(0).view().height(),
                    threads);
            StepOptions options = StepOptions.mcmc(RenderOptions.defaults(), LearningRates.defaults(extent(scene)), 1);
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

    private static double extent(Scene scene) {
        double extent = 0;
        for (View a : scene.views()) {
            extent = Math.max(
                    extent,
                    a.camFromWorld()
                            .targetOriginInSource()
                            .distance(scene.views().get(0).camFromWorld().targetOriginInSource()));
        }
        return extent;
    }

    /** Gaussians on the scene's points, and on jittered copies of them up to the count. */
    private static Gaussians gaussians(Scene scene, int count) {
        int points = scene.points().count();
        double[] spacing = new double[points];
        for (int p = 0; p < points; p++) {
            double[] nearest = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
            for (int o = 0; o < points; o++) {
                double d = 0;
                for (int k = 0; k < 3; k++) {
                    double e = scene.points().coordinate(p, k) - scene.points().coordinate(o, k);
                    d += e * e;
                }
                if (o != p && d < nearest[2]) {
                    nearest[2] = d;
                    Arrays.sort(nearest);
                }
            }
            spacing[p] =
                    Math.max(1e-4, Math.sqrt(Arrays.stream(nearest).average().orElse(0)));
        }
        Random random = new Random(1);
        Gaussians g = Gaussians.zeros(count, 3);
        double shrink = Math.cbrt((double) points / Math.max(points, count));
        for (int i = 0; i < count; i++) {
            int p = i < points ? i : random.nextInt(points);
            for (int k = 0; k < 3; k++) {
                double jitter = i < points ? 0 : 0.7 * random.nextGaussian() * spacing[p];
                g.means()[3 * i + k] = (float) (scene.points().coordinate(p, k) + jitter);
                g.logScales()[3 * i + k] = (float) Math.log(0.5 * spacing[p] * shrink);
                g.sh()[48 * i + k] = (scene.points().colour(p, k) / 255f - 0.5f) / SphericalHarmonics.C0;
            }
            g.quaternions()[4 * i] = 1;
        }
        return g;
    }
}
