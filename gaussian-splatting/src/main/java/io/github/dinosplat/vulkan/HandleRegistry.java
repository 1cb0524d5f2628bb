package io.github.dinosplat.vulkan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The handles of one context that are open, in the order of their making. Safe for use by several threads. */
final class HandleRegistry {

    private final Set<VulkanHandle> open = new LinkedHashSet<>();

    synchronized void add(VulkanHandle handle) {
        open.add(handle);
    }

    synchronized void remove(VulkanHandle handle) {
        open.remove(handle);
    }

    /** How many handles of each kind are open; kinds without any are absent. */
    synchronized Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        open.forEach(handle -> counts.merge(handle.kind(), 1, Integer::sum));
        return counts;
    }

    /** The open handles of one class, oldest first. */
    synchronized <T extends VulkanHandle> List<T> all(Class<T> type) {
        List<T> found = new ArrayList<>();
        for (VulkanHandle handle : open) {
            if (type.isInstance(handle)) {
                found.add(type.cast(handle));
            }
        }
        return found;
    }

    /** The open handles, youngest first: the order in which they can be closed. */
    synchronized List<VulkanHandle> youngestFirst() {
        Deque<VulkanHandle> reversed = new ArrayDeque<>();
        for (Iterator<VulkanHandle> handles = open.iterator(); handles.hasNext(); ) {
            reversed.addFirst(handles.next());
        }
        return List.copyOf(reversed);
    }
}
