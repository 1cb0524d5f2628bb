/**
 * Keypoints of single photos: SIFT with RootSIFT descriptors ({@link io.github.dinosplat.matching.keypoint.KeypointDetector}),
 * keypoints of a network in their place, and keypoints of synthetic views of a photo.
 *
 * <p>Positions are in pixels of the stored photo, the centre of the top left pixel at (0.5, 0.5).
 *
 * <p>May use: scene, features, JOML.
 */
@NullMarked
package io.github.dinosplat.matching.keypoint;

import org.jspecify.annotations.NullMarked;
