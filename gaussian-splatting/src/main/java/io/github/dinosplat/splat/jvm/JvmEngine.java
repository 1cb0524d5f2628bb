package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.MortonOrder;
import io.github.dinosplat.splat.PoseGradient;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.SplatView;
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
    private final ColourMap colourMap = new ColourMap();
    private final BackgroundGradient background = new BackgroundGradient();
    private final StageTimes times = new StageTimes();
    private @Nullable TrainingState state;
    private PoseGradient poseGradient = PoseGradient.ZERO;

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
    public Rendering render(SplatView view, RenderOptions options) {
        forward(Projection.of(view), options);
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
                Arrays.copyOf(frame.depth, pixels),
                frame.featureChannels,
                features(pixels));
    }

    private float[] features(int pixels) {
        int channels = frame.featureChannels;
        float[] features = new float[channels * pixels];
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < pixels; i++) {
                features[i * channels + c] = frame.features[c * pixels + i];
            }
        }
        return features;
    }

    @Override
    public double step(TrainingView view, StepOptions given) {
        TrainingState current = state();
        LearningRates rates = given.rates();
        boolean learnsBackground = rates.background() > 0;
        StepOptions options = learnsBackground
                ? given.withRender(
                        given.render().withBackground(current.photos().background()))
                : given;
        PriorLoss priors = new PriorLoss(view, options);
        Dropout dropout = new Dropout(options.dropout(), options.seed(), current.iteration());
        Projection projection = Projection.of(placed(view, rates, current), priors.measure(), dropout);
        forward(projection, options.render());
        times.begin();
        double value = lossGradient(view, options, current) + priors.gradient(frame, workers);
        double[] byBackground = learnsBackground ? background.of(frame, workers) : new double[3];
        times.end(StageTimes.LOSS);
        reserveStatistics(options);
        backward(projection, priors.asksForGeometry());
        current.nextIteration();
        times.begin();
        ParameterUpdate update = new ParameterUpdate(current, options, codePath);
        update.run(frame, projection, workers);
        double[] p = update.pose;
        poseGradient = new PoseGradient(p[0], p[1], p[2], p[3], p[4], p[5]);
        if (view.photo().isPresent() && (rates.colours() > 0 || rates.poses() > 0)) {
            PhotoUpdate.photo(current.photos(), view.photo().getAsInt(), colourMap.gradient, poseGradient, rates);
        }
        if (learnsBackground) {
            PhotoUpdate.background(current.photos(), byBackground, current.iteration(), rates.background());
        }
        times.end(StageTimes.UPDATE);
        return value;
    }

    @Override
    public int refine(int target, long seed) {
        load(MortonOrder.sorted(Mcmc.refine(state(), target, seed)));
        return state().gaussians().count();
    }

    /**
     * The gradient of the last step's loss by the pose of its view.
     *
     * @return the gradient before the step; zero if there was none
     */
    public PoseGradient poseGradient() {
        return poseGradient;
    }

    private void reserveStatistics(StepOptions options) {
        frame.absoluteGradients = options.absoluteGradients();
        if (frame.absoluteGradients) {
            frame.reserveAbsoluteSums();
        }
    }

    private static SplatView placed(TrainingView view, LearningRates rates, TrainingState current) {
        if (view.photo().isEmpty() || rates.poses() == 0) {
            return view.view();
        }
        Rigid3 motion = current.photos().motion(view.photo().getAsInt());
        return view.view().withPose(motion.compose(view.view().camFromWorld()));
    }

    private static boolean mapsColours(TrainingView view, StepOptions options) {
        return view.photo().isPresent() && options.rates().colours() > 0;
    }

    private double lossGradient(TrainingView view, StepOptions options, TrainingState current) {
        double value;
        if (mapsColours(view, options)) {
            colourMap.apply(frame, current.photos(), view.photo().getAsInt(), workers);
            value = loss.gradient(frame, colourMap.planes, view, options.ssimWeight(), workers);
            colourMap.back(frame, workers);
            value += colourMap.penalty();
        } else {
            value = loss.gradient(frame, view, options.ssimWeight(), workers);
        }
        return value;
    }

    /** Renders into the frame. */
    void forward(Projection projection, RenderOptions options) {
        TrainingState current = state();
        int n = current.gaussians().count();
        frame.featureChannels = options.features() ? current.gaussians().featureChannels() : 0;
        times.begin();
        new Projector(current.gaussians(), projection, options, frame, workers.threads()).run(workers);
        times.end(StageTimes.PROJECT);
        times.begin();
        depthOrder.run(frame, n, workers);
        times.end(StageTimes.SORT);
        times.begin();
        frame.reservePicture(projection.width, projection.height, projection.tiles());
        tileLists.run(frame, projection, workers);
        times.end(StageTimes.TILES);
        times.begin();
        float[] features = state().gaussians().features();
        workers.forEach(
                projection.tiles(),
                (tile, worker) ->
                        blender.forward(frame, features, projection, tile, options.background(), scratch[worker]));
        times.end(StageTimes.BLEND);
    }

    /** From the frame's gradient planes to the gradients of the hits. */
    void backward(Projection projection, boolean geometryGradients) {
        times.begin();
        float[] features = state().gaussians().features();
        workers.forEach(
                projection.tiles(),
                (tile, worker) ->
                        blender.backward(frame, features, projection, tile, geometryGradients, scratch[worker]));
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
