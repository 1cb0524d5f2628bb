/**
 * Incremental structure from motion: from verified matches to cameras, poses and points.
 * {@link io.github.dinosplat.matching.sfm.IncrementalMapper} is the entry point.
 *
 * <p>May use: {@code matching.keypoint}, {@code matching.twoview}, {@code matching.robust}, {@code matching.adjust}, scene, JOML.
 * The overall course follows
 * Sch&ouml;nberger and Frahm, "Structure-from-Motion Revisited", 2016.
 */
@NullMarked
package io.github.dinosplat.matching.sfm;

import org.jspecify.annotations.NullMarked;
