package io.github.dinosplat.matching.robust;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.Arrays;
import java.util.Optional;
import org.joml.Vector3d;

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
        Correspondences.check(pixelsA, pixelsB);
        if (pixelsA.length < 12) {
            return Optional.empty();
        }
        double[] raysA = Correspondences.rays(cameraA, pixelsA);
        double[] raysB = Correspondences.rays(cameraB, pixelsB);
        EssentialProblem problem =
                new EssentialProblem(raysA, cameraA.fx(), cameraA.fy(), raysB, cameraB.fx(), cameraB.fy());
        return LoRansac.run(problem, options).map(fit -> {
            Rigid3 pose = pose(fit.model(), raysA, raysB, fit.inliers());
            return new RobustPose(pose, inFront(pose, raysA, raysB, fit.inliers()), fit.score(), fit.trials());
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

    private static double[] inverseK(Camera c) {
        return new double[] {1 / c.fx(), 0, -c.cx() / c.fx(), 0, 1 / c.fy(), -c.cy() / c.fy(), 0, 0, 1};
    }

    /** Of the four poses of an essential matrix the one that has most points before both cameras. */
    private static Rigid3 pose(double[] e, double[] raysA, double[] raysB, int[] inliers) {
        Matrix3.Svd svd = Matrix3.svd(e);
        double[] w = {0, -1, 0, 1, 0, 0, 0, 0, 1};
        double[] vt = Matrix3.transpose(svd.v());
        double[] r1 = Matrix3.multiply(Matrix3.multiply(svd.u(), w), vt);
        double[] r2 = Matrix3.multiply(Matrix3.multiply(svd.u(), Matrix3.transpose(w)), vt);
        Vector3d t = new Vector3d(svd.u()[2], svd.u()[5], svd.u()[8]);
        Rigid3 best = Rigid3.of(r1, t);
        int most = -1;
        for (int k = 0; k < 4; k++) {
            Rigid3 candidate = Rigid3.of(k < 2 ? r1 : r2, (k & 1) == 0 ? t : t.negate(new Vector3d()));
            int count = inFront(candidate, raysA, raysB, inliers).length;
            if (count > most) {
                most = count;
                best = candidate;
            }
        }
        return best;
    }

    private static int[] inFront(Rigid3 bFromA, double[] raysA, double[] raysB, int[] inliers) {
        int[] front = new int[inliers.length];
        int count = 0;
        double[] r = bFromA.rotationRowMajor();
        double tx = bFromA.translation().x();
        double ty = bFromA.translation().y();
        double tz = bFromA.translation().z();
        for (int i : inliers) {
            double ax = raysA[2 * i];
            double ay = raysA[2 * i + 1];
            double bx = raysB[2 * i];
            double by = raysB[2 * i + 1];
            // depthB * b = depthA * R a + t, in the least squares sense
            double rx = r[0] * ax + r[1] * ay + r[2];
            double ry = r[3] * ax + r[4] * ay + r[5];
            double rz = r[6] * ax + r[7] * ay + r[8];
            double rr = rx * rx + ry * ry + rz * rz;
            double bb = bx * bx + by * by + 1;
            double rb = rx * bx + ry * by + rz;
            double rt = rx * tx + ry * ty + rz * tz;
            double bt = bx * tx + by * ty + tz;
            // Multiplied by the determinant, which is not negative.
            if (rb * bt - bb * rt > 0 && rr * bt - rb * rt > 0) {
                front[count++] = i;
            }
        }
        return Arrays.copyOf(front, count);
    }
}
