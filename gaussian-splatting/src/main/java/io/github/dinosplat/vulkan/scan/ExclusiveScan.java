package io.github.dinosplat.vulkan.scan;

import io.github.dinosplat.vulkan.BufferRange;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.DeviceCount;
import io.github.dinosplat.vulkan.GroupCount;
import io.github.dinosplat.vulkan.IndirectGroups;
import io.github.dinosplat.vulkan.Kernel;
import io.github.dinosplat.vulkan.KernelSource;
import io.github.dinosplat.vulkan.Reads;
import io.github.dinosplat.vulkan.Recorder;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.Updates;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.Writes;

/**
 * Sums of all 32-bit integers before each one, modulo 2³², of as many as a buffer says. Blocks of 2048 are summed, their sums
 * are scanned by one workgroup, then each block is scanned: two reads and one write for each value, and no workgroup waits
 * for another (Blelloch 1990; "reduce then scan").
 */
public final class ExclusiveScan implements AutoCloseable {

    private static final int BLOCK = 2048;

    /** Push constants of {@code scan/reduce}. */
    record Reduce(
            @Reads DeviceBuffer values,
            @Writes DeviceBuffer sums,
            @Reads BufferRange count,
            int capacity) {
        static final KernelSource<Reduce> SOURCE = KernelSource.of("scan/reduce", Reduce.class);
    }

    /** Push constants of {@code scan/spine}. */
    record Spine(
            @Updates DeviceBuffer sums,
            @Writes BufferRange total,
            @Reads BufferRange count,
            int capacity) {
        static final KernelSource<Spine> SOURCE = KernelSource.of("scan/spine", Spine.class);
    }

    /** Push constants of {@code scan/apply}. */
    record Apply(
            @Reads DeviceBuffer values,
            @Reads DeviceBuffer sums,
            @Writes DeviceBuffer scanned,
            @Reads BufferRange count,
            int capacity) {
        static final KernelSource<Apply> SOURCE = KernelSource.of("scan/apply", Apply.class);
    }

    private final int capacity;
    private final Scope scope;
    private final Kernel<Reduce> reduce;
    private final Kernel<Spine> spine;
    private final Kernel<Apply> apply;
    private final IndirectGroups groups;
    private final DeviceBuffer sums;

    private ExclusiveScan(VulkanContext context, int capacity, Scope scope) {
        this.capacity = capacity;
        this.scope = scope;
        this.reduce = scope.add(context.kernel(Reduce.SOURCE));
        this.spine = scope.add(context.kernel(Spine.SOURCE));
        this.apply = scope.add(context.kernel(Apply.SOURCE));
        this.groups = scope.add(IndirectGroups.create(context, "scan", BLOCK));
        this.sums = scope.add(context.buffer("scan.sums", 4L * (capacity / BLOCK + 1)));
    }

    /**
     * Makes kernels and scratch memory, which one recording uses at a time.
     *
     * @param context device
     * @param capacity most values that are ever scanned, not negative
     * @return scan, to be closed by the caller
     */
    public static ExclusiveScan create(VulkanContext context, int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity must not be negative but was " + capacity);
        }
        return Scope.allOrNothing(scope -> new ExclusiveScan(context, capacity, scope));
    }

    /**
     * Records a scan.
     *
     * @param recorder recording
     * @param values values; may be the same buffer as the result
     * @param scanned for each value the sum of those before it
     * @param total a word for the sum of all values
     * @param count how many values; more than the capacity are cut to it
     */
    public void record(
            Recorder recorder, DeviceBuffer values, DeviceBuffer scanned, BufferRange total, DeviceCount count) {
        BufferRange word = count.word();
        groups.record(recorder, count, capacity);
        recorder.dispatchIndirect(reduce, new Reduce(values, sums, word, capacity), groups);
        recorder.dispatch(spine, new Spine(sums, total, word, capacity), new GroupCount(1, 1));
        recorder.dispatchIndirect(apply, new Apply(values, sums, scanned, word, capacity), groups);
    }

    @Override
    public void close() {
        scope.close();
    }
}
