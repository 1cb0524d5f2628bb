package io.github.dinosplat.matching.adjust;

/**
 * How a bundle adjustment runs.
 *
 * @param maxIterations most Levenberg-Marquardt iterations, tried steps included
 * @param loss loss on the reprojection errors
 * @param relativeTolerance stop when a step lowers the cost by less than this share
 * @param denseLimit up to this many unknowns of poses and intrinsics, the reduced system is solved by dense Cholesky
 *     factorisation, beyond by preconditioned conjugate gradients
 */
public record AdjustmentOptions(int maxIterations, RobustLoss loss, double relativeTolerance, int denseLimit) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public AdjustmentOptions {
        if (maxIterations < 0) {
            throw new IllegalArgumentException("maxIterations must not be negative but was " + maxIterations);
        }
        if (!(relativeTolerance >= 0)) {
            throw new IllegalArgumentException("relativeTolerance must not be negative but was " + relativeTolerance);
        }
    }

    /**
     * The usual: up to 50 iterations of least squares, dense up to about 660 photos.
     *
     * @return options
     */
    public static AdjustmentOptions defaults() {
        return new AdjustmentOptions(50, RobustLoss.SQUARED, 1e-6, 4000);
    }

    /**
     * For keypoints matched by a robust estimation, a few of which are still wrong: Cauchy's loss at 1.5 pixels.
     *
     * @param iterations most iterations
     * @param tolerance relative decrease of the cost to stop at
     * @return options
     */
    public static AdjustmentOptions ofKeypoints(int iterations, double tolerance) {
        return defaults().withLimits(iterations, tolerance).withLoss(new RobustLoss(RobustLoss.Kind.CAUCHY, 1.5));
    }

    /**
     * The same with another loss.
     *
     * @param newLoss loss
     * @return new options
     */
    public AdjustmentOptions withLoss(RobustLoss newLoss) {
        return new AdjustmentOptions(maxIterations, newLoss, relativeTolerance, denseLimit);
    }

    /**
     * The same with another limit of iterations and tolerance.
     *
     * @param iterations most iterations
     * @param tolerance relative decrease of the cost to stop at
     * @return new options
     */
    public AdjustmentOptions withLimits(int iterations, double tolerance) {
        return new AdjustmentOptions(iterations, loss, tolerance, denseLimit);
    }

    /**
     * The same with another switch-over to conjugate gradients.
     *
     * @param unknowns most unknowns of the dense solver
     * @return new options
     */
    public AdjustmentOptions withDenseLimit(int unknowns) {
        return new AdjustmentOptions(maxIterations, loss, relativeTolerance, unknowns);
    }
}
