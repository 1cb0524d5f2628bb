package io.github.dinosplat.vulkan;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Knows what was done to each buffer since the last barrier, and so before which command the next one is due. */
final class HazardTracker {

    private final Map<DeviceBuffer, Access> sinceBarrier = new IdentityHashMap<>();

    /** Whether a barrier has to stand before a command with these uses, which becomes the last command. */
    boolean barrierBefore(List<BufferUse> uses) {
        boolean conflict = uses.stream().anyMatch(this::conflicts);
        if (conflict) {
            sinceBarrier.clear();
        }
        for (BufferUse use : uses) {
            sinceBarrier.merge(use.buffer(), use.access(), (a, b) -> a == b ? a : Access.UPDATE);
        }
        return conflict;
    }

    private boolean conflicts(BufferUse use) {
        Access before = sinceBarrier.get(use.buffer());
        return before != null && before.conflictsWith(use.access());
    }
}
