package io.github.dinosplat.vulkan;

/** What a command does with a buffer. */
public enum Access {
    /** It is only read. */
    READ,
    /** It is only written. */
    WRITE,
    /** It is read and written. */
    UPDATE;

    /** {@return whether the buffer is changed} */
    public boolean writes() {
        return this != READ;
    }

    /** {@return whether the buffer's content matters} */
    public boolean reads() {
        return this != WRITE;
    }

    /**
     * Whether two commands have to run one after the other if they do this to one buffer.
     *
     * @param other access by the other command
     * @return false only if both just read
     */
    public boolean conflictsWith(Access other) {
        return writes() || other.writes();
    }
}
