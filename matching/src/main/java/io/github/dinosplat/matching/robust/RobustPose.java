package io.github.dinosplat.matching.robust;

import io.github.dinosplat.scene.Rigid3;

/** A robustly fitted pose and the correspondences that agree with it. */
public final class RobustPose extends RobustFit {

    private final Rigid3 pose;

    RobustPose(Rigid3 pose, LoRansac.Fit fit) {
        super(fit);
        this.pose = pose;
    }

    /**
     * The pose: {@code camFromWorld} of an absolute pose; {@code bFromA} with a unit translation of a relative one.
     *
     * @return the pose
     */
    public Rigid3 pose() {
        return pose;
    }

    @Override
    public String toString() {
        return super.toString() + pose;
    }
}
