package io.github.dinosplat.vulkan;

import java.util.List;

/** Commands that were handed to the device. */
public final class Submission {

    private final VulkanContext context;
    private final Commands commands;
    private final long number;

    Submission(VulkanContext context, Commands commands, long number) {
        this.context = context;
        this.commands = commands;
        this.number = number;
    }

    /** {@return whether the device is done with it} */
    public boolean isDone() {
        return context.completed() >= number;
    }

    /**
     * Waits until the device is done with it, and shows the host what was downloaded.
     *
     * @return this
     * @throws DeviceLostException if the device is gone
     */
    public Submission await() {
        context.await(number);
        for (VulkanHandle handle : commands.used()) {
            if (handle instanceof HostBuffer buffer && !buffer.isClosed()) {
                buffer.invalidate();
            }
        }
        return this;
    }

    /**
     * Waits and reads the timestamps.
     *
     * @return time until each timestamp but the first, in order; empty if the device has no clock. If the commands were
     *     submitted again since, the times are those of the last run
     */
    public List<Timing> timings() {
        await();
        return commands.segments().stream()
                .flatMap(segment -> segment.slot().timings().stream())
                .toList();
    }

    Commands commands() {
        return commands;
    }

    long number() {
        return number;
    }
}
