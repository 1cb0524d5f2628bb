package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.gpu.DeviceState.Part;
import io.github.dinosplat.vulkan.BufferRange;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.DeviceCount;
import io.github.dinosplat.vulkan.GroupCount;
import io.github.dinosplat.vulkan.Recorder;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.sort.KeysAndPayloads;

/** Records the stages of a step in their order; see the README of this module for what each does. */
final class Stages implements AutoCloseable {

    private static final int GROUP = 256;
    private static final int GATHERED_BY_GROUP = 16;
    static final int UPDATED_BY_GROUP = 64;
    private static final int DEPTH_BITS = 32;
    private static final int CHANNELS_AT_A_TIME = 4;

    private final Scope scope;
    private final Frame frame;
    private final SplatKernels kernels;
    private final TermStages termStages;

    private Stages(VulkanContext context, ColourStorage colours, Frame frame, Scope scope) {
        this.scope = scope;
        this.frame = frame;
        kernels = scope.add(SplatKernels.open(context, colours));
        termStages = scope.add(new TermStages(context, frame));
    }

    /** Stages that work on a frame. */
    static Stages open(VulkanContext context, ColourStorage colours, Frame frame) {
        return Scope.allOrNothing(scope -> new Stages(context, colours, frame, scope));
    }

    /** A whole training step. */
    void step(Recorder recorder, DeviceState state, StepBlock block) {
        StepTerms terms = terms(block);
        recorder.fill(frame.status, 0);
        recorder.stamp("start");
        termStages.place(recorder, state, terms);
        DeviceBuffer slots = pictures(recorder, state, block);
        loss(recorder, block);
        backward(recorder, state, block, slots);
        termStages.learn(recorder, state, terms);
        recorder.stamp("update");
    }

    private static StepTerms terms(StepBlock block) {
        return block.training().orElseThrow().terms();
    }

    /**
     * From Gaussians to the picture. Of the block only what {@link StepQueue} tells recordings apart by goes into the
     * commands; the rest is read from the frame when they run.
     *
     * @return the slots by tile, nearest first
     */
    DeviceBuffer forward(Recorder recorder, DeviceState state, StepBlock block) {
        recorder.fill(frame.status, 0);
        return pictures(recorder, state, block);
    }

    private DeviceBuffer pictures(Recorder recorder, DeviceState state, StepBlock block) {
        project(recorder, state);
        recorder.stamp("project");
        DeviceBuffer order = sortByDepth(recorder, state.count());
        recorder.stamp("depth sort");
        DeviceBuffer slots = list(recorder, state.count(), block, order);
        recorder.stamp("tile lists");
        Frame.PerHit hits = frame.perHit;
        Frame.PerPixel pixels = frame.perPixel;
        recorder.dispatch(
                kernels.blend,
                new SplatKernels.Blend(
                        frame.step,
                        frame.perGaussian.splats,
                        pixels.ranges,
                        slots,
                        hits.slotGaussians,
                        pixels.picture,
                        pixels.depth,
                        pixels.tileEnds),
                GroupCount.of(tiles(block)));
        if (block.training().isPresent() && terms(block).features()) {
            features(recorder, state, block, slots, frame.terms.buffers.features);
        }
        recorder.stamp("blend");
        return slots;
    }

    /** The planes of the features, after {@link #forward}. */
    void features(Recorder recorder, DeviceState state, StepBlock block, DeviceBuffer slots, DeviceBuffer plane) {
        for (int first = 0; first < state.featureChannels; first += CHANNELS_AT_A_TIME) {
            recorder.dispatch(
                    kernels.blendFeatures,
                    new SplatKernels.BlendFeatures(
                            frame.step,
                            frame.perGaussian.splats,
                            state.get(Part.FEATURES),
                            frame.perPixel.ranges,
                            slots,
                            frame.perHit.slotGaussians,
                            frame.perPixel.tileEnds,
                            plane,
                            state.featureChannels,
                            first),
                    GroupCount.of(tiles(block)));
        }
    }

    private void project(Recorder recorder, DeviceState state) {
        Frame.PerGaussian g = frame.perGaussian;
        recorder.dispatch(
                kernels.project,
                new SplatKernels.Project(
                        frame.step,
                        state.get(Part.SHAPES),
                        state.get(Part.SH),
                        g.splats,
                        g.hitCounts,
                        g.visible,
                        state.count(),
                        state.stride()),
                GroupCount.forItems(state.count(), GROUP));
    }

    /** From the depths of the visible Gaussians to their order, and to each one's first slot among the hits. */
    private DeviceBuffer sortByDepth(Recorder recorder, int count) {
        Frame.PerGaussian g = frame.perGaussian;
        GroupCount groups = GroupCount.forItems(count, GROUP);
        DeviceCount all = DeviceCount.at(frame.step, StepBlock.GAUSSIANS_WORD);
        BufferRange total = frame.total.range(0, 4);
        g.scan.record(recorder, g.visible, g.places, total, all);
        recorder.dispatch(
                kernels.compact,
                new SplatKernels.Compact(
                        g.hitCounts, g.places, g.splats, g.byDepth.keys(), g.byDepth.payloads(), frame.status, count),
                groups);
        DeviceCount visible = DeviceCount.at(frame.status, Frame.VISIBLE_WORD);
        DeviceBuffer order = g.depthSort
                .record(recorder, g.byDepth, g.otherByDepth, visible, DEPTH_BITS)
                .payloads();
        recorder.dispatch(
                kernels.orderedCounts,
                new SplatKernels.OrderedCounts(g.hitCounts, order, g.ordered, frame.status, count),
                groups);
        g.scan.record(recorder, g.ordered, g.starts, total, all);
        recorder.dispatch(
                kernels.hitBudget,
                new SplatKernels.HitBudget(frame.total, frame.status, frame.stalled, frame.hitRoom()),
                GroupCount.of(1));
        return order;
    }

    /** From the order to the list of every tile. */
    private DeviceBuffer list(Recorder recorder, int count, StepBlock block, DeviceBuffer order) {
        Frame.PerGaussian g = frame.perGaussian;
        Frame.PerHit hits = frame.perHit;
        Frame.PerPixel pixels = frame.perPixel;
        int room = frame.hitRoom();
        recorder.dispatch(
                kernels.emit,
                new SplatKernels.Emit(
                        g.splats,
                        g.hitCounts,
                        order,
                        g.starts,
                        g.firstSlots,
                        hits.byTile.keys(),
                        hits.byTile.payloads(),
                        hits.slotGaussians,
                        hits.gradients,
                        frame.status,
                        block.tilesX(),
                        block.tilesY(),
                        count,
                        room,
                        block.training().isPresent() ? terms(block).hitValues() : StepTerms.HIT_VALUES),
                GroupCount.forItems(count, GROUP));
        DeviceCount listed = DeviceCount.at(frame.status, Frame.HITS_WORD);
        int bits = 32 - Integer.numberOfLeadingZeros(tiles(block)); // one tile more, for what lies nowhere
        KeysAndPayloads sorted = hits.tileSort.record(recorder, hits.byTile, hits.otherByTile, listed, bits);
        recorder.fill(pixels.ranges, 0);
        recorder.dispatch(
                kernels.tileRanges,
                new SplatKernels.TileRanges(sorted.keys(), pixels.ranges, frame.status, tiles(block), room),
                GroupCount.forItems(room, GROUP));
        return sorted.payloads();
    }

    /** From picture and photo to the loss and its gradient by the picture. */
    void loss(Recorder recorder, StepBlock block) {
        Frame.PerPixel pixels = frame.perPixel;
        GroupCount squares = GroupCount.of(tiles(block));
        boolean similarity = block.bySimilarity() != 0;
        StepTerms terms = terms(block);
        if (similarity) {
            recorder.dispatch(
                    kernels.ssim,
                    new SplatKernels.Ssim(
                            frame.step,
                            pixels.picture,
                            pixels.photo,
                            pixels.derivatives,
                            pixels.sums,
                            block.tilesX(),
                            block.tilesY()),
                    squares);
        }
        recorder.dispatch(
                kernels.lossGradient,
                new SplatKernels.LossGradient(
                        frame.step,
                        pixels.picture,
                        pixels.photo,
                        pixels.derivatives,
                        pixels.gradient,
                        pixels.depthGradient,
                        pixels.depth,
                        pixels.depthTarget,
                        pixels.sums,
                        block.tilesX(),
                        block.tilesY(),
                        terms.learnsColours() ? 1 : 0,
                        terms.learnsBackground() ? 1 : 0),
                squares);
        termStages.depths(recorder, block, terms);
        if (terms.features()) {
            termStages.patches(recorder, terms);
        }
        total(recorder, pixels.sums, tiles(block), 0, rows(terms, similarity), Frame.SUMS);
        if (terms.shape()) {
            total(recorder, frame.terms.buffers.blockTerms, TermStages.blocks(block), TermStages.SHAPE_ROW, 1, 1);
        }
        if (terms.patches() > 0) {
            total(recorder, frame.terms.buffers.patchTerms, terms.patches(), TermStages.PATCH_ROW, 1, 1);
        }
        recorder.stamp("loss");
    }

    /** A bit for each row of sums by squares that the step fills. */
    private static int rows(StepTerms terms, boolean similarity) {
        return 1
                | (similarity ? 1 << 1 : 0)
                | (terms.knownDepths() ? 1 << 2 : 0)
                | (terms.learnsColours() ? 0xfff << 3 : 0)
                | (terms.learnsBackground() ? 0x7 << 15 : 0)
                | (terms.normals() ? 1 << 18 : 0);
    }

    /** Adds up rows of sums into the status. */
    private void total(Recorder recorder, DeviceBuffer sums, int groups, int first, int rows, int count) {
        recorder.dispatch(
                kernels.totals, new SplatKernels.Totals(sums, frame.status, groups, first, rows), GroupCount.of(count));
    }

    /** From the gradient by the picture to the moved Gaussians. */
    void backward(Recorder recorder, DeviceState state, StepBlock block, DeviceBuffer slots) {
        Frame.PerGaussian g = frame.perGaussian;
        StepTerms terms = terms(block);
        if (terms.features()) {
            blendBackwardFeatures(recorder, state, block, slots);
        } else {
            blendBackward(recorder, block, slots);
        }
        recorder.stamp("blend backward");
        recorder.dispatch(
                kernels.gather,
                new SplatKernels.Gather(
                        g.hitCounts,
                        g.firstSlots,
                        frame.perHit.gradients,
                        g.gradients,
                        frame.status,
                        state.count(),
                        terms.hitValues()),
                GroupCount.forItems(state.count(), GATHERED_BY_GROUP));
        recorder.stamp("gather");
        recorder.dispatch(
                kernels.update,
                new SplatKernels.Update(
                        frame.step,
                        state.get(Part.SHAPES),
                        state.get(Part.SH),
                        state.get(Part.FIRST_SHAPES),
                        state.get(Part.FIRST_SH),
                        state.get(Part.SECOND_SHAPES),
                        state.get(Part.SECOND_SH),
                        g.splats,
                        g.hitCounts,
                        g.gradients,
                        state.get(Part.GRADIENT_NORM_SUMS),
                        state.get(Part.VISIBLE_STEPS),
                        g.poseSums,
                        frame.status,
                        state.count(),
                        state.stride(),
                        terms.hitValues(),
                        terms.absolute() ? 1 : 0),
                GroupCount.forItems(state.count(), UPDATED_BY_GROUP));
        if (terms.features()) {
            updateFeatures(recorder, state, terms);
        }
        int groups = (state.count() + UPDATED_BY_GROUP - 1) / UPDATED_BY_GROUP;
        total(recorder, g.poseSums, groups, Frame.SUMS, (1 << Frame.POSE_SUMS) - 1, Frame.POSE_SUMS);
    }

    private void blendBackward(Recorder recorder, StepBlock block, DeviceBuffer slots) {
        Frame.PerPixel pixels = frame.perPixel;
        StepTerms terms = terms(block);
        recorder.dispatch(
                kernels.blendBackward(terms.absolute()),
                new SplatKernels.BlendBackward(
                        frame.step,
                        frame.perGaussian.splats,
                        pixels.ranges,
                        slots,
                        frame.perHit.slotGaussians,
                        pixels.tileEnds,
                        pixels.picture,
                        pixels.depth,
                        pixels.gradient,
                        pixels.depthGradient,
                        frame.perHit.gradients,
                        terms.hitValues()),
                GroupCount.of(tiles(block)));
    }

    private void blendBackwardFeatures(Recorder recorder, DeviceState state, StepBlock block, DeviceBuffer slots) {
        Frame.PerPixel pixels = frame.perPixel;
        StepTerms terms = terms(block);
        recorder.dispatch(
                kernels.blendBackwardFeatures(terms.absolute(), terms.channels()),
                new SplatKernels.BlendBackwardFeatures(
                        frame.step,
                        frame.perGaussian.splats,
                        pixels.ranges,
                        slots,
                        frame.perHit.slotGaussians,
                        pixels.tileEnds,
                        pixels.picture,
                        pixels.depth,
                        pixels.gradient,
                        pixels.depthGradient,
                        frame.perHit.gradients,
                        state.get(Part.FEATURES),
                        frame.terms.buffers.features,
                        frame.terms.buffers.featureGradients,
                        terms.hitValues(),
                        terms.channels()),
                GroupCount.of(tiles(block)));
    }

    private void updateFeatures(Recorder recorder, DeviceState state, StepTerms terms) {
        recorder.dispatch(
                kernels.updateFeatures,
                new SplatKernels.UpdateFeatures(
                        frame.step,
                        state.get(Part.FEATURES),
                        state.get(Part.FIRST_FEATURES),
                        state.get(Part.SECOND_FEATURES),
                        frame.perGaussian.gradients,
                        frame.status,
                        state.count(),
                        terms.channels(),
                        terms.hitValues()),
                GroupCount.forItems((long) state.count() * terms.channels(), GROUP));
    }

    private static int tiles(StepBlock block) {
        return block.tilesX() * block.tilesY();
    }

    @Override
    public void close() {
        scope.close();
    }
}
