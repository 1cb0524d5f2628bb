package io.github.dinosplat.vulkan;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what was added, last first. A factory of several steps builds in a scope and {@linkplain #release() releases} it when
 * all went well, so that a failure half-way leaves nothing behind.
 */
public final class Scope implements AutoCloseable {

    private final Deque<AutoCloseable> members = new ArrayDeque<>();

    /** An empty scope. */
    public Scope() {}

    /**
     * Adds something to close.
     *
     * @param member what to close with this scope
     * @param <T> its type
     * @return the member
     */
    public <T extends AutoCloseable> T add(T member) {
        members.push(member);
        return member;
    }

    /** Forgets all members without closing them: they have another owner now. */
    public void release() {
        members.clear();
    }

    /** Closes all members, the last added first, also when one of them fails; the first failure is thrown at the end. */
    @Override
    public void close() {
        RuntimeException failure = null;
        while (!members.isEmpty()) {
            try {
                members.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
