/**
 * Dense depth from photos with known cameras: PatchMatch stereo, and a sweep over a network's patches, so that splats can
 * start on the surfaces.
 *
 * <p>Main types: {@link io.github.dinosplat.splat.stereo.DenseDepth} and
 * {@link io.github.dinosplat.splat.stereo.PatchDepth} (the entry points),
 * {@link io.github.dinosplat.splat.stereo.StereoView} (what they are given). Knows cameras ({@link
 * io.github.dinosplat.splat.PinholeView}) but no splats.
 */
@NullMarked
package io.github.dinosplat.splat.stereo;

import org.jspecify.annotations.NullMarked;
