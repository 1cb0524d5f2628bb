package io.github.dinosplat.vulkan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The command buffers of a context; one that is not in use is taken before a new one is made. */
final class CommandSlots {

    private final VulkanContext context;
    private final List<CommandSlot> all = new ArrayList<>();
    private final Deque<CommandSlot> idle = new ArrayDeque<>();

    CommandSlots(VulkanContext context) {
        this.context = context;
    }

    CommandSlot take() {
        CommandSlot slot = idle.poll();
        if (slot == null) {
            slot = new CommandSlot(context);
            all.add(slot);
        }
        return slot;
    }

    void giveBack(CommandSlot slot) {
        idle.push(slot);
    }

    /** How many were ever made. */
    int size() {
        return all.size();
    }

    void free() {
        all.forEach(CommandSlot::free);
        all.clear();
        idle.clear();
    }
}
