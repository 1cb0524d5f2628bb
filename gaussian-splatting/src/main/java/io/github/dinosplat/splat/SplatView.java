package io.github.dinosplat.splat;

import io.github.dinosplat.scene.Rigid3;

/**
 * What a picture is rendered for: a camera of some kind at a place. A closed family, since every engine has a projection
 * for each kind.
 */
public sealed interface SplatView permits PinholeView, OrthographicView {

    /**
     * Width of the picture.
     *
     * @return pixels
     */
    int width();

    /**
     * Height of the picture.
     *
     * @return pixels
     */
    int height();

    /**
     * The pose.
     *
     * @return camera from world; x to the right, y down, z along the view
     */
    Rigid3 camFromWorld();

    /**
     * The same camera at another place.
     *
     * @param newCamFromWorld camera from world
     * @return a view of the same kind
     */
    SplatView withPose(Rigid3 newCamFromWorld);

    /**
     * Checks the size of a picture.
     *
     * @param width pixels
     * @param height pixels
     * @throws IllegalArgumentException if a side is not positive or the picture has more than 2^30 pixels
     */
    static void requireSize(int width, int height) {
        if (width <= 0 || height <= 0 || (long) width * height > 1L << 30) {
            throw new IllegalArgumentException(
                    "picture size must be positive and at most 2^30 pixels but was " + width + "x" + height);
        }
    }
}
