package io.github.dinosplat.matching;

import io.github.dinosplat.matching.adjust.AdjustmentOptions;
import io.github.dinosplat.matching.adjust.BundleAdjustment;
import io.github.dinosplat.matching.adjust.BundleProblem;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/** Bundle adjustment of a whole scene, with what is known of its cameras' places and attitudes besides its pixels. */
public final class SceneAdjustment {

    private static final AdjustmentOptions OPTIONS = AdjustmentOptions.ofKeypoints(40, 1e-6);

    private SceneAdjustment() {}

    /**
     * What is known of a camera's pose. Being off by one sigma costs as much as a residual of one pixel, large errors hardly
     * pull.
     *
     * @param centre where it stood, in the scene's frame
     * @param sigma standard errors of {@code centre} along the axes, positive; infinite where nothing is known
     * @param upInCam direction of the scene's z axis in the camera frame
     * @param upSigma its standard error in radians, positive
     */
    public record Prior(Optional<Vector3d> centre, Vector3d sigma, Optional<Vector3d> upInCam, double upSigma) {}

    /**
     * Refines poses and points; intrinsics stay.
     *
     * @param scene a scene, in the units and axes of the priors
     * @param priors what is known, by photo name; other photos follow their pixels alone
     * @param threads number of threads; does not change the result
     * @return the scene with the same cameras, views, tracks and colours at refined places
     * @throws IOException if the thread is interrupted
     */
    public static Scene adjust(Scene scene, Map<String, Prior> priors, int threads) throws IOException {
        BundleProblem problem = problem(scene);
        for (int v = 0; v < scene.views().size(); v++) {
            Prior prior = priors.get(scene.views().get(v).name());
            if (prior != null) {
                addPrior(problem, v, prior);
            }
        }
        Parallel.call(threads, () -> BundleAdjustment.adjust(problem, OPTIONS));
        return refined(scene, problem);
    }

    private static void addPrior(BundleProblem problem, int view, Prior prior) {
        prior.centre().ifPresent(centre -> problem.addPositionPrior(view, centre, prior.sigma()));
        prior.upInCam().ifPresent(up -> problem.addUpPrior(view, up, prior.upSigma()));
    }

    private static BundleProblem problem(Scene scene) {
        int n = scene.observationCount();
        int[] views = new int[n];
        int[] points = new int[n];
        double[] pixels = new double[2 * n];
        int o = 0;
        for (int p = 0; p < scene.points().count(); p++) {
            for (int i = 0; i < scene.trackLength(p); i++, o++) {
                View view = scene.views().get(scene.trackView(p, i));
                views[o] = scene.trackView(p, i);
                points[o] = p;
                pixels[2 * o] = view.x(scene.trackKeypoint(p, i));
                pixels[2 * o + 1] = view.y(scene.trackKeypoint(p, i));
            }
        }
        double[] positions = new double[3 * scene.points().count()];
        Arrays.setAll(positions, i -> scene.points().coordinate(i / 3, i % 3));
        return new BundleProblem(
                scene.cameras(),
                scene.views().stream().map(View::camFromWorld).toList(),
                scene.views().stream().mapToInt(View::cameraIndex).toArray(),
                positions,
                views,
                points,
                pixels);
    }

    private static Scene refined(Scene scene, BundleProblem problem) {
        List<View> views = new ArrayList<>();
        for (int v = 0; v < scene.views().size(); v++) {
            views.add(scene.views().get(v).withPose(problem.camFromWorld(v)));
        }
        double[] positions = problem.points();
        int n = scene.points().count();
        byte[] colours = new byte[3 * n];
        double[] errors = new double[n];
        for (int p = 0; p < n; p++) {
            for (int c = 0; c < 3; c++) {
                colours[3 * p + c] = (byte) scene.points().colour(p, c);
            }
            Vector3dc place = new Vector3d(positions[3 * p], positions[3 * p + 1], positions[3 * p + 2]);
            errors[p] = error(scene, views, p, place);
        }
        return new Scene(scene.cameras(), views, new ScenePoints(positions, colours, errors));
    }

    /** Mean reprojection error of a point in pixels. */
    private static double error(Scene scene, List<View> views, int point, Vector3dc place) {
        double sum = 0;
        double[] pixel = new double[2];
        for (int i = 0; i < scene.trackLength(point); i++) {
            View view = views.get(scene.trackView(point, i));
            Vector3d x = view.camFromWorld().transform(place);
            scene.cameraOf(view).project(x.x, x.y, x.z, pixel, null, null);
            int k = scene.trackKeypoint(point, i);
            sum += Math.hypot(pixel[0] - view.x(k), pixel[1] - view.y(k));
        }
        return sum / Math.max(1, scene.trackLength(point));
    }
}
