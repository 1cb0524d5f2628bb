/**
 * The engine that runs on the processor: plain Java loops, with vector instructions where {@code jdk.incubator.vector} is
 * present. Entry point: {@link io.github.dinosplat.splat.jvm.JvmEngine}.
 *
 * <p>A step is a chain of stages, each a class: {@code Projection} and {@code Projector} (3-D to 2-D), {@code DepthOrder},
 * {@code TileCover} and {@code TileLists} (which Gaussians meet which tile, nearest first), {@code TileBlender} (forward
 * and backward), {@code PhotometricLoss}, {@code GaussianGradient} and {@code ParameterUpdate}. Nothing is summed in the
 * order in which threads happen to finish.
 */
@NullMarked
package io.github.dinosplat.splat.jvm;

import org.jspecify.annotations.NullMarked;
