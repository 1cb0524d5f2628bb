package io.github.dinosplat.vulkan;

import java.util.List;
import java.util.Set;

/**
 * A finished recording. It can be submitted any number of times, also while it runs; every time it does the same to the same
 * buffers, which have to stay open.
 */
public final class Commands extends VulkanHandle {

    /** A command buffer with the one command in it where writes are checked; otherwise with all of them. */
    record Segment(CommandSlot slot, List<CommandTrace.Entry> checked) {}

    private final VulkanContext context;
    private final List<Segment> segments;
    private final CommandTrace trace;
    private final Set<VulkanHandle> used;

    Commands(VulkanContext context, String name, List<Segment> segments, CommandTrace trace, Set<VulkanHandle> used) {
        super(context.registry(), name);
        this.context = context;
        this.segments = List.copyOf(segments);
        this.trace = trace;
        this.used = Set.copyOf(used);
    }

    /** {@return what was recorded} */
    public CommandTrace trace() {
        return trace;
    }

    List<Segment> segments() {
        return segments;
    }

    Set<VulkanHandle> used() {
        return used;
    }

    VulkanContext context() {
        return context;
    }

    @Override
    void destroy() {
        context.awaitLastUse(this);
        segments.forEach(segment -> context.slots().giveBack(segment.slot()));
    }
}
