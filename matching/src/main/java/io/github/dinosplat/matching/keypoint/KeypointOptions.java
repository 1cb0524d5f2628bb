package io.github.dinosplat.matching.keypoint;

/**
 * How keypoints are found.
 *
 * @param maxKeypoints most keypoints for each photo
 * @param maxLongSide photos are reduced to this many pixels along their long side first
 * @param minContrast least contrast of a keypoint, as a share of white
 * @param maxEdgeRatio greatest ratio of the two curvatures; beyond it a keypoint lies on an edge
 */
public record KeypointOptions(int maxKeypoints, int maxLongSide, double minContrast, double maxEdgeRatio) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public KeypointOptions {
        if (maxKeypoints < 1) {
            throw new IllegalArgumentException("maxKeypoints must be at least 1 but was " + maxKeypoints);
        }
        if (maxLongSide < 16) {
            throw new IllegalArgumentException("maxLongSide must be at least 16 pixels but was " + maxLongSide);
        }
        if (!(minContrast > 0 && minContrast < 1)) {
            throw new IllegalArgumentException("minContrast must be within (0, 1) but was " + minContrast);
        }
        if (!(maxEdgeRatio >= 1)) {
            throw new IllegalArgumentException("maxEdgeRatio must be at least 1 but was " + maxEdgeRatio);
        }
    }

    /**
     * At most 10240 keypoints at up to 2000 pixels; contrast and edges as in COLMAP, whose limit of 8192 does not count
     * second orientations and the rest of a scale (12,000 on fountain-P11).
     *
     * @return default options
     */
    public static KeypointOptions defaults() {
        return new KeypointOptions(10_240, 2000, 0.02 / 3, 10);
    }

    /**
     * The same options with another limit on the keypoints.
     *
     * @param most most keypoints for each photo
     * @return new options
     */
    public KeypointOptions withMaxKeypoints(int most) {
        return new KeypointOptions(most, maxLongSide, minContrast, maxEdgeRatio);
    }

    /**
     * The same options with another working size.
     *
     * @param longSide pixels along the long side
     * @return new options
     */
    public KeypointOptions withMaxLongSide(int longSide) {
        return new KeypointOptions(maxKeypoints, longSide, minContrast, maxEdgeRatio);
    }
}
