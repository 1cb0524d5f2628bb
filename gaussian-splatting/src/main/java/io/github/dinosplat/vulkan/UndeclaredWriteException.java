package io.github.dinosplat.vulkan;

/** A kernel wrote a buffer that it had not declared to write, or beyond the end of a buffer. Where writes are checked only. */
public final class UndeclaredWriteException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String command;
    private final String buffer;

    UndeclaredWriteException(String command, String buffer, String what) {
        super("kernel " + command + " wrote " + what + " buffer " + buffer);
        this.command = command;
        this.buffer = buffer;
    }

    /** {@return name of the kernel} */
    public String command() {
        return command;
    }

    /** {@return name of the buffer that changed} */
    public String buffer() {
        return buffer;
    }
}
