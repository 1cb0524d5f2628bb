package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.Kernel;
import io.github.dinosplat.vulkan.KernelSource;
import io.github.dinosplat.vulkan.Reads;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.Updates;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.Writes;
import java.util.HashMap;
import java.util.Map;

/** The kernels of the splat stages, each with the record of its push constants; see {@code src/main/shaders/splat}. */
final class SplatKernels implements AutoCloseable {

    /** Splats that a group of the backward blend works on, if subgroups are not larger: one subgroup needs no waiting. */
    private static final int LEAST_BATCH = 32;

    record Project(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer shapes,
            @Reads DeviceBuffer sh,
            @Writes DeviceBuffer splats,
            @Writes DeviceBuffer hitCounts,
            @Writes DeviceBuffer visible,
            int count,
            int stride) {
        static final KernelSource<Project> SOURCE = KernelSource.of("splat/project", Project.class);
        static final KernelSource<Project> SH16 = KernelSource.of("splat/project_sh16", Project.class);
    }

    record Compact(
            @Reads DeviceBuffer hitCounts,
            @Reads DeviceBuffer places,
            @Reads DeviceBuffer splats,
            @Writes DeviceBuffer keys,
            @Writes DeviceBuffer order,
            @Updates DeviceBuffer status,
            int count) {
        static final KernelSource<Compact> SOURCE = KernelSource.of("splat/compact", Compact.class);
    }

    record OrderedCounts(
            @Reads DeviceBuffer hitCounts,
            @Reads DeviceBuffer order,
            @Writes DeviceBuffer ordered,
            @Reads DeviceBuffer status,
            int count) {
        static final KernelSource<OrderedCounts> SOURCE = KernelSource.of("splat/ordered_counts", OrderedCounts.class);
    }

    record HitBudget(
            @Reads DeviceBuffer total,
            @Updates DeviceBuffer status,
            @Updates DeviceBuffer stalled,
            int capacity) {
        static final KernelSource<HitBudget> SOURCE = KernelSource.of("splat/hit_budget", HitBudget.class);
    }

    record Emit(
            @Reads DeviceBuffer splats,
            @Reads DeviceBuffer hitCounts,
            @Reads DeviceBuffer order,
            @Reads DeviceBuffer starts,
            @Writes DeviceBuffer firstSlots,
            @Writes DeviceBuffer slotTiles,
            @Writes DeviceBuffer slots,
            @Writes DeviceBuffer slotGaussians,
            @Updates DeviceBuffer hitGradients,
            @Updates DeviceBuffer status,
            int tilesX,
            int tilesY,
            int count,
            int capacity,
            int values) {
        static final KernelSource<Emit> SOURCE = KernelSource.of("splat/emit", Emit.class);
    }

    record TileRanges(
            @Reads DeviceBuffer tiles,
            @Updates DeviceBuffer ranges,
            @Reads DeviceBuffer status,
            int tileCount,
            int capacity) {
        static final KernelSource<TileRanges> SOURCE = KernelSource.of("splat/tile_ranges", TileRanges.class);
    }

    record Blend(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer splats,
            @Reads DeviceBuffer ranges,
            @Reads DeviceBuffer slots,
            @Reads DeviceBuffer slotGaussians,
            @Writes DeviceBuffer picture,
            @Writes DeviceBuffer depth,
            @Writes DeviceBuffer tileEnds) {
        static final KernelSource<Blend> SOURCE = KernelSource.of("splat/blend", Blend.class);
    }

    record BlendFeatures(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer splats,
            @Reads DeviceBuffer features,
            @Reads DeviceBuffer ranges,
            @Reads DeviceBuffer slots,
            @Reads DeviceBuffer slotGaussians,
            @Reads DeviceBuffer tileEnds,
            @Writes DeviceBuffer plane,
            int channels,
            int first) {
        static final KernelSource<BlendFeatures> SOURCE = KernelSource.of("splat/blend_features", BlendFeatures.class);
    }

    record Ssim(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer picture,
            @Reads DeviceBuffer photo,
            @Writes DeviceBuffer derivatives,
            @Updates DeviceBuffer sums,
            int groupsX,
            int groupsY) {
        static final KernelSource<Ssim> SOURCE = KernelSource.of("splat/ssim", Ssim.class);
    }

    record LossGradient(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer picture,
            @Reads DeviceBuffer photo,
            @Reads DeviceBuffer derivatives,
            @Writes DeviceBuffer gradient,
            @Writes DeviceBuffer depthGradient,
            @Reads DeviceBuffer depth,
            @Reads DeviceBuffer depthTarget,
            @Updates DeviceBuffer sums,
            int groupsX,
            int groupsY,
            int mapsColours,
            int background) {
        static final KernelSource<LossGradient> SOURCE = KernelSource.of("splat/loss_gradient", LossGradient.class);
    }

    record Totals(@Reads DeviceBuffer sums, @Updates DeviceBuffer status, int groups, int first, int rows) {
        static final KernelSource<Totals> SOURCE = KernelSource.of("splat/totals", Totals.class);
    }

    record BlendBackward(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer splats,
            @Reads DeviceBuffer ranges,
            @Reads DeviceBuffer slots,
            @Reads DeviceBuffer slotGaussians,
            @Reads DeviceBuffer tileEnds,
            @Reads DeviceBuffer picture,
            @Reads DeviceBuffer depth,
            @Reads DeviceBuffer gradient,
            @Reads DeviceBuffer depthGradient,
            @Updates DeviceBuffer hitGradients,
            int values) {
        static final KernelSource<BlendBackward> SOURCE = KernelSource.of("splat/blend_backward", BlendBackward.class);
    }

    record BlendBackwardFeatures(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer splats,
            @Reads DeviceBuffer ranges,
            @Reads DeviceBuffer slots,
            @Reads DeviceBuffer slotGaussians,
            @Reads DeviceBuffer tileEnds,
            @Reads DeviceBuffer picture,
            @Reads DeviceBuffer depth,
            @Reads DeviceBuffer gradient,
            @Reads DeviceBuffer depthGradient,
            @Updates DeviceBuffer hitGradients,
            @Reads DeviceBuffer features,
            @Reads DeviceBuffer featurePlanes,
            @Reads DeviceBuffer featureGradients,
            int values,
            int channels) {
        static final KernelSource<BlendBackwardFeatures> SOURCE =
                KernelSource.of("splat/blend_backward_features", BlendBackwardFeatures.class);
    }

    record Gather(
            @Reads DeviceBuffer hitCounts,
            @Reads DeviceBuffer firstSlots,
            @Reads DeviceBuffer hitGradients,
            @Writes DeviceBuffer gradients,
            @Reads DeviceBuffer status,
            int count,
            int values) {
        static final KernelSource<Gather> SOURCE = KernelSource.of("splat/gather", Gather.class);
    }

    record Update(
            @Reads DeviceBuffer view,
            @Updates DeviceBuffer shapes,
            @Updates DeviceBuffer sh,
            @Updates DeviceBuffer firstShapes,
            @Updates DeviceBuffer firstSh,
            @Updates DeviceBuffer secondShapes,
            @Updates DeviceBuffer secondSh,
            @Reads DeviceBuffer splats,
            @Reads DeviceBuffer hitCounts,
            @Reads DeviceBuffer gradients,
            @Updates DeviceBuffer gradientNormSums,
            @Updates DeviceBuffer visibleSteps,
            @Writes DeviceBuffer poseSums,
            @Reads DeviceBuffer status,
            int count,
            int stride,
            int values,
            int absolute) {
        static final KernelSource<Update> SOURCE = KernelSource.of("splat/update", Update.class);
        static final KernelSource<Update> SH16 = KernelSource.of("splat/update_sh16", Update.class);
    }

    record UpdateFeatures(
            @Reads DeviceBuffer view,
            @Updates DeviceBuffer features,
            @Updates DeviceBuffer first,
            @Updates DeviceBuffer second,
            @Reads DeviceBuffer gradients,
            @Reads DeviceBuffer status,
            int count,
            int channels,
            int values) {
        static final KernelSource<UpdateFeatures> SOURCE =
                KernelSource.of("splat/update_features", UpdateFeatures.class);
    }

    final Kernel<Project> project;
    final Kernel<Compact> compact;
    final Kernel<OrderedCounts> orderedCounts;
    final Kernel<HitBudget> hitBudget;
    final Kernel<Emit> emit;
    final Kernel<TileRanges> tileRanges;
    final Kernel<Blend> blend;
    final Kernel<BlendFeatures> blendFeatures;
    final Kernel<Ssim> ssim;
    final Kernel<LossGradient> lossGradient;
    final Kernel<Totals> totals;
    final Kernel<Gather> gather;
    final Kernel<Update> update;
    final Kernel<UpdateFeatures> updateFeatures;
    private final VulkanContext context;
    private final Map<Boolean, Kernel<BlendBackward>> blendBackward = new HashMap<>();
    private final Map<Integer, Kernel<BlendBackwardFeatures>> blendBackwardFeatures = new HashMap<>();
    private final Scope scope;

    private SplatKernels(VulkanContext context, ColourStorage colours, Scope scope) {
        this.scope = scope;
        this.context = context;
        boolean half = colours == ColourStorage.BITS_16;
        project = scope.add(context.kernel(half ? Project.SH16 : Project.SOURCE));
        compact = scope.add(context.kernel(Compact.SOURCE));
        orderedCounts = scope.add(context.kernel(OrderedCounts.SOURCE));
        hitBudget = scope.add(context.kernel(HitBudget.SOURCE));
        emit = scope.add(context.kernel(Emit.SOURCE));
        tileRanges = scope.add(context.kernel(TileRanges.SOURCE));
        blend = scope.add(context.kernel(Blend.SOURCE));
        blendFeatures = scope.add(context.kernel(BlendFeatures.SOURCE));
        ssim = scope.add(context.kernel(Ssim.SOURCE));
        lossGradient = scope.add(context.kernel(LossGradient.SOURCE));
        totals = scope.add(context.kernel(Totals.SOURCE));
        gather = scope.add(context.kernel(Gather.SOURCE));
        update = scope.add(context.kernel(half ? Update.SH16 : Update.SOURCE));
        updateFeatures = scope.add(context.kernel(UpdateFeatures.SOURCE));
    }

    /** The gradient of blending colours, made when it is first asked for. */
    Kernel<BlendBackward> blendBackward(boolean absolute) {
        return blendBackward.computeIfAbsent(
                absolute, key -> scope.add(context.kernel(specialised(BlendBackward.SOURCE, absolute))));
    }

    /** The gradient of blending colours and features, made when it is first asked for so many channels. */
    Kernel<BlendBackwardFeatures> blendBackwardFeatures(boolean absolute, int channels) {
        int quads = (channels + 3) / 4;
        return blendBackwardFeatures.computeIfAbsent(
                2 * quads + (absolute ? 1 : 0),
                key -> scope.add(context.kernel(
                        specialised(BlendBackwardFeatures.SOURCE, absolute).with(2, quads))));
    }

    private <P extends Record> KernelSource<P> specialised(KernelSource<P> source, boolean absolute) {
        int subgroup = context.device().limits().subgroupSize();
        return source.with(0, Math.max(LEAST_BATCH, subgroup)).with(1, absolute ? 1 : 0);
    }

    /** Makes the kernels that every step has. */
    static SplatKernels open(VulkanContext context, ColourStorage colours) {
        return Scope.allOrNothing(scope -> new SplatKernels(context, colours, scope));
    }

    @Override
    public void close() {
        scope.close();
    }
}
