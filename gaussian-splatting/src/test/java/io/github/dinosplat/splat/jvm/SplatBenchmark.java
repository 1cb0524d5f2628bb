package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.MortonOrder;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints the tables of the module's README: time of a training step, where it goes against the arithmetic limit, how it
 * grows, and memory. The command is in the README. Arguments: a folder with a COLMAP model and {@code images/}, then any
 * of {@code steps}, {@code profile}, {@code scaling}, {@code memory}; all of them without.
 *
 * <p>Steps are whole: rendering, full loss, backward, Adam with penalties and noise, colours of degree 3. CPU time is the
 * process's, so the collector and the compiler count. On a machine with other work wall times say little: what two threads
 * gain then shows in the share of the calling thread, which waits for the other at every stage.
 */
final class SplatBenchmark {

    private static final int WARM_UP = 60;

    private final Path folder;

    private SplatBenchmark(Path folder) {
        this.folder = folder;
    }

    /** See the class. */
    public static void main(String[] args) throws IOException {
        SplatBenchmark benchmark = new SplatBenchmark(Path.of(args[0]));
        List<String> tables = args.length > 1
                ? Arrays.asList(args).subList(1, args.length)
                : List.of("steps", "profile", "scaling", "memory");
        print(
                "Java %s, %s, %d processors",
                Runtime.version(),
                CodePath.chosen().description(),
                Runtime.getRuntime().availableProcessors());
        for (String table : tables) {
            switch (table) {
                case "steps" -> benchmark.steps();
                case "profile" -> benchmark.profile();
                case "scaling" -> benchmark.scaling();
                case "memory" -> benchmark.memory();
                default -> throw new IllegalArgumentException("no table " + table);
            }
        }
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    /** A step's CPU time, that of the calling thread alone, and the median and shortest wall time. */
    private record Timing(
            double cpuMillis, double callerMillis, double medianMillis, double shortestMillis, JvmEngine engine) {}

    private Timing time(JvmEngine engine, int longSide, int gaussians, int steps) throws IOException {
        BenchmarkScene scene = BenchmarkScene.start(folder, longSide, gaussians);
        List<TrainingView> views = scene.views();
        engine.load(MortonOrder.sorted(TrainingState.start(scene.gaussians())));
        StepOptions options = StepOptions.mcmc(RenderOptions.defaults(), LearningRates.defaults(scene.extent()), 1);
        for (int s = 0; s < WARM_UP; s++) {
            engine.step(views.get(s * 7 % views.size()), options);
        }
        engine.times().reset();
        double[] wall = new double[steps];
        long cpu = cpuNanos();
        long caller = threadNanos();
        for (int s = 0; s < steps; s++) {
            long start = System.nanoTime();
            engine.step(views.get(s * 7 % views.size()), options);
            wall[s] = (System.nanoTime() - start) / 1e6;
        }
        double cpuMillis = (cpuNanos() - cpu) / 1e6 / steps;
        double callerMillis = (threadNanos() - caller) / 1e6 / steps;
        Arrays.sort(wall);
        return new Timing(cpuMillis, callerMillis, wall[steps / 2], wall[0], engine);
    }

    private void steps() throws IOException {
        print(
                "%n| picture | Gaussians | threads | CPU ms a step | of it in the calling thread | wall ms, median | shortest |");
        print("|---|---|---|---|---|---|---|");
        for (int longSide : new int[] {384, 768}) {
            for (int gaussians : new int[] {14_000, 30_000, 60_000}) {
                for (int threads : new int[] {1, 2}) {
                    try (JvmEngine engine = new JvmEngine(threads)) {
                        Timing t = time(engine, longSide, gaussians, 40);
                        print(
                                "| %dx%d | %d | %d | %.1f | %.1f | %.1f | %.1f |",
                                engine.frame().width,
                                engine.frame().height,
                                gaussians,
                                threads,
                                t.cpuMillis,
                                t.callerMillis,
                                t.medianMillis,
                                t.shortestMillis);
                    }
                }
            }
        }
    }

    /** Stages with counted arithmetic on one thread; the thread's own CPU time, so that other load shows little. */
    private void profile() throws IOException {
        double peak = ArithmeticPeak.gigaflops();
        print("%nPeak of a fused multiply-add loop on one thread: %.1f GFLOP/s", peak);
        for (int[] size : new int[][] {{384, 30_000}, {768, 30_000}, {768, 100_000}}) {
            try (JvmEngine engine = new JvmEngine(1)) {
                time(engine, size[0], size[1], 40);
                engine.times().reset();
                Timing t = time(engine, size[0], size[1], 40);
                print(
                        "%n%dx%d, %d Gaussians, %d hits; stages in ms of wall a step: %s; %.1f CPU ms a step",
                        engine.frame().width,
                        engine.frame().height,
                        size[1],
                        engine.frame().hits,
                        engine.times().report(40),
                        t.cpuMillis);
                blending(engine, size[0], peak);
            }
        }
    }

    private void blending(JvmEngine engine, int longSide, double peak) throws IOException {
        TrainingView view = BenchmarkScene.start(folder, longSide, 1).views().get(4);
        Projection projection = Projection.of(view.view());
        engine.forward(projection, RenderOptions.defaults());
        Frame frame = engine.frame();
        long blocks = 0;
        for (int hit = 0; hit < frame.hits; hit++) {
            blocks += Integer.bitCount(frame.touched[hit] & 0xffff);
        }
        double forward = Double.MAX_VALUE;
        double backward = Double.MAX_VALUE;
        float[] features = new float[0];
        TileBlender blender = CodePath.chosen().blender();
        TileScratch scratch = new TileScratch();
        for (int run = 0; run < 30; run++) {
            long start = threadNanos();
            for (int tile = 0; tile < projection.tiles(); tile++) {
                blender.forward(
                        frame,
                        features,
                        projection,
                        tile,
                        RenderOptions.defaults().background(),
                        scratch);
            }
            long middle = threadNanos();
            for (int tile = 0; tile < projection.tiles(); tile++) {
                blender.backward(frame, features, projection, tile, false, scratch);
            }
            forward = Math.min(forward, (middle - start) / 1e6);
            backward = Math.min(backward, (threadNanos() - middle) / 1e6);
        }
        double forwardFlop = blocks * (double) TileScratch.BLOCK_PIXELS * TileBlender.FORWARD_FLOP;
        double backwardFlop = blocks * (double) TileScratch.BLOCK_PIXELS * TileBlender.BACKWARD_FLOP;
        print(
                "blend: %.1f blocks a hit; forward %.1f CPU ms, %.1f GFLOP/s; backward %.1f CPU ms, %.1f GFLOP/s;"
                        + " both %.0f %% of the peak",
                (double) blocks / frame.hits,
                forward,
                forwardFlop / forward / 1e6,
                backward,
                backwardFlop / backward / 1e6,
                100 * (forwardFlop + backwardFlop) / (forward + backward) / 1e6 / peak);
    }

    private void scaling() throws IOException {
        print("%n| picture | Gaussians | CPU ms a step | hits | heap in use, MB |");
        print("|---|---|---|---|---|");
        for (int gaussians : new int[] {10_000, 30_000, 100_000, 300_000, 1_000_000}) {
            scalingRow(768, gaussians);
        }
        for (int longSide : new int[] {384, 768, 1248, 1732}) {
            scalingRow(longSide, 60_000);
        }
    }

    private void scalingRow(int longSide, int gaussians) throws IOException {
        try (JvmEngine engine = new JvmEngine(2)) {
            int steps = gaussians > 200_000 ? 10 : 20;
            Timing t = time(engine, longSide, gaussians, steps);
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            print(
                    "| %dx%d | %d | %.1f | %d | %d |",
                    engine.frame().width,
                    engine.frame().height,
                    gaussians,
                    t.cpuMillis,
                    engine.frame().hits,
                    (runtime.totalMemory() - runtime.freeMemory()) >> 20);
        }
    }

    /** What the arrays hold, counted from the arrays themselves. */
    private void memory() throws IOException {
        int n = 200_000;
        try (JvmEngine engine = new JvmEngine(1)) {
            BenchmarkScene scene = BenchmarkScene.start(folder, 768, n);
            engine.load(TrainingState.start(scene.gaussians()));
            TrainingView view = scene.views().get(0);
            engine.step(view, StepOptions.plain(RenderOptions.defaults(), LearningRates.defaults(1)));
            TrainingState state = engine.state();
            long persistent = 4L * (state.gradientNormSums().length + state.visibleSteps().length);
            for (Gaussians g : List.of(state.gaussians(), state.firstMoments(), state.secondMoments())) {
                persistent += 4L
                        * (g.means().length
                                + g.logScales().length
                                + g.quaternions().length
                                + g.logitOpacities().length
                                + g.sh().length);
            }
            print("%npersistent state: %d bytes a Gaussian", persistent / n);
            long[] parts = engine.frame().bytes();
            Frame frame = engine.frame();
            print(
                    "working buffers: %d bytes a Gaussian, %d a hit, %d a pixel (without the loss)",
                    parts[0] / n, parts[1] / frame.listGaussian.length, parts[2] / ((long) frame.width * frame.height));
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long threadNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
