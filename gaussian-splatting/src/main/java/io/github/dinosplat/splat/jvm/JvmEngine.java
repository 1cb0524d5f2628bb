package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Renders and trains Gaussians on the processor. Results are the same bits on every run and for every number of threads.
 *
 * <p>Uses vector instructions where the module {@code jdk.incubator.vector} was added at launch
 * ({@code --add-modules jdk.incubator.vector}), plain Java otherwise; {@link #device} tells which.
 */
public final class JvmEngine implements SplatEngine {

    private final Workers workers;
    private final CodePath codePath;
    private final TileBlender blender;
    private final TileScratch[] scratch;
    private final Frame frame = new Frame();
    private final DepthOrder depthOrder = new DepthOrder();
    private final TileLists tileLists = new TileLists();
    private final PhotometricLoss loss;
    private final StageTimes times = new StageTimes();
    private @Nullable TrainingState state;

    /**
     * An engine.
     *
     * @param threads how many threads work on a step, at least 1; does not change results
     */
    public JvmEngine(int threads) {
        this(threads, CodePath.chosen());
    }

    JvmEngine(int threads, CodePath codePath) {
        this.workers = new Workers(threads);
        this.codePath = codePath;
        this.blender = codePath.blender();
        this.loss = new PhotometricLoss(codePath.ssimRows(), threads);
        this.scratch = new TileScratch[threads];
        Arrays.setAll(scratch, w -> new TileScratch());
    }

    @Override
    public String name() {
        return "jvm";
    }

    @Override
    public String device() {
        return "CPU (" + System.getProperty("os.arch") + ", " + codePath.description() + ")";
    }

    @Override
    public void load(TrainingState newState) {
        state = newState;
    }

    @Override
    public TrainingState state() {
        if (state == null) {
            throw new IllegalStateException("no state was loaded into the engine");
        }
        return state;
    }

    @Override
    public Rendering render(PinholeView view, RenderOptions options) {
        forward(view, options);
        int pixels = view.width() * view.height();
        float[] rgb = new float[3 * pixels];
        for (int i = 0; i < pixels; i++) {
            rgb[3 * i] = frame.red[i];
            rgb[3 * i + 1] = frame.green[i];
            rgb[3 * i + 2] = frame.blue[i];
        }
        return new Rendering(
                view.width(),
                view.height(),
                rgb,
                Arrays.copyOf(frame.alpha, pixels),
                Arrays.copyOf(frame.depth, pixels));
    }

    @Override
    public double step(TrainingView view, StepOptions options) {
        TrainingState current = state();
        Projection projection = forward(view.view(), options.render());
        times.begin();
        double value = loss.gradient(frame, view, options.ssimWeight(), workers);
        times.end(StageTimes.LOSS);
        backward(projection, false);
        current.nextIteration();
        times.begin();
        new ParameterUpdate(current, options, workers.threads()).run(frame, projection, workers);
        times.end(StageTimes.UPDATE);
        return value;
    }

    /** Renders into the frame. */
    Projection forward(PinholeView view, RenderOptions options) {
        TrainingState current = state();
        Projection projection = new Projection(view);
        int n = current.gaussians().count();
        times.begin();
        new Projector(current.gaussians(), projection, options.shDegree(), frame, workers.threads()).run(workers);
        times.end(StageTimes.PROJECT);
        times.begin();
        depthOrder.run(frame, n);
        times.end(StageTimes.SORT);
        times.begin();
        frame.reservePicture(view.width(), view.height(), projection.tiles());
        tileLists.run(frame, n, projection, workers);
        times.end(StageTimes.TILES);
        times.begin();
        workers.forEach(
                projection.tiles(),
                (tile, worker) -> blender.forward(frame, projection, tile, options.background(), scratch[worker]));
        times.end(StageTimes.BLEND);
        return projection;
    }

    /** From the frame's gradient planes to the gradients of the hits. */
    void backward(Projection projection, boolean geometryGradients) {
        times.begin();
        workers.forEach(
                projection.tiles(),
                (tile, worker) -> blender.backward(frame, projection, tile, geometryGradients, scratch[worker]));
        times.end(StageTimes.BLEND_BACKWARD);
    }

    Frame frame() {
        return frame;
    }

    StageTimes times() {
        return times;
    }

    @Override
    public void close() {
        workers.close();
    }
}
