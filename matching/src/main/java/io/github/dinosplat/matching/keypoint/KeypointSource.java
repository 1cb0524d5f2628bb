package io.github.dinosplat.matching.keypoint;

import io.github.dinosplat.scene.Image;

/** Finds and describes the keypoints of photos. Safe for use by several threads; the same photo gives the same keypoints. */
public interface KeypointSource {

    /**
     * Finds keypoints.
     *
     * @param photo the photo
     * @return keypoints in pixels of this photo, strongest first
     */
    Keypoints detect(Image photo);

    /**
     * What the keypoints are called.
     *
     * @return such as {@code SIFT}
     */
    String name();

    /**
     * Everything on which the keypoints of a photo depend but the photo, for caches and reports.
     *
     * @return a text
     */
    String key();
}
