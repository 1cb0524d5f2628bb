package io.github.dinosplat.splat;

import io.github.dinosplat.scene.Rigid3;

/**
 * A parallel projection along the z axis of its frame, as of a map or an orthophoto: a point at (x, y, z) in the camera
 * frame falls on the pixel {@code (scaleX * x + cx, scaleY * y + cy)}, and z is its depth. Colours are those of the one
 * viewing direction.
 *
 * @param scaleX pixels per scene unit to the right
 * @param scaleY pixels per scene unit downwards
 * @param cx where the frame's axis meets the picture, in pixels from the left border
 * @param cy likewise, in pixels from the upper border
 * @param width picture width in pixels
 * @param height picture height in pixels
 * @param camFromWorld pose
 */
public record OrthographicView(
        double scaleX, double scaleY, double cx, double cy, int width, int height, Rigid3 camFromWorld)
        implements SplatView {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a size or scale is not positive, the picture has more than 2^30 pixels or the
     *     axis is not finite
     */
    public OrthographicView {
        SplatView.requireSize(width, height);
        if (!(scaleX > 0 && scaleY > 0 && Double.isFinite(scaleX) && Double.isFinite(scaleY))) {
            throw new IllegalArgumentException("scales must be positive but were " + scaleX + ", " + scaleY);
        }
        if (!Double.isFinite(cx) || !Double.isFinite(cy)) {
            throw new IllegalArgumentException("the axis must be finite but was " + cx + ", " + cy);
        }
    }

    @Override
    public OrthographicView withPose(Rigid3 newCamFromWorld) {
        return new OrthographicView(scaleX, scaleY, cx, cy, width, height, newCamFromWorld);
    }
}
