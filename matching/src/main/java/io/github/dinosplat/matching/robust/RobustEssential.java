package io.github.dinosplat.matching.robust;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.Optional;

/** Robust relative poses of two calibrated cameras. */
public final class RobustEssential {

    private RobustEssential() {}

    /**
     * The relative pose that most correspondences agree with, both in epipolar distance and in lying before both cameras.
     *
     * @param cameraA first camera
     * @param pixelsA [n, 2] points in the first photo in pixels, most trusted first
     * @param cameraB second camera
     * @param pixelsB [n, 2] the matching points in the second photo
     * @param options threshold (on the Sampson distance) and effort
     * @return {@code bFromA} with a unit translation; empty with fewer than 6 correspondences or where no sample gave a
     *     model
     * @throws IllegalArgumentException if the lengths do not fit
     */
    public static Optional<RobustPose> estimate(
            Camera cameraA, double[] pixelsA, Camera cameraB, double[] pixelsB, RansacOptions options) {
        return fit(
                cameraA,
                pixelsA,
                cameraB,
                pixelsB,
                (problem, raysA, raysB) ->
                        LoRansac.run(problem, options, EssentialGuesses.ofPlane(raysA, raysB, cameraB, options)));
    }

    /**
     * Fits the pose nearest to a fundamental matrix to correspondences, without looking for another one. Where most of the
     * scene is a plane, samples of five noisy points seldom give a good model; a fundamental matrix then leads to it.
     *
     * @param cameraA first camera
     * @param pixelsA [n, 2] points in the first photo in pixels
     * @param cameraB second camera
     * @param pixelsB [n, 2] the matching points in the second photo
     * @param options threshold (on the Sampson distance)
     * @param fundamental nine entries row by row, in pixels less the cameras' distortion, from which the fit starts
     * @return {@code bFromA} with a unit translation; empty with fewer than 6 correspondences or where none agrees
     * @throws IllegalArgumentException if the lengths do not fit
     */
    public static Optional<RobustPose> refine(
            Camera cameraA,
            double[] pixelsA,
            Camera cameraB,
            double[] pixelsB,
            RansacOptions options,
            double[] fundamental) {
        double[] essential = EssentialGuesses.of(fundamental, cameraA, cameraB);
        return fit(
                cameraA,
                pixelsA,
                cameraB,
                pixelsB,
                (problem, raysA, raysB) -> LoRansac.refine(problem, options, essential));
    }

    private interface Search {
        Optional<LoRansac.Fit> in(EssentialProblem problem, double[] raysA, double[] raysB);
    }

    private static Optional<RobustPose> fit(
            Camera cameraA, double[] pixelsA, Camera cameraB, double[] pixelsB, Search search) {
        Correspondences.check(pixelsA, pixelsB);
        if (pixelsA.length < 12) {
            return Optional.empty();
        }
        double[] raysA = Correspondences.rays(cameraA, pixelsA);
        double[] raysB = Correspondences.rays(cameraB, pixelsB);
        EssentialProblem problem =
                new EssentialProblem(raysA, cameraA.fx(), cameraA.fy(), raysB, cameraB.fx(), cameraB.fy());
        return search.in(problem, raysA, raysB).map(fit -> {
            Rigid3 pose = problem.pose(fit.model(), 0, fit.inliers(), fit.inliers().length);
            return new RobustPose(pose, fit);
        });
    }

    /**
     * The essential matrix of a relative pose: {@code rayB' E rayA = 0}.
     *
     * @param bFromA relative pose
     * @return nine entries row by row
     */
    public static double[] essentialOf(Rigid3 bFromA) {
        double x = bFromA.translation().x();
        double y = bFromA.translation().y();
        double z = bFromA.translation().z();
        return Matrix3.multiply(new double[] {0, -z, y, z, 0, -x, -y, x, 0}, bFromA.rotationRowMajor());
    }

    /**
     * The fundamental matrix of a relative pose between two pinhole cameras: {@code xB' F xA = 0} in pixels. For a camera
     * with distortion it is that of its undistorted pixels.
     *
     * @param cameraA first camera
     * @param cameraB second camera
     * @param bFromA relative pose
     * @return nine entries row by row, Frobenius norm 1
     */
    public static double[] fundamentalOf(Camera cameraA, Camera cameraB, Rigid3 bFromA) {
        return Matrix3.normalise(Matrix3.multiply(
                Matrix3.multiply(Matrix3.transpose(inverseK(cameraB)), essentialOf(bFromA)), inverseK(cameraA)));
    }

    static double[] inverseK(Camera c) {
        return new double[] {1 / c.fx(), 0, -c.cx() / c.fx(), 0, 1 / c.fy(), -c.cy() / c.fy(), 0, 0, 1};
    }
}
