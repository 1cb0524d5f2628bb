package io.github.dinosplat.depth;

/**
 * What a trend follows besides the photo's points.
 *
 * @param trust 0 to 1: how far the head's prediction and the features are followed; at 0 the points alone
 * @param plane whether a plane is followed beyond the points, as walls and floors go on; else the trend returns to the
 *     prediction
 */
record TrendKind(double trust, boolean plane) {}
