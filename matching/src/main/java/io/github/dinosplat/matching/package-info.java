/**
 * From photos to verified correspondences: SIFT keypoints with RootSIFT descriptors, the choice of photo pairs, matching
 * and two-view geometry.
 *
 * <p>Positions are in pixels of the stored photo, the centre of the top left pixel at (0.5, 0.5). Everything is
 * deterministic: the same photos, options and seed give the same keypoints and matches for any number of threads.
 *
 * <p>May use: scene, features, JOML, BoofCV (minimal solvers only).
 */
@NullMarked
package io.github.dinosplat.matching;

import org.jspecify.annotations.NullMarked;
