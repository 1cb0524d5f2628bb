package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PoseGradient;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.SplatView;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.GroupCount;
import io.github.dinosplat.vulkan.Kernel;
import io.github.dinosplat.vulkan.VulkanContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Looks into the Vulkan engine from tests of other packages: runs its stages one by one and reads what they leave. */
public final class EngineProbe implements AutoCloseable {

    private static final LearningRates STILL = new LearningRates(0, 0, 0, 0, 0, 0, 0, 0);

    private final VulkanContext context;
    private final VulkanEngine engine;
    private Optional<DeviceBuffer> slots = Optional.empty();

    /** A probe with an engine of its own. */
    public EngineProbe(VulkanContext context) {
        this.context = context;
        engine = VulkanEngine.on(context, Optional.empty());
    }

    /** The engine. */
    public VulkanEngine engine() {
        return engine;
    }

    /** Runs the stages up to the picture, with what they leave to be read. */
    public Rendering render(Gaussians gaussians, SplatView view, RenderOptions options) {
        engine.load(TrainingState.start(gaussians));
        Rendering rendering = engine.render(view, options);
        forward(new StepBlock(view, options, Optional.empty()));
        return rendering;
    }

    private void forward(StepBlock block) {
        context.run("forward", recorder -> {
            recorder.update(frame().step, 0, block.encode(device().count()));
            slots = Optional.of(stages().forward(recorder, device(), block));
        });
    }

    /** [N] tiles that each Gaussian met. */
    public int[] hitCounts() {
        return frame().perGaussian.hitCounts.readInts(device().count());
    }

    /** [N, 16] projected Gaussians; those that are not visible are stale. */
    public float[] splats() {
        return frame().perGaussian.splats.readFloats(16 * device().count());
    }

    /** The depth order of the visible Gaussians. */
    public int[] order() {
        // 32 bits are an even number of passes, so the result lies where the input was.
        return frame().perGaussian.byDepth.payloads().readInts(frame().status.readInts(1)[0]);
    }

    /** [tiles, 2] begin and end of each tile's hits. */
    public int[] ranges(int tiles) {
        return frame().perPixel.ranges.readInts(2 * tiles);
    }

    /** [hits] Gaussians by tile, nearest first. */
    public int[] listedGaussians() {
        int hits = frame().status.readInts(3)[2];
        int[] sorted = slots.orElseThrow().readInts(hits);
        int[] gaussians = frame().perHit.slotGaussians.readInts(hits);
        int[] listed = new int[hits];
        for (int i = 0; i < hits; i++) {
            listed[i] = gaussians[sorted[i]];
        }
        return listed;
    }

    /** The parameters' gradients under given gradients of the pictures: ten times the first moments after one step. */
    public Gaussians gradients(
            Gaussians gaussians,
            SplatView view,
            RenderOptions options,
            double[] byRgb,
            double[] byDepth,
            double[] byAlpha,
            double[] byFeatures) {
        render(gaussians, view, options); // so that there is room for all hits
        int pixels = view.width() * view.height();
        StepOptions step = StepOptions.plain(options, STILL);
        TrainingView photo = new TrainingView(view, new Image(view.width(), view.height(), new byte[3 * pixels]));
        StepTerms terms = StepTerms.of(photo, step, gaussians.featureChannels());
        frame().reserveTerms(terms, pixels);
        StepBlock block = new StepQueue.Request(photo, step, terms, 1, 0).block(pixels);
        forward(block);
        float[] gradient = new float[4 * pixels];
        float[] depthGradient = new float[pixels];
        for (int i = 0; i < pixels; i++) {
            for (int c = 0; c < 3; c++) {
                gradient[4 * i + c] = (float) byRgb[3 * i + c];
            }
            gradient[4 * i + 3] = (float) byAlpha[i];
            depthGradient[i] = (float) byDepth[i];
        }
        frame().perPixel.gradient.write(gradient);
        frame().perPixel.depthGradient.write(depthGradient);
        float[] planes = new float[byFeatures.length];
        for (int i = 0; i < planes.length; i++) {
            planes[i % terms.channels() * pixels + i / terms.channels()] = (float) byFeatures[i];
        }
        frame().terms.buffers.featureGradients.write(planes);
        context.run("backward", recorder -> stages().backward(recorder, device(), block, slots.orElseThrow()));
        TrainingState state = TrainingState.start(gaussians.copy());
        device().download(state);
        Gaussians moments = state.firstMoments();
        for (float[] array : new float[][] {
            moments.means(),
            moments.logScales(),
            moments.quaternions(),
            moments.logitOpacities(),
            moments.sh(),
            moments.features()
        }) {
            for (int i = 0; i < array.length; i++) {
                array[i] /= 1 - 0.9f;
            }
        }
        return moments;
    }

    /**
     * The sums of all hits as groups of another size take them, under the gradients that {@link #gradients} was given last: as
     * on devices with subgroups of that size.
     */
    public float[] hitSums(int groupSize, SplatView view) {
        int hits = frame().status.readInts(3)[2];
        Frame.PerHit perHit = frame().perHit;
        Frame.PerPixel pixels = frame().perPixel;
        int tiles = (view.width() + 15) / 16 * ((view.height() + 15) / 16);
        try (Kernel<SplatKernels.BlendBackward> kernel =
                context.kernel(SplatKernels.BlendBackward.SOURCE.with(0, groupSize))) {
            SplatKernels.BlendBackward push = new SplatKernels.BlendBackward(
                    frame().step,
                    frame().perGaussian.splats,
                    pixels.ranges,
                    slots.orElseThrow(),
                    perHit.slotGaussians,
                    pixels.tileEnds,
                    pixels.picture,
                    pixels.depth,
                    pixels.gradient,
                    pixels.depthGradient,
                    perHit.gradients,
                    StepTerms.HIT_VALUES);
            context.run(
                    "hit sums", r -> r.fill(perHit.gradients, 0x7fc00000).dispatch(kernel, push, GroupCount.of(tiles)));
        }
        return perHit.gradients.readFloats(StepTerms.HIT_VALUES * hits);
    }

    /** The gradient by the pose under the gradients that {@link #gradients} was given last. */
    public double[] poseGradient() {
        ByteBuffer status = ByteBuffer.allocateDirect(4 * Frame.STATUS_WORDS).order(ByteOrder.nativeOrder());
        frame().status.read(0, status);
        PoseGradient p = StepOutcome.decode(status.clear()).poseGradient();
        return new double[] {p.vx(), p.vy(), p.vz(), p.wx(), p.wy(), p.wz()};
    }

    private DeviceState device() {
        return engine.deviceState();
    }

    private Stages stages() {
        return engine.stages();
    }

    Frame frame() {
        return engine.frame();
    }

    @Override
    public void close() {
        engine.close();
    }
}
