package io.github.dinosplat.splat.train;

/**
 * A point of the training curve.
 *
 * @param iteration steps done
 * @param gaussians how many there were
 * @param loss mean training loss since the last point
 * @param heldOutPsnr mean over the held-out photos in decibels, NaN without any
 */
public record CurvePoint(int iteration, int gaussians, double loss, double heldOutPsnr) {}
