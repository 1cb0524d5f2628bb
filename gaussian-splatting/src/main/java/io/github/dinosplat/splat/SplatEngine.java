package io.github.dinosplat.splat;

import java.util.function.DoubleSupplier;

/**
 * Renders and optimises Gaussians. The trainer drives any engine without knowing which one it is.
 *
 * <p>An engine holds one state at a time and is used by one thread at a time; inside it may use several. The same state,
 * options and engine give the same bits, whatever the number of threads.
 */
public interface SplatEngine extends AutoCloseable {

    /**
     * The engine's name as it stands in reports.
     *
     * @return for example "jvm"
     */
    String name();

    /**
     * What executes the steps.
     *
     * @return processor or GPU, with the code path, in words
     */
    String device();

    /**
     * Takes a state to work on. The engine may change the given arrays in place from now on: the caller leaves them alone
     * until it asks for {@link #state()}.
     *
     * @param state what to render and train
     */
    void load(TrainingState state);

    /**
     * The state after the last step.
     *
     * @return the state; may be the very object that was loaded
     * @throws IllegalStateException if nothing was loaded
     */
    TrainingState state();

    /**
     * Renders the loaded Gaussians.
     *
     * @param view camera
     * @param options degree of the colours, background, dimming, features
     * @return a new picture, with features where the options ask for them and the Gaussians have some
     * @throws IllegalStateException if nothing was loaded
     */
    Rendering render(SplatView view, RenderOptions options);

    /**
     * One step of training on one photo: renders, takes the gradient of the loss, and moves every parameter by Adam.
     *
     * @param view the photo
     * @param options loss and step sizes
     * @return the loss before the step
     * @throws IllegalStateException if nothing was loaded
     */
    double step(TrainingView view, StepOptions options);

    /**
     * Starts a step as {@link #step} does, without waiting for it where the engine can: so the next one is made ready
     * while a device is busy. Steps are done in the order in which they were started.
     *
     * @param view the photo
     * @param options loss and step sizes
     * @return gives the loss when asked, and waits for the step then; to be asked before another state is loaded
     * @throws IllegalStateException if nothing was loaded
     */
    default DoubleSupplier start(TrainingView view, StepOptions options) {
        double loss = step(view, options);
        return () -> loss;
    }

    /**
     * Refines the Gaussians as in 3DGS-MCMC (Kheradmand et al. 2024): those that have faded are moved onto others, and
     * new ones are put onto others, such that pictures stay as they are; then all are put into {@link MortonOrder}. The
     * moments of moved and copied ones are zero, statistics start anew.
     *
     * @param target least number of Gaussians afterwards, where any live one exists
     * @param seed seed of the draws
     * @return how many Gaussians there are now
     * @throws IllegalStateException if nothing was loaded
     */
    int refine(int target, long seed);

    /** Frees what the engine holds; a second call does nothing. */
    @Override
    void close();
}
