package io.github.dinosplat.matching.robust;

import java.util.Arrays;

/** A robustly fitted 3x3 matrix (fundamental matrix or homography) and the correspondences that agree with it. */
public final class RobustMatrix {

    private final double[] matrix;
    private final int[] inliers;
    private final double score;
    private final int trials;

    RobustMatrix(double[] matrix, int[] inliers, double score, int trials) {
        this.matrix = matrix;
        this.inliers = inliers;
        this.score = score;
        this.trials = trials;
    }

    /**
     * The matrix.
     *
     * @return a new array, nine entries row by row, Frobenius norm 1
     */
    public double[] matrix() {
        return matrix.clone();
    }

    /**
     * The correspondences that agree.
     *
     * @return ascending indices; must not be changed
     */
    public int[] inliers() {
        return inliers;
    }

    /**
     * Sum of the inliers' soft votes, each from 0 at the threshold to 1 at residual 0.
     *
     * @return score, the greater the better
     */
    public double score() {
        return score;
    }

    /**
     * Samples drawn.
     *
     * @return count
     */
    public int trials() {
        return trials;
    }

    @Override
    public String toString() {
        return inliers.length + " inliers, score " + score + ", " + trials + " trials: " + Arrays.toString(matrix);
    }
}
