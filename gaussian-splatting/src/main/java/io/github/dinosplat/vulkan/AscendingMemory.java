package io.github.dinosplat.vulkan;

import java.util.ArrayList;
import java.util.List;
import org.lwjgl.vulkan.VK10;

/**
 * One piece of device memory from which buffers are cut with ever higher addresses, for checks by instrumented shaders: the
 * validation layer (seen with 1.3.239) looks an address up in a list that it takes for sorted, but which is in the order of
 * making, and so suppresses valid accesses and reports them. Buffers are destroyed
 * together, when the last one is closed; then it starts again from the bottom.
 */
final class AscendingMemory {

    private static final long BYTES = 512L << 20;

    private final VulkanContext context;
    private final long memory;
    private final List<Long> closed = new ArrayList<>();
    private long end;
    private int live;

    AscendingMemory(VulkanContext context) {
        this.context = context;
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

    /** Takes a buffer back that nothing uses any more. */
    void giveBack(long buffer) {
        closed.add(buffer);
        live--;
        if (live == 0) {
            destroyClosed();
            end = 0;
        }
    }

    private void destroyClosed() {
        closed.forEach(buffer -> VK10.vkDestroyBuffer(context.logical().handle(), buffer, null));
        closed.clear();
    }

    long memory() {
        return memory;
    }

    void free() {
        destroyClosed();
        VK10.vkFreeMemory(context.logical().handle(), memory, null);
    }
}
