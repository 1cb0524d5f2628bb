package io.github.dinosplat.matching;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import org.joml.Vector3d;

/** How far the relative poses of a reconstruction are from the truth. */
final class PoseErrors {

    private PoseErrors() {}

    /** Greatest rotation error over all pairs of registered photos, in degrees. */
    static double worstRotationDeg(Scene scene, Scene truth) {
        return worst(scene, truth, false);
    }

    /** Greatest angle between the found and the true direction from one photo to another, in degrees. */
    static double worstDirectionDeg(Scene scene, Scene truth) {
        return worst(scene, truth, true);
    }

    /**
     * Area under the recall curve of relative poses up to an angle, divided by that angle: the mean over all pairs of true
     * views of {@code max(0, 1 - error / deg)}, the error being the greater of the rotation's and the direction's. Pairs with a
     * view that was not found count as wrong.
     */
    static double auc(Scene scene, Scene truth, double deg) {
        double sum = 0;
        int pairs = 0;
        for (View a : truth.views()) {
            for (View b : truth.views()) {
                if (a.name().compareTo(b.name()) < 0) {
                    pairs++;
                    if (scene.view(a.name()).isPresent() && scene.view(b.name()).isPresent()) {
                        Rigid3 found = pose(scene, b).compose(pose(scene, a).inverse());
                        Rigid3 expected =
                                b.camFromWorld().compose(a.camFromWorld().inverse());
                        double error = Math.max(
                                found.rotationAngleTo(expected),
                                new Vector3d(found.translation()).angle(new Vector3d(expected.translation())));
                        sum += Math.max(0, 1 - Math.toDegrees(error) / deg);
                    }
                }
            }
        }
        return sum / pairs;
    }

    private static double worst(Scene scene, Scene truth, boolean direction) {
        double worst = 0;
        for (View a : scene.views()) {
            for (View b : scene.views()) {
                if (a != b) {
                    Rigid3 found = b.camFromWorld().compose(a.camFromWorld().inverse());
                    Rigid3 expected = pose(truth, b).compose(pose(truth, a).inverse());
                    double angle = direction
                            ? new Vector3d(found.translation()).angle(new Vector3d(expected.translation()))
                            : found.rotationAngleTo(expected);
                    worst = Math.max(worst, Math.toDegrees(angle));
                }
            }
        }
        return worst;
    }

    private static Rigid3 pose(Scene truth, View view) {
        return truth.view(view.name()).orElseThrow().camFromWorld();
    }
}
