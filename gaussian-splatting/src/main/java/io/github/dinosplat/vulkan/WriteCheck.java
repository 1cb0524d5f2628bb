package io.github.dinosplat.vulkan;

import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.lwjgl.vulkan.VK10;
import org.lwjgl.vulkan.VkBufferCopy;

/** Compares checksums of all buffers around each command: only what was declared may change, and nothing behind an end. */
final class WriteCheck {

    private static final int STAGING_BYTES = 4 << 20;

    private record Sums(long content, long guard) {}

    private final VulkanContext context;
    private final HostBuffer staging;
    private final CommandSlot slot;

    WriteCheck(VulkanContext context) {
        this.context = context;
        this.staging = new HostBuffer(context, "staging of checksums", STAGING_BYTES);
        this.slot = context.slots().take();
    }

    /** Runs the segments of a submission one by one; each gets a number. */
    void submit(Commands commands) {
        Map<DeviceBuffer, Sums> before = sums();
        for (Commands.Segment segment : commands.segments()) {
            context.await(context.submit(segment.slot(), commands.name()));
            Map<DeviceBuffer, Sums> after = sums();
            for (CommandTrace.Entry entry : segment.checked()) {
                compare(entry, before, after);
            }
            before = after;
        }
    }

    private static void compare(
            CommandTrace.Entry entry, Map<DeviceBuffer, Sums> before, Map<DeviceBuffer, Sums> after) {
        after.forEach((buffer, sums) -> {
            Sums was = before.get(buffer);
            if (was == null) {
                return;
            }
            if (was.guard() != sums.guard()) {
                throw new UndeclaredWriteException(entry.command(), buffer.name(), "behind the end of");
            }
            boolean declared = entry.uses().stream()
                    .anyMatch(use -> use.buffer() == buffer && use.access().writes());
            if (!declared && was.content() != sums.content()) {
                throw new UndeclaredWriteException(entry.command(), buffer.name(), "the undeclared");
            }
        });
    }

    private Map<DeviceBuffer, Sums> sums() {
        Map<DeviceBuffer, Sums> sums = new IdentityHashMap<>();
        List<DeviceBuffer> buffers = context.registry().all(DeviceBuffer.class);
        for (DeviceBuffer buffer : buffers) {
            long end = buffer.allocatedBytes();
            sums.put(buffer, new Sums(sum(buffer, 0, buffer.bytes()), sum(buffer, buffer.bytes(), end)));
        }
        return sums;
    }

    private long sum(DeviceBuffer buffer, long from, long to) {
        CRC32C crc = new CRC32C();
        for (long start = from; start < to; start += STAGING_BYTES) {
            long bytes = Math.min(STAGING_BYTES, to - start);
            copy(buffer, start, bytes);
            ByteBuffer read = staging.memory().limit((int) bytes);
            crc.update(read);
        }
        return crc.getValue();
    }

    private void copy(DeviceBuffer buffer, long offset, long bytes) {
        slot.begin();
        try (VkBufferCopy.Buffer region = VkBufferCopy.calloc(1)) {
            region.srcOffset(offset).size(bytes);
            VK10.vkCmdCopyBuffer(slot.commands(), buffer.buffer(), staging.buffer(), region);
        }
        slot.end(true);
        context.await(context.submit(slot, "checksum"));
        staging.invalidate();
    }
}
