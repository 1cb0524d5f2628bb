package io.github.dinosplat.matching.robust;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.Optional;
import org.joml.Vector3d;

/** Robust poses of a calibrated camera that sees known points. */
public final class RobustAbsolutePose {

    private RobustAbsolutePose() {}

    /**
     * The pose that most observations agree with.
     *
     * @param camera the camera
     * @param pointsInWorld [n, 3] points, most trusted first
     * @param pixels [n, 2] where they are seen, in pixels
     * @param options threshold (on the reprojection error) and effort
     * @return {@code camFromWorld}, refined on its inliers; empty with fewer than 4 points or where no sample gave a pose
     * @throws IllegalArgumentException if the lengths do not fit
     */
    public static Optional<RobustPose> estimate(
            Camera camera, double[] pointsInWorld, double[] pixels, RansacOptions options) {
        int n = pixels.length / 2;
        if (pixels.length % 2 != 0 || pointsInWorld.length != 3 * n) {
            throw new IllegalArgumentException("expected pointsInWorld [N, 3] and pixels [N, 2] but lengths were "
                    + pointsInWorld.length + " and " + pixels.length);
        }
        if (n < 4) {
            return Optional.empty();
        }
        // The points' mean is moved to the origin: aerial scenes lie far from theirs.
        double[] mean = new double[3];
        for (int i = 0; i < 3 * n; i++) {
            mean[i % 3] += pointsInWorld[i] / n;
        }
        double[] centred = new double[3 * n];
        for (int i = 0; i < 3 * n; i++) {
            centred[i] = pointsInWorld[i] - mean[i % 3];
        }
        return LoRansac.run(new AbsolutePoseProblem(camera, centred, pixels), options)
                .map(fit -> {
                    double[] m = fit.model();
                    Rigid3 camFromCentred = Rigid3.of(m, new Vector3d(m[9], m[10], m[11]));
                    Vector3d t = camFromCentred.transform(new Vector3d(-mean[0], -mean[1], -mean[2]));
                    return new RobustPose(new Rigid3(camFromCentred.rotation(), t), fit);
                });
    }
}
