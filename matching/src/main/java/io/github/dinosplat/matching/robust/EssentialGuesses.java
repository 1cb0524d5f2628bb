package io.github.dinosplat.matching.robust;

import boofcv.alg.geo.DecomposeHomography;
import georegression.struct.se.Se3_F64;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.joml.Vector3d;

/** Essential matrices to start from, out of simpler models of the same correspondences. */
final class EssentialGuesses {

    /** Samples for the homography: enough to find a plane that holds a quarter of the correspondences. */
    private static final int HOMOGRAPHY_TRIALS = 300;
    /** Share of the correspondences on a plane that makes its motion worth trying. */
    private static final double PLANE_SHARE = 0.25;

    private EssentialGuesses() {}

    /** The motions that a dominant plane allows; none where there is no such plane. */
    static List<double[]> ofPlane(double[] raysA, double[] raysB, Camera cameraB, RansacOptions options) {
        List<double[]> guesses = new ArrayList<>();
        HomographyProblem problem = new HomographyProblem(raysA, raysB, 2 / (cameraB.fx() + cameraB.fy()));
        Optional<LoRansac.Fit> plane =
                LoRansac.run(problem, options.withMaxTrials(Math.min(HOMOGRAPHY_TRIALS, options.maxTrials())));
        if (plane.isEmpty() || plane.get().inliers().length < PLANE_SHARE * problem.size()) {
            return guesses;
        }
        DecomposeHomography decomposition = new DecomposeHomography();
        decomposition.decompose(DMatrixRMaj.wrap(3, 3, plane.get().model()));
        for (Se3_F64 motion : decomposition.getSolutionsSE()) {
            Vector3d t = new Vector3d(motion.T.x, motion.T.y, motion.T.z);
            double[] rotation = motion.R.data;
            if (t.lengthSquared() > 0 && t.isFinite() && Double.isFinite(rotation[0])) {
                guesses.add(Matrix3.normalise(RobustEssential.essentialOf(Rigid3.of(rotation, t.normalize()))));
            }
        }
        return guesses;
    }

    /** The essential matrix nearest to a fundamental one. */
    static double[] of(double[] fundamental, Camera a, Camera b) {
        double[] e = Matrix3.multiply(Matrix3.multiply(Matrix3.transpose(k(b)), fundamental), k(a));
        Matrix3.Svd svd = Matrix3.svd(e);
        return Matrix3.normalise(Matrix3.multiply(
                Matrix3.multiply(svd.u(), new double[] {1, 0, 0, 0, 1, 0, 0, 0, 0}), Matrix3.transpose(svd.v())));
    }

    private static double[] k(Camera c) {
        return new double[] {c.fx(), 0, c.cx(), 0, c.fy(), c.cy(), 0, 0, 1};
    }
}
