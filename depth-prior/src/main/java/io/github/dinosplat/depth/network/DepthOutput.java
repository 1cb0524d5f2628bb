package io.github.dinosplat.depth.network;

/**
 * What the numbers of a depth network mean. Metric depth and metric points are depth and points whose unit happens to be the
 * metre: the alignment to a scene's points finds the unit of every kind.
 */
public enum DepthOutput {
    /** Inverse depth up to a factor and an offset: MiDaS, Depth Anything V1 and V2. */
    INVERSE,
    /** Depth along the viewing axis up to a factor: Depth Anything 3, Metric3D, the metric versions of Depth Anything V2. */
    DEPTH,
    /** The logarithm of the depth, up to an offset. */
    LOG,
    /** Points in the camera's frame, right, down and forward, up to a factor and an unknown shift forward: MoGe. */
    POINTS
}
