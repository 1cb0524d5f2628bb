package io.github.dinosplat.vulkan;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VK10;
import org.lwjgl.vulkan.VkCommandBuffer;
import org.lwjgl.vulkan.VkCommandBufferAllocateInfo;
import org.lwjgl.vulkan.VkCommandBufferBeginInfo;
import org.lwjgl.vulkan.VkDevice;
import org.lwjgl.vulkan.VkMemoryBarrier;
import org.lwjgl.vulkan.VkQueryPoolCreateInfo;
import org.lwjgl.vulkan.VkSubmitInfo;
import org.lwjgl.vulkan.VkTimelineSemaphoreSubmitInfo;

/** A command buffer, with room for timestamps once it took any. Slots are used again and again. */
final class CommandSlot {

    /** Most timestamps in one slot. */
    static final int STAMPS = 64;

    private static final int WORK = VK10.VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK10.VK_PIPELINE_STAGE_TRANSFER_BIT;
    private static final int WRITES = VK10.VK_ACCESS_SHADER_WRITE_BIT | VK10.VK_ACCESS_TRANSFER_WRITE_BIT;
    private static final int ALL = WRITES
            | VK10.VK_ACCESS_SHADER_READ_BIT
            | VK10.VK_ACCESS_TRANSFER_READ_BIT
            | VK10.VK_ACCESS_INDIRECT_COMMAND_READ_BIT;

    private final VulkanContext context;
    private final VkCommandBuffer commands;
    private final List<String> stamps = new ArrayList<>();
    private long queries;

    CommandSlot(VulkanContext context) {
        this.context = context;
        VkDevice device = context.logical().handle();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer handle = stack.mallocPointer(1);
            VkCommandBufferAllocateInfo info = VkCommandBufferAllocateInfo.calloc(stack)
                    .sType$Default()
                    .commandPool(context.logical().commandPool())
                    .level(VK10.VK_COMMAND_BUFFER_LEVEL_PRIMARY)
                    .commandBufferCount(1);
            context.check(VK10.vkAllocateCommandBuffers(device, info, handle), "vkAllocateCommandBuffers", "commands");
            commands = new VkCommandBuffer(handle.get(0), device);
        }
    }

    VkCommandBuffer commands() {
        return commands;
    }

    /** Starts a recording, which begins behind all earlier submissions. */
    void begin() {
        stamps.clear();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            VkCommandBufferBeginInfo info = VkCommandBufferBeginInfo.calloc(stack)
                    .sType$Default()
                    .flags(VK10.VK_COMMAND_BUFFER_USAGE_SIMULTANEOUS_USE_BIT);
            context.check(VK10.vkBeginCommandBuffer(commands, info), "vkBeginCommandBuffer", "commands");
        }
        barrier();
    }

    /** What was recorded before is done and seen before what is recorded next. */
    void barrier() {
        barrier(WORK | VK10.VK_PIPELINE_STAGE_DRAW_INDIRECT_BIT, ALL);
    }

    private void barrier(int before, int seenBy) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            VkMemoryBarrier.Buffer barrier = VkMemoryBarrier.calloc(1, stack)
                    .sType$Default()
                    .srcAccessMask(WRITES)
                    .dstAccessMask(seenBy);
            // Indirect arguments are read in a stage of their own, which later writes have to wait for, too.
            VK10.vkCmdPipelineBarrier(
                    commands, WORK | VK10.VK_PIPELINE_STAGE_DRAW_INDIRECT_BIT, before, 0, barrier, null, null);
        }
    }

    /** Ends a recording; the host may look at what it copied once the submission is over. */
    void end(boolean hostReads) {
        if (hostReads) {
            barrier(VK10.VK_PIPELINE_STAGE_HOST_BIT, VK10.VK_ACCESS_HOST_READ_BIT);
        }
        context.check(VK10.vkEndCommandBuffer(commands), "vkEndCommandBuffer", "commands");
    }

    /** Records a timestamp behind all that was recorded so far. */
    void stamp(String label) {
        if (stamps.size() == STAMPS) {
            throw new IllegalStateException("a recording has room for " + STAMPS + " timestamps");
        }
        if (queries == 0) {
            queries = createQueries();
        }
        if (stamps.isEmpty()) {
            VK10.vkCmdResetQueryPool(commands, queries, 0, STAMPS);
        }
        VK10.vkCmdWriteTimestamp(commands, VK10.VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, queries, stamps.size());
        stamps.add(label);
    }

    private long createQueries() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            LongBuffer handle = stack.mallocLong(1);
            VkQueryPoolCreateInfo info = VkQueryPoolCreateInfo.calloc(stack)
                    .sType$Default()
                    .queryType(VK10.VK_QUERY_TYPE_TIMESTAMP)
                    .queryCount(STAMPS);
            context.check(
                    VK10.vkCreateQueryPool(context.logical().handle(), info, null, handle),
                    "vkCreateQueryPool",
                    "timestamps");
            return handle.get(0);
        }
    }

    /** Times between timestamps of a submission that is over. */
    List<Timing> timings() {
        if (stamps.size() < 2) {
            return List.of();
        }
        try (MemoryStack stack = MemoryStack.stackPush()) {
            LongBuffer ticks = stack.mallocLong(stamps.size());
            context.check(
                    VK10.vkGetQueryPoolResults(
                            context.logical().handle(),
                            queries,
                            0,
                            stamps.size(),
                            ticks,
                            Long.BYTES,
                            VK10.VK_QUERY_RESULT_64_BIT | VK10.VK_QUERY_RESULT_WAIT_BIT),
                    "vkGetQueryPoolResults",
                    "timestamps");
            List<Timing> timings = new ArrayList<>();
            double nanos = context.device().limits().timestampNanos();
            for (int i = 1; i < stamps.size(); i++) {
                timings.add(new Timing(stamps.get(i), Math.round((ticks.get(i) - ticks.get(i - 1)) * nanos)));
            }
            return timings;
        }
    }

    /** Hands the commands to the device, which raises the semaphore to a number when they are done. */
    void submit(long number, String name) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            VkTimelineSemaphoreSubmitInfo timeline = VkTimelineSemaphoreSubmitInfo.calloc(stack)
                    .sType$Default()
                    .signalSemaphoreValueCount(1)
                    .pSignalSemaphoreValues(stack.longs(number));
            VkSubmitInfo info = VkSubmitInfo.calloc(stack)
                    .sType$Default()
                    .pNext(timeline)
                    .pCommandBuffers(stack.pointers(commands))
                    .pSignalSemaphores(stack.longs(context.logical().semaphore()));
            context.check(
                    VK10.vkQueueSubmit(context.logical().queue(), info, VK10.VK_NULL_HANDLE), "vkQueueSubmit", name);
        }
    }

    /** Frees what the pool of commands does not. */
    void free() {
        VK10.vkDestroyQueryPool(context.logical().handle(), queries, null);
    }
}
