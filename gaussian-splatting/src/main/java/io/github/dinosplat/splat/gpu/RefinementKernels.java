package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.vulkan.BufferRange;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.Kernel;
import io.github.dinosplat.vulkan.KernelSource;
import io.github.dinosplat.vulkan.Reads;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.Updates;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.Writes;

/** The kernels of refinement, each with the record of its push constants; see {@code src/main/shaders/refine}. */
final class RefinementKernels implements AutoCloseable {

    record Weigh(
            @Reads BufferRange logits,
            @Writes DeviceBuffer weights,
            @Writes DeviceBuffer dead,
            int count,
            float unit) {
        static final KernelSource<Weigh> SOURCE = KernelSource.of("refine/weigh", Weigh.class);
    }

    record Bury(
            @Reads DeviceBuffer dead,
            @Reads DeviceBuffer places,
            @Writes DeviceBuffer list,
            @Writes DeviceBuffer origins,
            int count) {
        static final KernelSource<Bury> SOURCE = KernelSource.of("refine/bury", Bury.class);
    }

    record Draw(
            @Reads DeviceBuffer before,
            @Reads DeviceBuffer deadList,
            @Writes DeviceBuffer sources,
            @Writes DeviceBuffer origins,
            int count,
            int draws,
            int dead,
            int total,
            int seedLow,
            int seedHigh,
            int iteration) {
        static final KernelSource<Draw> SOURCE = KernelSource.of("refine/draw", Draw.class);
    }

    record Split(
            @Updates DeviceBuffer shapes,
            @Reads DeviceBuffer sources,
            @Writes DeviceBuffer origins,
            int draws,
            int stride) {
        static final KernelSource<Split> SOURCE = KernelSource.of("refine/split", Split.class);
    }

    record MortonSums(
            @Reads DeviceBuffer means,
            @Reads DeviceBuffer origins,
            @Writes DeviceBuffer sums,
            int count) {
        static final KernelSource<MortonSums> SOURCE = KernelSource.of("refine/morton_sums", MortonSums.class);
    }

    record MortonKeys(
            @Reads DeviceBuffer means,
            @Reads DeviceBuffer origins,
            @Writes DeviceBuffer keys,
            @Writes DeviceBuffer order,
            int count,
            float lowX,
            float lowY,
            float lowZ,
            float perUnitX,
            float perUnitY,
            float perUnitZ) {
        static final KernelSource<MortonKeys> SOURCE = KernelSource.of("refine/morton_keys", MortonKeys.class);
    }

    record Gather(
            @Reads BufferRange from,
            @Writes BufferRange to,
            @Reads DeviceBuffer order,
            @Reads DeviceBuffer origins,
            int count,
            int width,
            int clears) {
        static final KernelSource<Gather> SOURCE = KernelSource.of("refine/gather", Gather.class);
    }

    final Kernel<Weigh> weigh;
    final Kernel<Bury> bury;
    final Kernel<Draw> draw;
    final Kernel<Split> split;
    final Kernel<MortonSums> mortonSums;
    final Kernel<MortonKeys> mortonKeys;
    final Kernel<Gather> gather;
    private final Scope scope;

    private RefinementKernels(VulkanContext context, Scope scope) {
        this.scope = scope;
        weigh = scope.add(context.kernel(Weigh.SOURCE));
        bury = scope.add(context.kernel(Bury.SOURCE));
        draw = scope.add(context.kernel(Draw.SOURCE));
        split = scope.add(context.kernel(Split.SOURCE));
        mortonSums = scope.add(context.kernel(MortonSums.SOURCE));
        mortonKeys = scope.add(context.kernel(MortonKeys.SOURCE));
        gather = scope.add(context.kernel(Gather.SOURCE));
    }

    /** Makes all kernels. */
    static RefinementKernels open(VulkanContext context) {
        return Scope.allOrNothing(scope -> new RefinementKernels(context, scope));
    }

    @Override
    public void close() {
        scope.close();
    }
}
