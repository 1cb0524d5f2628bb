package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.GroupCount;
import io.github.dinosplat.vulkan.Recorder;
import io.github.dinosplat.vulkan.VulkanContext;

/** Records the stages that not every step has: what networks say about the photo, what is learnt besides the Gaussians. */
final class TermStages implements AutoCloseable {

    /** Rows of the status' sums, as in {@code shared/step.glsl}. */
    static final int SHAPE_ROW = 25;

    static final int PATCH_ROW = 26;
    static final int PENALTY_ROW = 27;

    /** Blocks along the picture's longer side, as in {@code shared/blocks.glsl}. */
    private static final int BLOCKS = 3;

    private static final int COLOUR_VALUES = 12;

    private final Frame frame;
    private final TermKernels kernels;

    TermStages(VulkanContext context, Frame frame) {
        this.frame = frame;
        kernels = TermKernels.open(context);
    }

    /** Before the first stage: camera, colour map and background as learnt so far. */
    void place(Recorder recorder, DeviceState state, StepTerms terms) {
        if (terms.learns()) {
            recorder.dispatch(
                    kernels.place,
                    new TermKernels.Place(frame.step, state.photos().values, state.photos().background),
                    GroupCount.of(1));
        }
    }

    /** After the last: what was learnt moves. */
    void learn(Recorder recorder, DeviceState state, StepTerms terms) {
        if (!terms.learns()) {
            return;
        }
        LearntPhotos photos = state.photos();
        recorder.dispatch(
                kernels.learn,
                new TermKernels.Learn(
                        frame.step,
                        frame.status,
                        photos.values,
                        photos.firstMoments,
                        photos.secondMoments,
                        photos.background),
                GroupCount.of(1));
        if (terms.learnsColours()) {
            recorder.dispatch(
                    kernels.centreColours,
                    new TermKernels.CentreColours(frame.status, photos.values, photos.count),
                    GroupCount.of(COLOUR_VALUES));
        }
    }

    /** Adds the gradients of shape and normals to that by the depth plane. */
    void depths(Recorder recorder, StepBlock block, StepTerms terms) {
        if (terms.shape()) {
            shape(recorder, block);
        }
        if (terms.normals()) {
            Frame.PerPixel p = frame.perPixel;
            recorder.dispatch(
                    kernels.normals,
                    new TermKernels.Normals(
                            frame.step,
                            p.photo,
                            p.depth,
                            frame.terms.buffers.predicted,
                            p.depthGradient,
                            p.sums,
                            block.tilesX(),
                            block.tilesY()),
                    GroupCount.of(block.tilesX() * block.tilesY()));
        }
    }

    private void shape(Recorder recorder, StepBlock block) {
        Frame.PerPixel p = frame.perPixel;
        TermMemory.Buffers t = frame.terms.buffers;
        GroupCount slices = GroupCount.of(blocks(block) * TermMemory.SLICES);
        recorder.dispatch(
                kernels.shapeMeans,
                new TermKernels.ShapeMeans(frame.step, p.photo, p.depth, t.predicted, t.means),
                slices);
        recorder.dispatch(
                kernels.shapeSpread,
                new TermKernels.ShapeSpread(frame.step, p.photo, p.depth, t.predicted, t.means, t.spreads),
                slices);
        recorder.dispatch(
                kernels.shapeGradient,
                new TermKernels.ShapeGradient(
                        frame.step, p.photo, p.depth, t.predicted, t.means, t.spreads, p.depthGradient, t.blockTerms),
                slices);
    }

    /** How many blocks the term of shape has. */
    static int blocks(StepBlock block) {
        int width = block.view().width();
        int height = block.view().height();
        int side = (Math.max(width, height) + BLOCKS - 1) / BLOCKS;
        return (width + side - 1) / side * ((height + side - 1) / side);
    }

    /** The gradient by the rendered features. */
    void patches(Recorder recorder, StepTerms terms) {
        DeviceBuffer photo = frame.perPixel.photo;
        TermMemory.Buffers t = frame.terms.buffers;
        if (terms.patches() == 0) {
            recorder.fill(t.featureGradients, 0);
            return;
        }
        GroupCount patches = GroupCount.of(terms.patches());
        recorder.dispatch(
                kernels.patchMeans,
                new TermKernels.PatchMeans(
                        frame.step,
                        photo,
                        t.features,
                        t.units,
                        t.lengths,
                        terms.patchRows(),
                        terms.patchColumns(),
                        terms.channels()),
                patches);
        recorder.dispatch(
                kernels.patches,
                new TermKernels.Patches(
                        frame.step,
                        photo,
                        t.target,
                        t.units,
                        t.lengths,
                        t.featureGradients,
                        t.patchTerms,
                        terms.patchRows(),
                        terms.patchColumns(),
                        terms.channels()),
                patches);
    }

    @Override
    public void close() {
        kernels.close();
    }
}
