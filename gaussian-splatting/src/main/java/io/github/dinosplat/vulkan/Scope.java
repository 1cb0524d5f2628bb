package io.github.dinosplat.vulkan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/**
 * Closes what was added, last first. What is made in several steps is made in a scope, by {@link #allOrNothing}, so that a
 * failure half-way leaves nothing behind.
 */
public final class Scope implements AutoCloseable {

    private final Deque<AutoCloseable> members = new ArrayDeque<>();

    /** An empty scope. */
    public Scope() {}

    /**
     * Makes an object of parts that have to be closed. If that fails half-way, the parts made so far are closed.
     *
     * @param make adds each part to a scope of its own, to be closed by the object
     * @param <T> its type
     * @return the object
     */
    public static <T> T allOrNothing(Function<Scope, T> make) {
        Scope scope = new Scope();
        try {
            return make.apply(scope);
        } catch (RuntimeException | Error e) {
            scope.closeAfter(e);
            throw e;
        }
    }

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

    private void closeAfter(Throwable cause) {
        try {
            close();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }
}
