package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.MortonOrder;
import io.github.dinosplat.splat.gpu.DeviceState.Part;
import io.github.dinosplat.splat.jvm.Mcmc;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.DeviceCount;
import io.github.dinosplat.vulkan.GroupCount;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.VulkanContext;

/**
 * Refinement by 3DGS-MCMC and the Morton order, on the device and by the very rules of the JVM engine ({@link Mcmc},
 * {@link MortonOrder}). Uses the memory that steps use between them; the host waits, since it has to make room.
 */
final class Refinement implements AutoCloseable {

    private static final int GROUP = 256;
    private static final int SUMS_BLOCK = 2048;
    private static final int SUMS = 6;

    private final Scope scope = new Scope();
    private final VulkanContext context;
    private final Frame frame;
    private final RefinementKernels kernels;

    Refinement(VulkanContext context, Frame frame) {
        this.context = context;
        this.frame = frame;
        kernels = scope.add(RefinementKernels.open(context));
    }

    /**
     * Moves the dead onto the living, adds copies, and sorts.
     *
     * @param state what to refine; afterwards in Morton order, with statistics that start anew
     * @param target least number of Gaussians afterwards, where any live one exists
     * @param seed seed of the draws
     * @param iteration steps done so far
     */
    void refine(DeviceState state, int target, long seed, long iteration) {
        int before = state.count();
        frame.reserveGaussians(Math.max(before, target));
        int dead = weigh(state);
        int weights = frame.total.readInts(1)[0];
        int after = weights == 0 ? before : Math.max(before, target);
        int draws = weights == 0 ? 0 : dead + after - before;
        if (draws > 0) {
            relocate(state, draws, dead, weights, Mcmc.seedOfDraws(seed), iteration);
        }
        sort(state, after);
        state.rebuild(after, (part, from, to, width) -> {
            RefinementKernels.Gather push =
                    new RefinementKernels.Gather(from, to, order(), origins(), after, width, part.isMoments() ? 1 : 0);
            context.run(
                    "gather", r -> r.dispatch(kernels.gather, push, GroupCount.forItems((long) after * width, GROUP)));
        });
    }

    /** Finds the dead and the weights of the living; leaves their sum in the frame, and says how many are dead. */
    private int weigh(DeviceState state) {
        Frame.PerGaussian g = frame.perGaussian;
        int count = state.count();
        DeviceBuffer number = frame.status;
        DeviceCount all = DeviceCount.at(frame.step, StepBlock.GAUSSIANS_WORD);
        GroupCount groups = GroupCount.forItems(count, GROUP);
        context.run(
                "weigh",
                r -> r.fill(frame.step.range(4L * StepBlock.GAUSSIANS_WORD, 4), count)
                        .dispatch(
                                kernels.weigh,
                                new RefinementKernels.Weigh(
                                        state.logits(), g.visible, g.hitCounts, count, Mcmc.unit(count)),
                                groups));
        context.run("find the dead", r -> {
            g.scan.record(r, g.visible, g.places, frame.total.range(0, 4), all);
            g.scan.record(r, g.hitCounts, g.starts, number.range(0, 4), all);
            r.dispatch(
                    kernels.bury,
                    new RefinementKernels.Bury(g.hitCounts, g.starts, g.ordered, origins(), count),
                    groups);
        });
        return number.readInts(1)[0];
    }

    private void relocate(DeviceState state, int draws, int dead, int weights, long seed, long iteration) {
        Frame.PerGaussian g = frame.perGaussian;
        GroupCount groups = GroupCount.forItems(draws, GROUP);
        DeviceBuffer sources = g.otherByDepth.keys();
        context.run(
                "relocate",
                r -> r.dispatch(
                                kernels.draw,
                                new RefinementKernels.Draw(
                                        g.places,
                                        g.ordered,
                                        sources,
                                        origins(),
                                        state.count(),
                                        draws,
                                        dead,
                                        weights,
                                        (int) seed,
                                        (int) (seed >>> 32),
                                        (int) iteration),
                                groups)
                        .dispatch(
                                kernels.split,
                                new RefinementKernels.Split(
                                        state.get(Part.SHAPES), sources, origins(), draws, state.stride()),
                                groups));
    }

    /** Leaves the order in the frame. */
    private void sort(DeviceState state, int count) {
        Frame.PerGaussian g = frame.perGaussian;
        DeviceBuffer means = state.get(Part.SHAPES);
        int blocks = (count + SUMS_BLOCK - 1) / SUMS_BLOCK;
        // The sums of hits have ten words a Gaussian: enough for six a block.
        DeviceBuffer sums = g.gradients;
        context.run(
                "Morton sums",
                r -> r.dispatch(
                        kernels.mortonSums,
                        new RefinementKernels.MortonSums(means, origins(), sums, count),
                        GroupCount.of(blocks)));
        MortonOrder.Grid grid = grid(sums.readFloats(SUMS * blocks), count);
        RefinementKernels.MortonKeys push = new RefinementKernels.MortonKeys(
                means,
                origins(),
                g.byDepth.keys(),
                order(),
                count,
                (float) grid.low()[0],
                (float) grid.low()[1],
                (float) grid.low()[2],
                (float) grid.perUnit()[0],
                (float) grid.perUnit()[1],
                (float) grid.perUnit()[2]);
        context.run("Morton order", r -> {
            r.fill(frame.step.range(4L * StepBlock.GAUSSIANS_WORD, 4), count);
            r.dispatch(kernels.mortonKeys, push, GroupCount.forItems(count, GROUP));
            DeviceCount all = DeviceCount.at(frame.step, StepBlock.GAUSSIANS_WORD);
            g.depthSort.record(r, g.byDepth, g.otherByDepth, all, MortonOrder.KEY_BITS);
        });
    }

    private static MortonOrder.Grid grid(float[] blockSums, int count) {
        double[] sums = new double[3];
        double[] squares = new double[3];
        for (int k = 0; k < blockSums.length; k++) {
            double[] to = k % SUMS < 3 ? sums : squares;
            to[k % 3] += blockSums[k];
        }
        return MortonOrder.Grid.of(sums, squares, count);
    }

    /** [count] from which Gaussian each one is made, with a bit for fresh moments. */
    private DeviceBuffer origins() {
        return frame.perGaussian.firstSlots;
    }

    /** [count] the order; its 30 bits are an even number of passes, so it lies where the sort began. */
    private DeviceBuffer order() {
        return frame.perGaussian.byDepth.payloads();
    }

    @Override
    public void close() {
        scope.close();
    }
}
