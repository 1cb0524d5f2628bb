package io.github.dinosplat.scene;

import java.util.concurrent.CancellationException;

/**
 * Receives the progress of long work and can ask it to stop. Called from the thread that started the work or from its
 * workers, so implementations must be safe for use by several threads.
 */
public interface Progress {

    /** Ignores everything and never cancels. */
    Progress NONE = (stage, done, total, detail) -> {};

    /**
     * Some of a stage's work is done.
     *
     * @param stage name of the stage, e.g. {@code "keypoints"}
     * @param done units of work that are finished
     * @param total units of work in the stage
     * @param detail a few words on the present state, e.g. {@code "loss 0.043"}; may be empty
     */
    void update(String stage, long done, long total, String detail);

    /**
     * Whether the work should stop as soon as it safely can.
     *
     * @return true to stop
     */
    default boolean isCancelled() {
        return false;
    }

    /**
     * Stops the calling work if that was asked for.
     *
     * @throws CancellationException if {@link #isCancelled()}
     */
    default void checkCancelled() {
        if (isCancelled()) {
            throw new CancellationException("stopped on request");
        }
    }
}
