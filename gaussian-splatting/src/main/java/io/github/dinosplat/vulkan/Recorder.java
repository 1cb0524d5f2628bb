package io.github.dinosplat.vulkan;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.vulkan.VK10;
import org.lwjgl.vulkan.VkBufferCopy;
import org.lwjgl.vulkan.VkCommandBuffer;

/**
 * Writes down commands for the device. Commands seem to run in the order of their recording: from what each reads and writes
 * follows where barriers are needed, and those are recorded with them. Commands without a conflict may run at the same time.
 *
 * @see VulkanContext#record
 */
public final class Recorder {

    /** Most bytes of one {@link #update}. */
    public static final int UPDATE_LIMIT = 65_536;

    private final VulkanContext context;
    private final String name;
    private final List<Commands.Segment> segments = new ArrayList<>();
    private final List<CommandTrace.Entry> trace = new ArrayList<>();
    private final HazardTracker hazards = new HazardTracker();
    private final Set<VulkanHandle> used = new LinkedHashSet<>();
    private CommandSlot slot;
    private boolean hostReads;

    Recorder(VulkanContext context, String name) {
        this.context = context;
        this.name = name;
        this.slot = context.slots().take();
        this.slot.begin();
    }

    /**
     * Starts a kernel.
     *
     * @param kernel kernel
     * @param push its push constants
     * @param groups how many workgroups
     * @param more buffers that it uses beside those in its push constants
     * @param <P> type of the push constants
     * @return this
     */
    public <P extends Record> Recorder dispatch(Kernel<P> kernel, P push, GroupCount groups, BufferUse... more) {
        GroupCount grid = groups.foldedAt(context.groupLimit());
        return start(kernel, push, List.of(more), commands -> VK10.vkCmdDispatch(commands, grid.x(), grid.y(), 1));
    }

    /**
     * Starts a kernel with as many workgroups as a buffer says when it comes to it.
     *
     * @param kernel kernel
     * @param push its push constants
     * @param arguments buffer with the counts along x, y and z as three 32-bit integers
     * @param offset where they stand, in bytes, a multiple of 4
     * @param more buffers that it uses beside those in its push constants
     * @param <P> type of the push constants
     * @return this
     */
    public <P extends Record> Recorder dispatchIndirect(
            Kernel<P> kernel, P push, DeviceBuffer arguments, long offset, BufferUse... more) {
        arguments.requireInside(offset, 3 * Integer.BYTES);
        List<BufferUse> uses = new ArrayList<>(List.of(more));
        uses.add(BufferUse.reads(arguments));
        return start(kernel, push, uses, commands -> VK10.vkCmdDispatchIndirect(commands, arguments.buffer(), offset));
    }

    private <P extends Record> Recorder start(
            Kernel<P> kernel, P push, List<BufferUse> more, Consumer<VkCommandBuffer> dispatch) {
        used.add(requireMine(kernel, kernel.context()));
        try (MemoryStack stack = MemoryStack.stackPush()) {
            ByteBuffer packed = stack.calloc(Long.BYTES, kernel.pushBytes());
            List<BufferUse> uses = kernel.pack(push, packed);
            uses.addAll(more);
            return command(kernel.name(), uses, commands -> {
                kernel.bind(commands, packed);
                dispatch.accept(commands);
            });
        }
    }

    /**
     * Starts a kernel with as many workgroups as were computed on the device.
     *
     * @param kernel kernel
     * @param push its push constants
     * @param groups how many workgroups; {@link IndirectGroups#record} was recorded before
     * @param more buffers that it uses beside those in its push constants
     * @param <P> type of the push constants
     * @return this
     */
    public <P extends Record> Recorder dispatchIndirect(
            Kernel<P> kernel, P push, IndirectGroups groups, BufferUse... more) {
        return dispatchIndirect(kernel, push, groups.arguments(), 0, more);
    }

    /**
     * Sets every 32-bit word of a buffer, up to the last whole one.
     *
     * @param buffer buffer
     * @param word value
     * @return this
     */
    public Recorder fill(DeviceBuffer buffer, int word) {
        return fill(buffer.range(0, buffer.bytes() / 4 * 4), word);
    }

    /**
     * Sets every 32-bit word of a part of a buffer.
     *
     * @param range part, a multiple of 4 bytes long
     * @param word value
     * @return this
     */
    public Recorder fill(BufferRange range, int word) {
        if (range.bytes() % 4 != 0) {
            throw new IllegalArgumentException("range must have a multiple of 4 bytes but has " + range.bytes());
        }
        if (range.bytes() == 0) {
            return this;
        }
        return command(
                "fill",
                List.of(BufferUse.writes(range.buffer())),
                commands ->
                        VK10.vkCmdFillBuffer(commands, range.buffer().buffer(), range.offset(), range.bytes(), word));
    }

    /**
     * Writes a few bytes that are kept in the recording itself: parameters of a step.
     *
     * @param buffer buffer
     * @param offset first byte, a multiple of 4
     * @param source bytes from position to limit, a multiple of 4, at most {@value #UPDATE_LIMIT}, in native order
     * @return this
     */
    public Recorder update(DeviceBuffer buffer, long offset, ByteBuffer source) {
        int bytes = source.remaining();
        buffer.requireInside(offset, bytes);
        if (bytes < 4 || bytes % 4 != 0 || bytes > UPDATE_LIMIT) {
            throw new IllegalArgumentException(
                    "source must have 4 to " + UPDATE_LIMIT + " bytes, a multiple of 4, but has " + bytes);
        }
        ByteBuffer copy = MemoryUtil.memAlloc(bytes);
        try {
            copy.put(0, source, source.position(), bytes);
            return command(
                    "update",
                    List.of(BufferUse.writes(buffer)),
                    commands -> VK10.vkCmdUpdateBuffer(commands, buffer.buffer(), offset, copy));
        } finally {
            MemoryUtil.memFree(copy);
        }
    }

    /**
     * Copies from one buffer to another.
     *
     * @param source from where
     * @param target to where, of the same length, in another buffer
     * @return this
     */
    public Recorder copy(BufferRange source, BufferRange target) {
        if (source.bytes() != target.bytes() || source.buffer() == target.buffer()) {
            throw new IllegalArgumentException(
                    "source and target must have one length and two buffers but were " + source + " and " + target);
        }
        return command(
                "copy",
                List.of(BufferUse.reads(source.buffer()), BufferUse.writes(target.buffer())),
                commands -> copy(
                        commands,
                        source.buffer().buffer(),
                        source.offset(),
                        target.buffer().buffer(),
                        target.offset(),
                        source.bytes()));
    }

    /**
     * Copies from the host to the device; the host's memory is read when the commands run, not when they are recorded.
     *
     * @param source host memory
     * @param offset first byte in it, a multiple of 4
     * @param target to where
     * @return this
     */
    public Recorder upload(HostBuffer source, long offset, BufferRange target) {
        source.requireInside(offset, target.bytes());
        used.add(requireMine(source, source.context()));
        return command(
                "upload",
                List.of(BufferUse.writes(target.buffer())),
                commands -> copy(
                        commands, source.buffer(), offset, target.buffer().buffer(), target.offset(), target.bytes()));
    }

    /**
     * Copies from the device to the host, where it can be seen after {@link Submission#await()}.
     *
     * @param source from where
     * @param target host memory
     * @param offset first byte in it, a multiple of 4
     * @return this
     */
    public Recorder download(BufferRange source, HostBuffer target, long offset) {
        target.requireInside(offset, source.bytes());
        used.add(requireMine(target, target.context()));
        hostReads = true;
        return command(
                "download",
                List.of(BufferUse.reads(source.buffer())),
                commands -> copy(
                        commands, source.buffer().buffer(), source.offset(), target.buffer(), offset, source.bytes()));
    }

    private static void copy(VkCommandBuffer commands, long source, long from, long target, long to, long bytes) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            VkBufferCopy.Buffer region =
                    VkBufferCopy.calloc(1, stack).srcOffset(from).dstOffset(to).size(bytes);
            VK10.vkCmdCopyBuffer(commands, source, target, region);
        }
    }

    /**
     * Takes the device's time behind all commands so far, where the device has a clock and commands are not run one by one
     * to check their writes. {@link Submission#timings()} gives the time since the timestamp before, so the first
     * one only starts the clock.
     *
     * @param label label
     * @return this
     */
    public Recorder stamp(String label) {
        if (context.device().limits().timestampNanos() > 0 && !context.checksWrites()) {
            slot.stamp(label);
        }
        return this;
    }

    private Recorder command(String command, List<BufferUse> uses, Consumer<VkCommandBuffer> emit) {
        for (BufferUse use : uses) {
            used.add(requireMine(use.buffer(), use.buffer().context()));
        }
        boolean barrier = hazards.barrierBefore(uses);
        CommandTrace.Entry entry = new CommandTrace.Entry(command, uses, barrier);
        if (context.checksWrites() && !trace.isEmpty()) {
            finishSegment();
            slot = context.slots().take();
            slot.begin();
        } else if (barrier) {
            slot.barrier();
        }
        trace.add(entry);
        emit.accept(slot.commands());
        return this;
    }

    private VulkanHandle requireMine(VulkanHandle handle, VulkanContext owner) {
        handle.requireOpen();
        if (owner != context) {
            throw new IllegalArgumentException(handle + " belongs to another context");
        }
        return handle;
    }

    private void finishSegment() {
        slot.end(hostReads);
        segments.add(new Commands.Segment(slot, trace.isEmpty() ? List.of() : List.of(trace.get(trace.size() - 1))));
    }

    Commands end() {
        finishSegment();
        return new Commands(context, name, segments, new CommandTrace(trace), used);
    }

    /** Gives the slots back after a failure. */
    void abandon() {
        segments.forEach(segment -> context.slots().giveBack(segment.slot()));
        context.slots().giveBack(slot);
    }
}
