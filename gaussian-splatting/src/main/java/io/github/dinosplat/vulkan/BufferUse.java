package io.github.dinosplat.vulkan;

/**
 * A buffer that a command uses, and how. Push constants declare theirs by {@link Reads}, {@link Writes} and {@link Updates};
 * what a kernel reaches otherwise, by an address inside another buffer, is declared with these when it is dispatched.
 *
 * @param buffer buffer
 * @param access what is done with it
 */
public record BufferUse(DeviceBuffer buffer, Access access) {

    /**
     * A buffer that is only read.
     *
     * @param buffer buffer
     * @return use
     */
    public static BufferUse reads(DeviceBuffer buffer) {
        return new BufferUse(buffer, Access.READ);
    }

    /**
     * A buffer that is only written.
     *
     * @param buffer buffer
     * @return use
     */
    public static BufferUse writes(DeviceBuffer buffer) {
        return new BufferUse(buffer, Access.WRITE);
    }
}
