package io.github.dinosplat.vulkan;

import org.lwjgl.vulkan.VK10;

/**
 * One piece of device memory from which buffers are cut with ever higher addresses, for checks by instrumented shaders: the
 * validation layer (seen with 1.3.239) looks an address up in a list that it takes for sorted, but which is in the order of
 * making, and so suppresses valid accesses and reports them. Starts again from the bottom when all buffers are gone.
 */
final class AscendingMemory {

    private static final long BYTES = 512L << 20;

    private final long memory;
    private long end;
    private int live;

    AscendingMemory(VulkanContext context) {
        this.memory = BufferMemory.allocateForDevice(context, "memory for checked buffers", BYTES);
    }

    /** Where a buffer of a size can lie, or -1 if nothing is left. */
    long take(long bytes, long alignment) {
        long offset = (end + alignment - 1) / alignment * alignment;
        if (offset + bytes > BYTES) {
            return -1;
        }
        end = offset + bytes;
        live++;
        return offset;
    }

    void giveBack() {
        live--;
        if (live == 0) {
            end = 0;
        }
    }

    long memory() {
        return memory;
    }

    void free(VulkanContext context) {
        VK10.vkFreeMemory(context.logical().handle(), memory, null);
    }
}
