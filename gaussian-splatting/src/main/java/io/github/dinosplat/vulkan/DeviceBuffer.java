package io.github.dinosplat.vulkan;

import java.nio.ByteBuffer;

/**
 * Memory on the device that kernels reach by its address. Its content is undefined until something writes it.
 * The methods that move data wait for the device: they are for setting up, for results and for tests. Inside a step
 * use {@link Recorder#upload}, {@link Recorder#update} and {@link Recorder#download}.
 */
public final class DeviceBuffer extends VulkanHandle {

    /** Bytes behind the end whose change shows a write out of bounds, where writes are checked. */
    static final int GUARD_BYTES = 256;

    private final VulkanContext context;
    private final long bytes;
    private final BufferMemory memory;
    private final long address;

    DeviceBuffer(VulkanContext context, String name, long bytes) {
        this(context, name, bytes, BufferMemory.onDevice(context, name, allocated(context, bytes)));
    }

    private DeviceBuffer(VulkanContext context, String name, long bytes, BufferMemory memory) {
        super(context.registry(), name);
        this.context = context;
        this.bytes = bytes;
        this.memory = memory;
        this.address = memory.address();
    }

    private static long allocated(VulkanContext context, long bytes) {
        long rounded = Math.max(16, Math.addExact(bytes, 15) / 16 * 16);
        return context.checksWrites() ? rounded + GUARD_BYTES : rounded;
    }

    /** {@return size in bytes, as asked for} */
    public long bytes() {
        return bytes;
    }

    /** {@return address for shaders; never 0} */
    public long address() {
        requireOpen();
        return address;
    }

    /**
     * A part of this buffer.
     *
     * @param offset first byte, a multiple of 4
     * @param bytes length in bytes
     * @return part
     */
    public BufferRange range(long offset, long bytes) {
        return new BufferRange(this, offset, bytes);
    }

    /**
     * Writes bytes and waits until they are there.
     *
     * @param offset first byte in this buffer, a multiple of 4
     * @param source bytes from its position to its limit, in native order
     */
    public void write(long offset, ByteBuffer source) {
        requireInside(offset, source.remaining());
        context.transfers().write(this, offset, source);
    }

    /**
     * Writes from the start and waits until the values are there.
     *
     * @param values values
     */
    public void write(int... values) {
        requireInside(0, 4L * values.length);
        context.transfers().write(this, values);
    }

    /**
     * Writes from the start and waits until the values are there.
     *
     * @param values values
     */
    public void write(float... values) {
        requireInside(0, 4L * values.length);
        context.transfers().write(this, values);
    }

    /**
     * Waits for all submissions and reads bytes.
     *
     * @param offset first byte in this buffer, a multiple of 4
     * @param target filled from its position to its limit, in native order
     */
    public void read(long offset, ByteBuffer target) {
        requireInside(offset, target.remaining());
        context.transfers().read(this, offset, target);
    }

    /**
     * Waits for all submissions and reads from the start.
     *
     * @param count how many values
     * @return values
     */
    public int[] readInts(int count) {
        requireInside(0, 4L * count);
        return context.transfers().readInts(this, count);
    }

    /**
     * Waits for all submissions and reads from the start.
     *
     * @param count how many values
     * @return values
     */
    public float[] readFloats(int count) {
        requireInside(0, 4L * count);
        return context.transfers().readFloats(this, count);
    }

    /** Throws unless the range lies inside. */
    void requireInside(long offset, long length) {
        requireInside(offset, length, bytes);
    }

    long buffer() {
        requireOpen();
        return memory.buffer();
    }

    /** Size with padding and, where writes are checked, the guard. */
    long allocatedBytes() {
        return allocated(context, bytes);
    }

    VulkanContext context() {
        return context;
    }

    @Override
    void destroy() {
        context.awaitLastUse(this);
        memory.free();
    }
}
