package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.vulkan.Commands;
import io.github.dinosplat.vulkan.VulkanContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a step as commands that are recorded once for each size of picture and set of loss terms, and submitted
 * again in every such step. They hold addresses, so they are forgotten where memory was replaced or a state was loaded.
 */
final class StepRecordings implements AutoCloseable {

    /** More kinds of steps than that are not kept: photos of a run have a few sizes, and a few levels of them. */
    private static final int MOST = 64;

    /** All of a block that goes into commands, and not into the frame. */
    private record Kind(int width, int height, boolean similarity, StepTerms terms) {

        static Kind of(StepBlock block) {
            StepBlock.Training training = block.training().orElseThrow();
            return new Kind(block.view().width(), block.view().height(), block.bySimilarity() != 0, training.terms());
        }
    }

    private final VulkanContext context;
    private final Frame frame;
    private final Stages stages;
    private final Map<Kind, Commands> kept = new LinkedHashMap<>();
    private @Nullable DeviceState state;
    private long generation;
    private long made;

    StepRecordings(VulkanContext context, Frame frame, Stages stages) {
        this.context = context;
        this.frame = frame;
        this.stages = stages;
    }

    /** The commands for a step on a state, with room for the picture. */
    Commands of(DeviceState newState, StepBlock block) {
        if (state != newState || generation != frame.generation() || kept.size() >= MOST) {
            forget();
            state = newState;
            generation = frame.generation();
        }
        return kept.computeIfAbsent(Kind.of(block), kind -> {
            made++;
            return context.record("step", recorder -> {
                stages.step(recorder, newState, block);
            });
        });
    }

    /** {@return how many recordings were made so far} */
    long made() {
        return made;
    }

    /** Lets go of a state that is about to be closed. */
    void forget() {
        kept.values().forEach(Commands::close);
        kept.clear();
        state = null;
    }

    @Override
    public void close() {
        forget();
    }
}
