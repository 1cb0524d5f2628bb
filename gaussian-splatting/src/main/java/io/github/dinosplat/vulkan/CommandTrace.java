package io.github.dinosplat.vulkan;

import java.util.ArrayList;
import java.util.List;

/**
 * What was recorded, command by command: which buffers each uses, and where barriers stand. The layer that validates barriers
 * does not see accesses by address, and software devices run commands in order anyway, so this is where a missing barrier
 * can be found.
 *
 * @param entries commands in the order of their recording
 */
public record CommandTrace(List<Entry> entries) {

    /**
     * A recorded command.
     *
     * @param command name of the kernel, or of the copy
     * @param uses buffers with what is done to them
     * @param barrier whether a barrier stands before it
     */
    public record Entry(String command, List<BufferUse> uses, boolean barrier) {

        /** Copies the list. */
        public Entry {
            uses = List.copyOf(uses);
        }
    }

    /** Copies the list. */
    public CommandTrace {
        entries = List.copyOf(entries);
    }

    /**
     * Looks at every pair of commands that use one buffer, of which one writes it, without a barrier between them.
     *
     * @return a line for each, with the buffer and both commands; empty if the recording is safe
     */
    public List<String> hazards() {
        List<String> found = new ArrayList<>();
        for (int later = 0; later < entries.size(); later++) {
            for (int earlier = later - 1;
                    earlier >= 0 && !entries.get(earlier + 1).barrier();
                    earlier--) {
                addConflicts(entries.get(earlier), entries.get(later), found);
            }
        }
        return found;
    }

    private static void addConflicts(Entry earlier, Entry later, List<String> found) {
        for (BufferUse first : earlier.uses()) {
            for (BufferUse second : later.uses()) {
                if (first.buffer() == second.buffer() && first.access().conflictsWith(second.access())) {
                    found.add(first.buffer().name() + ": " + earlier.command() + " " + first.access() + ", then "
                            + later.command() + " " + second.access());
                }
            }
        }
    }

    /** {@return how many barriers there are} */
    public int barriers() {
        return (int) entries.stream().filter(Entry::barrier).count();
    }

    /**
     * This recording with one barrier taken away, to see that it is needed.
     *
     * @param which which of the {@link #barriers()}, from 0
     * @return changed copy
     */
    public CommandTrace withoutBarrier(int which) {
        List<Entry> changed = new ArrayList<>();
        int seen = 0;
        for (Entry entry : entries) {
            boolean removed = entry.barrier() && seen++ == which;
            changed.add(removed ? new Entry(entry.command(), entry.uses(), false) : entry);
        }
        if (which < 0 || which >= seen) {
            throw new IllegalArgumentException("which must be 0 to " + (seen - 1) + " but was " + which);
        }
        return new CommandTrace(changed);
    }
}
