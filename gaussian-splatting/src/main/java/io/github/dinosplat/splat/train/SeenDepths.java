package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.splat.PicturePoint;
import io.github.dinosplat.splat.PinholeView;

/**
 * What is known about the depths of a photo.
 *
 * @param camera its camera and pose, of the map's size
 * @param map the depths
 */
record SeenDepths(PinholeView camera, DepthMap map) {

    /** The depth of what is seen where a point is, 0 where that is unknown. */
    double depth(PicturePoint point) {
        return map.depth((int) point.x(), (int) point.y());
    }

    float confidence(PicturePoint point) {
        return map.confidence((int) point.x(), (int) point.y());
    }
}
