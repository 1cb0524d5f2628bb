package io.github.dinosplat.matching.robust;

/** What {@link LoRansac} has to know of a model: how to guess it from few data, judge it and improve it. */
interface Problem {

    /** Number of data. */
    int size();

    /** Data in a minimal sample. */
    int sampleSize();

    /** Doubles in a model. */
    int modelLength();

    /** Most models that one sample can give. */
    int maxModels();

    /**
     * The models through a minimal sample.
     *
     * @param sample distinct data indices
     * @param models receives the models one after the other
     * @return how many models there are; 0 for a degenerate sample
     */
    int solve(int[] sample, double[] models);

    /**
     * Squared residuals in squared pixels; infinite where the datum cannot agree with any pose (behind a camera).
     *
     * @param models array that holds the model
     * @param offset where the model starts
     * @param from first datum
     * @param to end of the data, exclusive
     * @param out [size] receives the residuals at the data's own indices
     */
    void squaredResiduals(double[] models, int offset, int from, int to, double[] out);

    /**
     * Makes the residuals of data infinite that fit the model's equation but cannot have been seen so, such as points behind
     * a camera.
     *
     * @param models array that holds the model
     * @param offset where the model starts
     * @param residuals [size] squared residuals of the model
     * @param limit squared threshold of an inlier
     */
    default void exclude(double[] models, int offset, double[] residuals, double limit) {}

    /**
     * One Gauss-Newton step of weighted least squares.
     *
     * @param model is moved in place
     * @param weights [size] weights, 0 for data to be left out
     * @return false if the step could not be computed; the model is then unchanged
     */
    boolean step(double[] model, double[] weights);
}
