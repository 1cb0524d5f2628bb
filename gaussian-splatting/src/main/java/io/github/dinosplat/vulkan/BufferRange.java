package io.github.dinosplat.vulkan;

/**
 * A part of a buffer, to be handed to a kernel by its address. Hazards are found for the whole buffer.
 *
 * @param buffer buffer
 * @param offset first byte, a multiple of 4
 * @param bytes length in bytes
 */
public record BufferRange(DeviceBuffer buffer, long offset, long bytes) {

    /** Checks the range. */
    public BufferRange {
        if (offset < 0 || bytes < 0 || offset % 4 != 0 || offset + bytes > buffer.bytes()) {
            throw new IllegalArgumentException("range must lie in the " + buffer.bytes() + " bytes of " + buffer
                    + " and start at a multiple of 4 but was " + offset + " + " + bytes);
        }
    }
}
