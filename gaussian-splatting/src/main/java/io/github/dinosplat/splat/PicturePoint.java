package io.github.dinosplat.splat;

/**
 * Where a camera sees a point.
 *
 * @param x pixels from the left border
 * @param y pixels from the upper border
 * @param depth distance along the viewing direction, in scene units
 */
public record PicturePoint(double x, double y, double depth) {}
