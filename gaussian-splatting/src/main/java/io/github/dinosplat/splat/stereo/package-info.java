/**
 * Dense depth from photos with known cameras: PatchMatch stereo, so that splats can start on the surfaces.
 *
 * <p>Main types: {@link io.github.dinosplat.splat.stereo.DenseDepth} (the entry point),
 * {@link io.github.dinosplat.splat.stereo.StereoView} (what it is given). Knows cameras ({@link
 * io.github.dinosplat.splat.PinholeView}) but no splats.
 */
@NullMarked
package io.github.dinosplat.splat.stereo;

import org.jspecify.annotations.NullMarked;
