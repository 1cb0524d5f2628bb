/**
 * Bundle adjustment: poses, points and shared intrinsics refined together until the observed and projected pixels agree
 * best. {@link io.github.dinosplat.matching.adjust.BundleProblem} holds what is known and refined,
 * {@link io.github.dinosplat.matching.adjust.BundleAdjustment} solves it.
 *
 * <p>Depends on the scene's vocabulary only.
 */
@NullMarked
package io.github.dinosplat.matching.adjust;

import org.jspecify.annotations.NullMarked;
