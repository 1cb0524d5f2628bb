/**
 * Training of Gaussian splats from a scene with known cameras.
 *
 * <p>Main types: {@link io.github.dinosplat.splat.train.SplatTrainer} (the entry point),
 * {@link io.github.dinosplat.splat.train.TrainOptions}, {@link io.github.dinosplat.splat.train.TrainResult}. The trainer
 * drives any {@link io.github.dinosplat.splat.SplatEngine} and does not know which one it is. Depends on the scene and
 * splat packages only.
 */
@NullMarked
package io.github.dinosplat.splat.train;

import org.jspecify.annotations.NullMarked;
