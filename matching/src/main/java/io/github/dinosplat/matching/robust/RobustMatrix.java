package io.github.dinosplat.matching.robust;

import java.util.Arrays;

/** A robustly fitted 3x3 matrix (fundamental matrix or homography) and the correspondences that agree with it. */
public final class RobustMatrix extends RobustFit {

    private final double[] matrix;

    RobustMatrix(double[] matrix, LoRansac.Fit fit) {
        super(fit);
        this.matrix = matrix;
    }

    /**
     * The matrix.
     *
     * @return a new array, nine entries row by row, Frobenius norm 1
     */
    public double[] matrix() {
        return matrix.clone();
    }

    @Override
    public String toString() {
        return super.toString() + Arrays.toString(matrix);
    }
}
