package io.github.dinosplat.vulkan;

import java.nio.ByteBuffer;

/** Moves data between arrays and buffers through one piece of host memory, and waits for it. */
final class Transfers {

    private static final int STAGING_BYTES = 4 << 20;

    private final VulkanContext context;
    private final HostBuffer staging;

    Transfers(VulkanContext context) {
        this.context = context;
        this.staging = new HostBuffer(context, "staging", STAGING_BYTES);
    }

    private interface Piece {
        void move(ByteBuffer memory, int first, int count);
    }

    void write(DeviceBuffer target, long offset, ByteBuffer source) {
        ByteBuffer from = source.duplicate();
        int start = from.position();
        toDevice(
                target,
                offset,
                from.remaining(),
                1,
                (memory, first, count) -> memory.put(0, from, start + first, count));
    }

    void write(DeviceBuffer target, int[] values) {
        toDevice(
                target,
                0,
                values.length,
                Integer.BYTES,
                (memory, first, count) -> memory.asIntBuffer().put(values, first, count));
    }

    void write(DeviceBuffer target, float[] values) {
        toDevice(
                target,
                0,
                values.length,
                Float.BYTES,
                (memory, first, count) -> memory.asFloatBuffer().put(values, first, count));
    }

    void read(DeviceBuffer source, long offset, ByteBuffer target) {
        ByteBuffer to = target.duplicate();
        int start = to.position();
        toHost(source, offset, to.remaining(), 1, (memory, first, count) -> to.put(start + first, memory, 0, count));
        target.position(target.limit());
    }

    int[] readInts(DeviceBuffer source, int length) {
        int[] values = new int[length];
        toHost(
                source,
                0,
                length,
                Integer.BYTES,
                (memory, first, count) -> memory.asIntBuffer().get(values, first, count));
        return values;
    }

    float[] readFloats(DeviceBuffer source, int length) {
        float[] values = new float[length];
        toHost(
                source,
                0,
                length,
                Float.BYTES,
                (memory, first, count) -> memory.asFloatBuffer().get(values, first, count));
        return values;
    }

    private void toDevice(DeviceBuffer target, long offset, int length, int size, Piece fill) {
        int most = STAGING_BYTES / size;
        for (int first = 0; first < length; first += most) {
            int count = Math.min(most, length - first);
            fill.move(staging.memory(), first, count);
            BufferRange range = target.range(offset + (long) first * size, (long) count * size);
            context.run("write " + target.name(), recorder -> recorder.upload(staging, 0, range));
        }
    }

    private void toHost(DeviceBuffer source, long offset, int length, int size, Piece take) {
        int most = STAGING_BYTES / size;
        for (int first = 0; first < length; first += most) {
            int count = Math.min(most, length - first);
            BufferRange range = source.range(offset + (long) first * size, (long) count * size);
            context.run("read " + source.name(), recorder -> recorder.download(range, staging, 0));
            take.move(staging.memory(), first, count);
        }
    }
}
