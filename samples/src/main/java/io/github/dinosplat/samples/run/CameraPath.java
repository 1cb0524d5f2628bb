package io.github.dinosplat.samples.run;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/**
 * A flight through a scene's cameras in the order of their names: centres on a Catmull-Rom spline, rotations the shorter
 * way round on great circles. It passes through every camera, and takes as long between any two of them.
 */
final class CameraPath {

    private final List<View> views;

    private CameraPath(List<View> views) {
        this.views = views;
    }

    /**
     * Cameras along the flight.
     *
     * @param scene at least one view; all pictures are taken by the camera of the first by name
     * @param pictures how many; the first and the last are at the first and the last view
     * @return a scene with views {@code 00001.png} and so on, without points
     */
    static Scene through(Scene scene, int pictures) {
        CameraPath path = new CameraPath(
                scene.views().stream().sorted(Comparator.comparing(View::name)).toList());
        List<View> flown = new ArrayList<>();
        for (int i = 0; i < pictures; i++) {
            double at = (double) i * (path.views.size() - 1) / Math.max(1, pictures - 1);
            String name = String.format(Locale.ROOT, "%05d.png", i + 1);
            flown.add(new View(name, 0, path.pose(at), new double[0], new int[0]));
        }
        return new Scene(List.of(scene.cameraOf(path.views.get(0))), flown, ScenePoints.NONE);
    }

    /** Camera from world at a place on the path: 0 at the first view, 1 at the second. */
    private Rigid3 pose(double at) {
        int from = (int) at;
        double t = at - from;
        Quaterniond rotation =
                new Quaterniond(view(from).rotation()).slerp(view(from + 1).rotation(), t);
        Vector3d a = view(from - 1).targetOriginInSource();
        Vector3d b = view(from).targetOriginInSource();
        Vector3d c = view(from + 1).targetOriginInSource();
        Vector3d d = view(from + 2).targetOriginInSource();
        // The cubic through b and c with slopes (c - a) / 2 and (d - b) / 2.
        Vector3d centre = new Vector3d();
        centre.fma((-t + 2 * t * t - t * t * t) / 2, a);
        centre.fma((2 - 5 * t * t + 3 * t * t * t) / 2, b);
        centre.fma((t + 4 * t * t - 3 * t * t * t) / 2, c);
        centre.fma((-t * t + t * t * t) / 2, d);
        return new Rigid3(rotation, rotation.transform(centre).negate());
    }

    /** The first and the last view stand still beyond the ends. */
    private Rigid3 view(int index) {
        return views.get(Math.max(0, Math.min(views.size() - 1, index))).camFromWorld();
    }
}
