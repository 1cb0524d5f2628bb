/**
 * Gaussian splatting: the Gaussians, what a training step is given, and the interface of the two engines that render and
 * train them.
 *
 * <p>Main types: {@link io.github.dinosplat.splat.Gaussians} (the result),
 * {@link io.github.dinosplat.splat.TrainingState} (what a checkpoint holds),
 * {@link io.github.dinosplat.splat.SplatEngine} (renders and optimises). Depends on the scene package only.
 *
 * <p>Conventions of the rendering, shared by all engines: pixel centres at +0.5; colours are sRGB values from 0 to 1; a
 * low-pass of 0.3 square pixels on the diagonal of the projected covariance; near plane at 0.01 scene units; a Gaussian
 * counts at a pixel where its alpha is at least 1/255 and contributes at most 0.99; a pixel is finished before the
 * Gaussian that would bring its transmittance to 1e-4 or less; x/z and y/z in the Jacobian are clamped 30 % of half the
 * field of view outside of the picture.
 */
@NullMarked
package io.github.dinosplat.splat;

import org.jspecify.annotations.NullMarked;
