package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.scene.Camera;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A photo ready to be matched: its keypoints, their descriptors as bytes and, where its intrinsics are known or assumed, their
 * positions without distortion. Made once for each photo, used for all its pairs.
 */
public final class MatchablePhoto {

    private final Keypoints keypoints;
    private final @Nullable Camera camera;
    private final double[] undistorted;
    private final ByteDescriptors descriptors;

    /**
     * A photo.
     *
     * @param keypoints its keypoints
     * @param camera its intrinsics, known or assumed; empty for matching by fundamental matrices
     */
    public MatchablePhoto(Keypoints keypoints, Optional<Camera> camera) {
        this.keypoints = keypoints;
        this.camera = camera.orElse(null);
        descriptors = ByteDescriptors.of(keypoints.descriptors());
        undistorted = new double[2 * keypoints.count()];
        double[] ray = new double[2];
        for (int i = 0; i < keypoints.count(); i++) {
            undistorted[2 * i] = keypoints.x(i);
            undistorted[2 * i + 1] = keypoints.y(i);
            if (camera.isPresent()) {
                Camera c = camera.get();
                c.unproject(keypoints.x(i), keypoints.y(i), ray);
                undistorted[2 * i] = c.fx() * ray[0] + c.cx();
                undistorted[2 * i + 1] = c.fy() * ray[1] + c.cy();
            }
        }
    }

    /**
     * The keypoints.
     *
     * @return keypoints
     */
    public Keypoints keypoints() {
        return keypoints;
    }

    /**
     * The intrinsics.
     *
     * @return camera; empty where nothing is assumed
     */
    public Optional<Camera> camera() {
        return Optional.ofNullable(camera);
    }

    /** The keypoints' descriptors as they are compared. */
    ByteDescriptors descriptors() {
        return descriptors;
    }

    /** [n, 2] pixels that the same camera without distortion would see: epipolar lines are straight in them. */
    double[] undistorted() {
        return undistorted;
    }
}
