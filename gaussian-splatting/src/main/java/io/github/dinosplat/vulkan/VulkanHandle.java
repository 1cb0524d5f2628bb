package io.github.dinosplat.vulkan;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A native object with one owner. {@link #close()} may be called any number of times and destroys once; whoever uses a closed
 * handle gets an {@link IllegalStateException} with its name. Counted in a {@link HandleRegistry} from making to closing.
 */
abstract sealed class VulkanHandle implements AutoCloseable
        permits Instance, LogicalDevice, DeviceBuffer, HostBuffer, Kernel, Commands {

    private final HandleRegistry registry;
    private final String name;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** The submission that used this last; it has to be over before the object can go. */
    private long lastUse;

    VulkanHandle(HandleRegistry registry, String name) {
        this.registry = registry;
        this.name = name;
        registry.add(this);
    }

    /** {@return the name given by the owner, as it stands in messages} */
    public final String name() {
        return name;
    }

    /** What is counted together. */
    final String kind() {
        return getClass().getSimpleName();
    }

    /** Throws if this was closed. */
    final void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException(kind() + " '" + name + "' is closed");
        }
    }

    /** Throws if this was closed, or a range does not lie in the bytes that it has. */
    final void requireInside(long offset, long length, long bytes) {
        requireOpen();
        if (offset < 0 || length < 0 || offset % 4 != 0 || offset + length > bytes) {
            throw new IllegalArgumentException("range must lie in the " + bytes + " bytes of " + this
                    + " and start at a multiple of 4 but was " + offset + " + " + length);
        }
    }

    final boolean isClosed() {
        return closed.get();
    }

    final void usedBy(long submission) {
        lastUse = Math.max(lastUse, submission);
    }

    final long lastUse() {
        return lastUse;
    }

    /** Frees the native object after the last submission that uses it is over; further calls do nothing. */
    @Override
    public final void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                destroy();
            } finally {
                registry.remove(this);
            }
        }
    }

    /** Frees the native object; called once. */
    abstract void destroy();

    @Override
    public final String toString() {
        return kind() + " '" + name + "'";
    }
}
