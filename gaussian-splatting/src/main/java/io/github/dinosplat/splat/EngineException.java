package io.github.dinosplat.splat;

/**
 * An engine cannot go on: its device is gone, has too little memory, or there is none. What it held since it was last asked
 * for its state is lost; another engine can go on from a state that was saved before.
 */
public final class EngineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * A failure.
     *
     * @param message what happened and what can be done, in one line
     */
    public EngineException(String message) {
        super(message);
    }

    /**
     * A failure with its cause.
     *
     * @param message what happened and what can be done, in one line
     * @param cause what the engine was told
     */
    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
