package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.EngineException;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.SplatView;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.vulkan.ContextOptions;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.VulkanException;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renders and trains Gaussians on a graphics card by Vulkan 1.2 compute shaders. Results are the same bits on every run on
 * one device and driver; they agree with the JVM engine's within float rounding.
 *
 * <p>Steps are handed to the device without waiting for them ({@link #start}); their commands are recorded once and used
 * again. Only when the hits of a view do not fit into their buffers a step is repeated with larger ones, having changed
 * nothing before.
 *
 * <p>Every method may throw {@link EngineException}: the device is gone or its memory did not suffice. Only {@link #close}
 * makes sense afterwards.
 */
public final class VulkanEngine implements SplatEngine {

    /** Part of the device's memory that photos may take. */
    static final double PHOTO_SHARE = 0.25;

    private final Scope scope;
    private final VulkanContext context;
    private final ColourStorage colours;
    private final Frame frame;
    private final Stages stages;
    private final StepQueue queue;
    private final Renderer renderer;
    private final Refinement refinement;
    private @Nullable TrainingState state;
    private @Nullable DeviceState device;
    private boolean deviceIsAhead;

    private VulkanEngine(VulkanContext context, Scope scope, Optional<Long> photoBudget, ColourStorage colours) {
        this.scope = scope;
        this.colours = colours;
        this.context = context;
        long budget = photoBudget.orElse((long) (context.device().memoryBytes() * PHOTO_SHARE));
        frame = scope.add(Frame.open(context));
        stages = scope.add(Stages.open(context, colours, frame));
        queue = scope.add(StepQueue.open(context, frame, stages, budget));
        renderer = scope.add(new Renderer(context, frame, stages));
        refinement = scope.add(new Refinement(context, frame));
    }

    /**
     * Opens an engine on a device.
     *
     * @param options which device, and with what checks
     * @param colours how colours are kept on it
     * @return engine, to be closed by the caller
     * @throws EngineException if there is no such device or it cannot be used; the message says why
     */
    public static VulkanEngine open(ContextOptions options, ColourStorage colours) {
        return guarded(() -> Scope.allOrNothing(
                scope -> new VulkanEngine(scope.add(VulkanContext.open(options)), scope, Optional.empty(), colours)));
    }

    /** An engine on an open context, which is left open. */
    static VulkanEngine on(VulkanContext context, Optional<Long> photoBudget) {
        return on(context, photoBudget, ColourStorage.BITS_32);
    }

    /** The same with colours in other bits. */
    static VulkanEngine on(VulkanContext context, Optional<Long> photoBudget, ColourStorage colours) {
        return guarded(() -> Scope.allOrNothing(scope -> new VulkanEngine(context, scope, photoBudget, colours)));
    }

    @Override
    public String name() {
        return "vulkan";
    }

    @Override
    public String device() {
        return context.device().description();
    }

    @Override
    public void load(TrainingState newState) {
        state = null;
        guarded(() -> {
            queue.settle();
            freeState();
            device = DeviceState.upload(context, colours, newState);
            state = newState;
            return newState;
        });
    }

    @Override
    public TrainingState state() {
        TrainingState current = requireState();
        if (deviceIsAhead) {
            guarded(() -> {
                queue.settle();
                TrainingState host =
                        current.gaussians().count() == deviceState().count()
                                ? current
                                : emptyLike(current, deviceState().count());
                deviceState().download(host);
                state = host;
                return host;
            });
            deviceIsAhead = false;
        }
        return requireState();
    }

    private static TrainingState emptyLike(TrainingState state, int count) {
        Gaussians old = state.gaussians();
        Gaussians gaussians = Gaussians.zeros(count, old.shDegree())
                .withFeatures(old.featureChannels(), new float[count * old.featureChannels()]);
        return new TrainingState(
                gaussians,
                gaussians.zeroMoments(),
                gaussians.zeroMoments(),
                state.iteration(),
                new float[count],
                new int[count],
                state.photos());
    }

    @Override
    public int refine(int target, long seed) {
        TrainingState current = requireState();
        guarded(() -> {
            queue.settle();
            queue.recordings().forget();
            refinement.refine(deviceState(), target, seed, current.iteration());
            return current;
        });
        deviceIsAhead = true;
        return deviceState().count();
    }

    @Override
    public Rendering render(SplatView view, RenderOptions options) {
        requireState();
        return guarded(() -> {
            queue.settle();
            return renderer.render(deviceState(), new StepBlock(view, options, Optional.empty()));
        });
    }

    @Override
    public double step(TrainingView view, StepOptions options) {
        return start(view, options).getAsDouble();
    }

    @Override
    public DoubleSupplier start(TrainingView view, StepOptions options) {
        TrainingState current = requireState();
        requireRoomForWindows(view, options);
        StepTerms terms = StepTerms.of(view, options, current.gaussians().featureChannels());
        long photoStep =
                terms.learnsPhoto() ? ++current.photos().steps()[view.photo().getAsInt()] : 0;
        StepQueue.Request request = new StepQueue.Request(view, options, terms, current.nextIteration(), photoStep);
        deviceIsAhead = true;
        StepQueue.Flight flight = guarded(() -> queue.start(deviceState(), request));
        return () -> guarded(flight::await).loss(flight.block());
    }

    private static void requireRoomForWindows(TrainingView view, StepOptions options) {
        int width = view.view().width();
        int height = view.view().height();
        if (options.ssimWeight() > 0 && Math.min(width, height) < 11) {
            throw new IllegalArgumentException(
                    "a training photo must be at least 11 pixels wide and high for SSIM but was " + width + "x" + height
                            + "; use ssimWeight 0 or a larger photo");
        }
    }

    private TrainingState requireState() {
        if (state == null) {
            throw new IllegalStateException("no state was loaded into the engine");
        }
        return state;
    }

    DeviceState deviceState() {
        if (device == null) {
            throw new IllegalStateException("no state was loaded into the engine");
        }
        return device;
    }

    private void freeState() {
        deviceIsAhead = false;
        queue.drop();
        if (device != null) {
            device.close();
            device = null;
        }
    }

    VulkanContext context() {
        return context;
    }

    Frame frame() {
        return frame;
    }

    Stages stages() {
        return stages;
    }

    StepQueue queue() {
        return queue;
    }

    private static <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (VulkanException e) {
            throw new EngineException("the Vulkan engine cannot go on: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        freeState();
        scope.close();
    }
}
