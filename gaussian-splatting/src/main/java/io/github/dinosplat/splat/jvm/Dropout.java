package io.github.dinosplat.splat.jvm;

/**
 * Which Gaussians a training step leaves out, see {@link io.github.dinosplat.splat.StepOptions#dropout}.
 *
 * @param share the probability of each one, at least 0 and below 1
 * @param seed seed of the run
 * @param step number of the step
 */
record Dropout(double share, long seed, long step) {

    /** All are rendered as they are. */
    static final Dropout NONE = new Dropout(0, 0, 0);

    boolean drops(int index) {
        return share > 0 && CounterNoise.uniform(seed, step, index) < share;
    }

    /** The opacity with which one is rendered that is not left out. */
    float opacity(float opacity) {
        return share > 0 ? (float) Math.min(1, opacity / (1 - share)) : opacity;
    }
}
