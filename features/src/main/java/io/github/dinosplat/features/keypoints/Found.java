package io.github.dinosplat.features.keypoints;

/**
 * A keypoint in the reduced photo, pixel centres at +0.5.
 *
 * @param x horizontal position
 * @param y vertical position
 * @param score higher is better
 * @param values array that holds its descriptor
 * @param at index of the descriptor's first value
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Found(double x, double y, float score, float[] values, int at) {}
