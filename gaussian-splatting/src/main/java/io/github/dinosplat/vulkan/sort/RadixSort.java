package io.github.dinosplat.vulkan.sort;

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
 * Stable sort of unsigned 32-bit keys with a 32-bit payload each, of as many as a buffer says: least significant digit
 * first, 4 bits a pass; a pass counts the digits of each block of 2048, scans the counts, and moves every block sorted in shared
 * memory (Satish, Harris and Garland 2009; Merrill and Grimshaw 2011). No atomics and no subgroup operations: the same result
 * on every device.
 */
public final class RadixSort implements AutoCloseable {

    private static final int BLOCK = 2048;
    private static final int DIGIT_BITS = 4;
    private static final int DIGITS = 1 << DIGIT_BITS;

    /** Push constants of {@code sort/count}. */
    record Count(
            @Reads DeviceBuffer keys,
            @Writes DeviceBuffer histogram,
            @Reads BufferRange count,
            int capacity,
            int stride,
            int shift,
            int mask) {
        static final KernelSource<Count> SOURCE = KernelSource.of("sort/count", Count.class);
    }

    /** Push constants of {@code sort/spine}. */
    record Spine(
            @Updates DeviceBuffer histogram,
            @Writes DeviceBuffer totals,
            @Reads BufferRange count,
            int capacity,
            int stride) {
        static final KernelSource<Spine> SOURCE = KernelSource.of("sort/spine", Spine.class);
    }

    /** Push constants of {@code sort/scatter}. */
    record Scatter(
            @Reads DeviceBuffer keys,
            @Reads DeviceBuffer payloads,
            @Writes DeviceBuffer sortedKeys,
            @Writes DeviceBuffer sortedPayloads,
            @Reads DeviceBuffer histogram,
            @Reads DeviceBuffer totals,
            @Reads BufferRange count,
            int capacity,
            int stride,
            int shift,
            int mask) {
        static final KernelSource<Scatter> SOURCE = KernelSource.of("sort/scatter", Scatter.class);
    }

    private final int capacity;
    private final int stride;
    private final Scope scope;
    private final Kernel<Count> count;
    private final Kernel<Spine> spine;
    private final Kernel<Scatter> scatter;
    private final IndirectGroups groups;
    private final DeviceBuffer histogram;
    private final DeviceBuffer totals;

    private RadixSort(VulkanContext context, int capacity, Scope scope) {
        this.capacity = capacity;
        this.stride = capacity / BLOCK + 1;
        this.scope = scope;
        this.count = scope.add(context.kernel(Count.SOURCE));
        this.spine = scope.add(context.kernel(Spine.SOURCE));
        this.scatter = scope.add(context.kernel(Scatter.SOURCE));
        this.groups = scope.add(IndirectGroups.create(context, "sort", BLOCK));
        this.histogram = scope.add(context.buffer("sort.histogram", 4L * DIGITS * stride));
        this.totals = scope.add(context.buffer("sort.totals", 4L * DIGITS));
    }

    /**
     * Makes kernels and scratch memory, which one recording uses at a time.
     *
     * @param context device
     * @param capacity most keys that are ever sorted, not negative
     * @return sort, to be closed by the caller
     */
    public static RadixSort create(VulkanContext context, int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity must not be negative but was " + capacity);
        }
        return Scope.allOrNothing(scope -> new RadixSort(context, capacity, scope));
    }

    /**
     * Records a sort, which uses both pairs of buffers.
     *
     * @param recorder recording
     * @param input what to sort; overwritten
     * @param other as large, its content is of no matter
     * @param items how many; more than the capacity are cut to it
     * @param bits how many of the lowest bits of the keys count, 0 to 32
     * @return the pair that holds the result: the other one after an odd number of passes
     */
    public KeysAndPayloads record(
            Recorder recorder, KeysAndPayloads input, KeysAndPayloads other, DeviceCount items, int bits) {
        if (bits < 0 || bits > 32) {
            throw new IllegalArgumentException("bits must be 0 to 32 but was " + bits);
        }
        BufferRange word = items.word();
        groups.record(recorder, items, capacity);
        KeysAndPayloads from = input;
        KeysAndPayloads to = other;
        for (int shift = 0; shift < bits; shift += DIGIT_BITS) {
            int mask = (1 << Math.min(DIGIT_BITS, bits - shift)) - 1;
            recorder.dispatchIndirect(
                    count, new Count(from.keys(), histogram, word, capacity, stride, shift, mask), groups);
            recorder.dispatch(spine, new Spine(histogram, totals, word, capacity, stride), new GroupCount(DIGITS, 1));
            Scatter push = new Scatter(
                    from.keys(),
                    from.payloads(),
                    to.keys(),
                    to.payloads(),
                    histogram,
                    totals,
                    word,
                    capacity,
                    stride,
                    shift,
                    mask);
            recorder.dispatchIndirect(scatter, push, groups);
            KeysAndPayloads swapped = from;
            from = to;
            to = swapped;
        }
        return from;
    }

    @Override
    public void close() {
        scope.close();
    }
}
