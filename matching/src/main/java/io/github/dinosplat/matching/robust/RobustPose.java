package io.github.dinosplat.matching.robust;

import io.github.dinosplat.scene.Rigid3;

/** A robustly fitted pose and the correspondences that agree with it. */
public final class RobustPose {

    private final Rigid3 pose;
    private final int[] inliers;
    private final double score;
    private final int trials;

    RobustPose(Rigid3 pose, int[] inliers, double score, int trials) {
        this.pose = pose;
        this.inliers = inliers;
        this.score = score;
        this.trials = trials;
    }

    /**
     * The pose: {@code camFromWorld} of an absolute pose; {@code bFromA} with a unit translation of a relative one.
     *
     * @return the pose
     */
    public Rigid3 pose() {
        return pose;
    }

    /**
     * The correspondences that agree, in front of the camera or cameras.
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
        return inliers.length + " inliers, score " + score + ", " + trials + " trials: " + pose;
    }
}
