package io.github.dinosplat.vulkan;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VK10;
import org.lwjgl.vulkan.VK12;
import org.lwjgl.vulkan.VkSemaphoreWaitInfo;

/**
 * An opened device. What is made from it belongs to the caller, who closes it before the context.
 *
 * <p>One context is used by one thread at a time.
 */
public final class VulkanContext implements AutoCloseable {

    /** What new buffers hold where writes are checked: as a float it is not a number. */
    private static final int UNSET = 0xFFC0DEAD;

    private static final long WAIT_NANOS = 1_000_000_000L;

    private static final Logger LOG = System.getLogger(VulkanContext.class.getName());

    private final HandleRegistry registry = new HandleRegistry();
    private final ContextOptions options;
    private final DeviceInfo device;
    private final Instance instance;
    private final LogicalDevice logical;
    private final CommandSlots slots;
    private final Transfers transfers;
    private final @Nullable WriteCheck writeCheck;
    private final @Nullable AscendingMemory ascendingMemory;
    private final Deque<Submission> retiring = new ArrayDeque<>();
    private long submitted;
    private boolean lost;
    private boolean closed;

    private VulkanContext(ContextOptions options, Scope scope) {
        this.options = options;
        this.instance = scope.add(Instance.create(registry, options));
        this.device = options.device().choose(PhysicalDevices.list(instance));
        this.logical = scope.add(
                LogicalDevice.open(registry, PhysicalDevices.handle(instance, device.index()), device.name()));
        this.slots = new CommandSlots(this);
        this.ascendingMemory =
                options.validation().contains(Validation.GPU_ASSISTED) ? new AscendingMemory(this) : null;
        this.transfers = new Transfers(this);
        this.writeCheck = options.checkWrites() ? new WriteCheck(this) : null;
    }

    /**
     * Opens a device.
     *
     * @param options which, and with what checks
     * @return context, to be closed by the caller
     * @throws VulkanUnavailableException if there is no loader, no driver, no device, or none that is meant and usable
     */
    public static VulkanContext open(ContextOptions options) {
        Optional<String> missing = VulkanLibrary.load();
        if (missing.isPresent()) {
            throw new VulkanUnavailableException(
                    "loading Vulkan", missing.get(), "library", "install a graphics driver with Vulkan");
        }
        return Scope.allOrNothing(scope -> new VulkanContext(options, scope));
    }

    /** {@return the device} */
    public DeviceInfo device() {
        return device;
    }

    /**
     * Makes a buffer on the device. Its content is undefined.
     *
     * @param name name for messages
     * @param bytes size; 0 is allowed, the buffer then has an address all the same
     * @return buffer
     * @throws DeviceMemoryException if there is not enough memory, or the size exceeds what one allocation may have
     */
    public DeviceBuffer buffer(String name, long bytes) {
        requireUsable();
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes of buffer '" + name + "' must not be negative but was " + bytes);
        }
        DeviceBuffer buffer = new DeviceBuffer(this, name, bytes);
        if (writeCheck != null) {
            markUnset(buffer);
        }
        return buffer;
    }

    /**
     * Makes a buffer on the host for copies that do not wait.
     *
     * @param name name for messages
     * @param bytes size
     * @return buffer
     * @throws DeviceMemoryException if there is not enough memory
     */
    public HostBuffer hostBuffer(String name, int bytes) {
        requireUsable();
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes of buffer '" + name + "' must not be negative but was " + bytes);
        }
        return new HostBuffer(this, name, bytes);
    }

    /**
     * Makes a kernel.
     *
     * @param source shader, push constants and specialisation constants
     * @param <P> type of the push constants
     * @return kernel
     */
    public <P extends Record> Kernel<P> kernel(KernelSource<P> source) {
        requireUsable();
        return Kernel.create(this, source);
    }

    /**
     * Records commands to submit later, any number of times.
     *
     * @param name name for messages
     * @param recording says what to do
     * @return commands, to be closed by the caller
     */
    public Commands record(String name, Consumer<Recorder> recording) {
        requireUsable();
        Recorder recorder = new Recorder(this, name);
        boolean done = false;
        try {
            recording.accept(recorder);
            Commands commands = recorder.end();
            done = true;
            return commands;
        } finally {
            if (!done) {
                recorder.abandon();
            }
        }
    }

    /**
     * Hands commands to the device, behind all that were submitted before, and returns at once.
     *
     * @param commands commands of this context
     * @return what to wait on
     * @throws DeviceLostException if the device is gone
     */
    public Submission submit(Commands commands) {
        requireUsable();
        commands.requireOpen();
        retire();
        for (VulkanHandle handle : commands.used()) {
            handle.requireOpen();
            if (handle instanceof HostBuffer buffer) {
                buffer.flush();
            }
        }
        if (writeCheck != null) {
            writeCheck.submit(commands);
        } else {
            for (Commands.Segment segment : commands.segments()) {
                submit(segment.slot(), commands.name());
            }
        }
        commands.usedBy(submitted);
        commands.used().forEach(handle -> handle.usedBy(submitted));
        return new Submission(this, commands, submitted);
    }

    /**
     * Records commands, hands them to the device and returns at once. They are closed when the device is done with them.
     *
     * @param name name for messages
     * @param recording says what to do
     * @return what to wait on
     */
    public Submission submit(String name, Consumer<Recorder> recording) {
        Submission submission = submit(record(name, recording));
        retiring.add(submission);
        return submission;
    }

    /**
     * Records commands, runs them and waits until they are done.
     *
     * @param name name for messages
     * @param recording says what to do
     */
    public void run(String name, Consumer<Recorder> recording) {
        try (Commands commands = record(name, recording)) {
            submit(commands).await();
        }
    }

    /** Waits until the device has nothing left to do. */
    public void await() {
        await(submitted);
        retire();
    }

    /** {@return how many objects of each kind are open; kinds without any are absent} */
    public Map<String, Integer> openHandles() {
        return registry.counts();
    }

    /** {@return what the validation layer said since the last call; always empty without validation} */
    public List<String> drainValidationMessages() {
        return instance.log().drain();
    }

    /**
     * Closes the device. What is still open is closed with it, and named in the log, because its owner forgot it.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (!lost) {
            await();
        }
        while (!retiring.isEmpty()) {
            retiring.remove().commands().close();
        }
        for (VulkanHandle handle : registry.youngestFirst()) {
            if (handle == logical) {
                slots.free();
                if (ascendingMemory != null) {
                    ascendingMemory.free();
                }
            } else if (handle != instance && !isOwn(handle)) {
                LOG.log(Level.WARNING, () -> handle + " was not closed before its context");
            }
            handle.close();
        }
        closed = true;
    }

    private boolean isOwn(VulkanHandle handle) {
        return handle instanceof HostBuffer && handle.name().startsWith("staging");
    }

    private void retire() {
        long done = retiring.isEmpty() ? 0 : completed();
        while (!retiring.isEmpty() && retiring.element().number() <= done) {
            retiring.remove().commands().close();
        }
    }

    private void markUnset(DeviceBuffer buffer) {
        CommandSlot slot = slots.take();
        slot.begin();
        VK10.vkCmdFillBuffer(slot.commands(), buffer.buffer(), 0, VK10.VK_WHOLE_SIZE, UNSET);
        slot.end(false);
        await(submit(slot, "new buffer"));
        slots.giveBack(slot);
    }

    /** Submits one command buffer and returns its number. */
    long submit(CommandSlot slot, String name) {
        requireUsable();
        slot.submit(submitted + 1, name);
        return ++submitted;
    }

    /** How many submissions are over. */
    long completed() {
        requireUsable();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            LongBuffer value = stack.mallocLong(1);
            check(
                    VK12.vkGetSemaphoreCounterValue(logical.handle(), logical.semaphore(), value),
                    "vkGetSemaphoreCounterValue",
                    device.name());
            return value.get(0);
        }
    }

    void await(long number) {
        requireUsable();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            VkSemaphoreWaitInfo info = VkSemaphoreWaitInfo.calloc(stack)
                    .sType$Default()
                    .semaphoreCount(1)
                    .pSemaphores(stack.longs(logical.semaphore()))
                    .pValues(stack.longs(number));
            int result;
            do {
                result = VK12.vkWaitSemaphores(logical.handle(), info, WAIT_NANOS);
            } while (result == VK10.VK_TIMEOUT);
            check(result, "vkWaitSemaphores", device.name());
        }
    }

    /** Waits before an object is destroyed; a lost device does nothing any more. */
    void awaitLastUse(VulkanHandle handle) {
        if (!lost && handle.lastUse() > 0) {
            await(handle.lastUse());
        }
    }

    /** Throws unless the result is success, and notes when the device is gone. */
    void check(int result, String function, String object) {
        if (result == VK10.VK_ERROR_DEVICE_LOST) {
            lost = true;
        }
        Results.check(result, function, object);
    }

    /** From now on the device counts as gone: for tests of what callers do then. */
    void lose() {
        lost = true;
    }

    private void requireUsable() {
        if (closed) {
            throw new IllegalStateException("context of " + device.name() + " is closed");
        }
        if (lost) {
            Results.check(VK10.VK_ERROR_DEVICE_LOST, "vkQueueSubmit", device.name());
        }
    }

    HandleRegistry registry() {
        return registry;
    }

    LogicalDevice logical() {
        return logical;
    }

    CommandSlots slots() {
        return slots;
    }

    Transfers transfers() {
        return transfers;
    }

    /** Where device buffers are cut from, if that matters. */
    Optional<AscendingMemory> ascendingMemory() {
        return Optional.ofNullable(ascendingMemory);
    }

    boolean checksWrites() {
        return options.checkWrites();
    }

    int groupLimit() {
        return options.groupLimit();
    }

    boolean shadowsHostMemory() {
        return options.shadowHostMemory();
    }
}
