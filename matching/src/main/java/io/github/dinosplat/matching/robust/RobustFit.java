package io.github.dinosplat.matching.robust;

/** What every robust estimation tells besides its model. */
public abstract sealed class RobustFit permits RobustPose, RobustMatrix {

    private final LoRansac.Fit fit;

    RobustFit(LoRansac.Fit fit) {
        this.fit = fit;
    }

    /**
     * The correspondences that agree; those of a pose also lie in front of the camera or cameras.
     *
     * @return ascending indices; must not be changed
     */
    public int[] inliers() {
        return fit.inliers();
    }

    /**
     * Sum of the inliers' soft votes, each from 0 at the threshold to 1 at residual 0.
     *
     * @return score, the greater the better
     */
    public double score() {
        return fit.score();
    }

    /**
     * Samples drawn.
     *
     * @return count
     */
    public int trials() {
        return fit.trials();
    }

    @Override
    public String toString() {
        return inliers().length + " inliers, score " + score() + ", " + trials() + " trials: ";
    }
}
