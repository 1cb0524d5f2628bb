package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Gaussians;
import java.util.List;
import org.joml.Vector3d;

/**
 * Keeps Gaussians from being wide as seen from the cameras. The linear projection (Zwicker et al. 2002) spreads a wide
 * Gaussian beside a camera over the whole picture, before the surfaces by its depth along the axis: a veil, in every engine
 * that projects so. Where a training photo looks, training takes it away; elsewhere nothing does. With the bound a Gaussian
 * at a right angle to the viewing direction has less than a thousandth of its opacity in the middle of the picture.
 */
final class WidestAngle {

    /** Most standard deviation along any axis, by the distance to the nearest camera. */
    private static final double WIDEST = 0.2;

    private final Vector3d[] centres;

    /**
     * A bound before the cameras of some photos.
     *
     * @param views the photos
     */
    WidestAngle(List<View> views) {
        centres = views.stream()
                .map(view -> view.camFromWorld().targetOriginInSource())
                .toArray(Vector3d[]::new);
    }

    /** Makes all Gaussians narrow enough. */
    void hold(Gaussians gaussians) {
        float[] logScales = gaussians.logScales();
        for (int i = 0; i < gaussians.count(); i++) {
            float most = (float) Math.log(WIDEST * nearest(gaussians.means(), i));
            for (int k = 3 * i; k < 3 * i + 3; k++) {
                logScales[k] = Math.min(logScales[k], most);
            }
        }
    }

    /** The distance of a Gaussian to the nearest camera; never zero. */
    private double nearest(float[] means, int i) {
        double least = Double.MAX_VALUE;
        for (Vector3d centre : centres) {
            least = Math.min(least, centre.distanceSquared(means[3 * i], means[3 * i + 1], means[3 * i + 2]));
        }
        return Math.sqrt(Math.max(least, Float.MIN_NORMAL));
    }
}
