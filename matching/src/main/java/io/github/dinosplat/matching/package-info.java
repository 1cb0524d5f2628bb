/**
 * The whole way from photos to cameras, poses and sparse points:
 * {@link io.github.dinosplat.matching.StructureFromMotion}, with the choice of photo pairs, the cache of keypoints and matches
 * and the variants for scenes whose cameras are known already ({@link io.github.dinosplat.matching.SceneTriangulation},
 * {@link io.github.dinosplat.matching.SceneLocalisation}, {@link io.github.dinosplat.matching.SceneAdjustment}).
 *
 * <p>The steps have packages of their own, which know nothing of this one: {@code keypoint} finds keypoints in a photo,
 * {@code twoview} matches two photos, {@code sfm} maps a set of matched photos; {@code robust} and {@code adjust} are the
 * estimators below them.
 *
 * <p>Positions are in pixels of the stored photo, the centre of the top left pixel at (0.5, 0.5). Everything is
 * deterministic: the same photos, options and seed give the same keypoints and matches for any number of threads.
 *
 * <p>May use: scene, features, JOML.
 */
@NullMarked
package io.github.dinosplat.matching;

import org.jspecify.annotations.NullMarked;
