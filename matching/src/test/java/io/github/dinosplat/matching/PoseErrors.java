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
