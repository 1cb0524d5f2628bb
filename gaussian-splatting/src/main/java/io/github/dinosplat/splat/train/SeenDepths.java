package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.splat.PicturePoint;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.stereo.DenseDepth;

/**
 * What is known about the depths of a photo.
 *
 * @param camera its camera and pose, of the map's size
 * @param map the depths
 */
record SeenDepths(PinholeView camera, DepthMap map) {

    /** What lies up to this factor beyond a photo's surface is seen by it. */
    private static final double SEEN = 1.1;

    /** The depth of what is seen where a point is, 0 where that is unknown. */
    double depth(PicturePoint point) {
        return map.depth((int) point.x(), (int) point.y());
    }

    float confidence(PicturePoint point) {
        return map.confidence((int) point.x(), (int) point.y());
    }

    /** Whether the surface where a point is leaves the point in view, or is not known. */
    boolean mayShow(PicturePoint point) {
        return confidence(point) < DenseDepth.GUESSED || point.depth() < SEEN * depth(point);
    }
}
