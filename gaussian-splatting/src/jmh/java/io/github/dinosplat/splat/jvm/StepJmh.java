package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.MortonOrder;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A whole training step, and rendering alone, on a scene given by the system property {@code scene}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class StepJmh {

    /** Long side of the pictures. */
    @Param({"384", "768"})
    public int longSide;

    /** How many Gaussians. */
    @Param({"14000", "30000", "60000"})
    public int gaussians;

    /** How many threads. */
    @Param({"1", "2"})
    public int threads;

    /** Which inner loops. */
    @Param({"VECTOR"})
    public String codePath;

    private JvmEngine engine;
    private List<TrainingView> views;
    private StepOptions options;
    private int next;

    /** Reads the photos and starts the Gaussians on the scene's points. */
    @Setup
    public void start() throws IOException {
        BenchmarkScene scene = BenchmarkScene.start(Path.of(System.getProperty("scene")), longSide, gaussians);
        views = scene.views();
        engine = new JvmEngine(threads, CodePath.valueOf(codePath));
        engine.load(MortonOrder.sorted(TrainingState.start(scene.gaussians())));
        options = StepOptions.mcmc(RenderOptions.defaults(), LearningRates.defaults(scene.extent()), 1);
    }

    /** Ends the engine's threads. */
    @TearDown
    public void end() {
        engine.close();
    }

    /** Rendering, loss, backward, Adam. */
    @Benchmark
    public double step() {
        return engine.step(views.get(next++ % views.size()), options);
    }

    /** Rendering alone. */
    @Benchmark
    public Rendering render() {
        return engine.render(views.get(next++ % views.size()).view(), options.render());
    }
}
