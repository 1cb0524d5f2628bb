package io.github.dinosplat.vulkan;

/**
 * A number of items that stands in a buffer, so that the host need not know it. A kernel that works on so many items reads it,
 * cuts it to what its buffers hold, and is started by {@link IndirectGroups}.
 *
 * @param word the number, 4 bytes long
 */
public record DeviceCount(BufferRange word) {

    /** Checks the length. */
    public DeviceCount {
        if (word.bytes() != Integer.BYTES) {
            throw new IllegalArgumentException("word must have 4 bytes but has " + word.bytes());
        }
    }

    /**
     * A number in a buffer of 32-bit words.
     *
     * @param buffer buffer
     * @param index which word
     * @return count
     */
    public static DeviceCount at(DeviceBuffer buffer, int index) {
        return new DeviceCount(buffer.range(4L * index, Integer.BYTES));
    }
}
