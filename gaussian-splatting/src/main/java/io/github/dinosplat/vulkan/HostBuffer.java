package io.github.dinosplat.vulkan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lwjgl.system.MemoryUtil;

/**
 * Memory of the host that the device copies from and to. What is written before a submission that uses it is seen by that
 * submission; what the device wrote is seen after {@link Submission#await()}. Between the two the memory belongs to the device.
 */
public final class HostBuffer extends VulkanHandle {

    private final VulkanContext context;
    private final int bytes;
    private final BufferMemory memory;
    private final ByteBuffer mapped;
    private final ByteBuffer visible;

    HostBuffer(VulkanContext context, String name, int bytes) {
        this(context, name, bytes, BufferMemory.onHost(context, name, Math.max(16, bytes)));
    }

    private HostBuffer(VulkanContext context, String name, int bytes, BufferMemory memory) {
        super(context.registry(), name);
        this.context = context;
        this.bytes = bytes;
        this.memory = memory;
        this.mapped = MemoryUtil.memByteBuffer(memory.map(), bytes);
        this.visible =
                context.shadowsHostMemory() ? ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()) : mapped;
    }

    /** {@return size in bytes} */
    public int bytes() {
        return bytes;
    }

    /** {@return the memory, in native byte order; valid until this is closed} */
    public ByteBuffer memory() {
        requireOpen();
        return visible.duplicate().order(ByteOrder.nativeOrder()).clear();
    }

    /** Waits until the device is done with all that was submitted and uses this, so that it may be written again. */
    public void awaitUse() {
        requireOpen();
        context.awaitLastUse(this);
    }

    /** Throws unless the range lies inside. */
    void requireInside(long offset, long length) {
        requireInside(offset, length, bytes);
    }

    long buffer() {
        requireOpen();
        return memory.buffer();
    }

    VulkanContext context() {
        return context;
    }

    /** Makes the host's writes visible to submissions to come. */
    void flush() {
        if (visible != mapped) {
            MemoryUtil.memCopy(visible.duplicate().clear(), mapped.duplicate().clear());
        }
        if (!memory.coherent()) {
            memory.flush();
        }
    }

    /** Makes the writes of submissions that are over visible to the host. */
    void invalidate() {
        if (!memory.coherent()) {
            memory.invalidate();
        }
        if (visible != mapped) {
            MemoryUtil.memCopy(mapped.duplicate().clear(), visible.duplicate().clear());
        }
    }

    @Override
    void destroy() {
        context.awaitLastUse(this);
        memory.free();
    }
}
