package io.github.dinosplat.matching.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Rigid3;
import java.util.Arrays;
import java.util.Random;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class RobustEstimationTest {

    private static final Camera CAMERA = new Camera(CameraModel.SIMPLE_RADIAL, 1500, 1000, 1300, 760, 490, -0.05);
    private static final Rigid3 POSE =
            new Rigid3(new Quaterniond().rotationXYZ(0.03, -0.2, 0.05), new Vector3d(0.9, -0.1, 0.2).normalize());

    /** Two photos of n points: the share of outliers first drawn at random over the picture. */
    private static final class TwoViews {
        final double[] points;
        final double[] a;
        final double[] b;
        final boolean[] good;

        TwoViews(long seed, int n, double outliers, double noise, boolean plane) {
            Random random = new Random(seed);
            points = new double[3 * n];
            a = new double[2 * n];
            b = new double[2 * n];
            good = new boolean[n];
            for (int i = 0; i < n; i++) {
                Vector3d p;
                Vector3d q;
                do {
                    double z = plane && random.nextDouble() < 0.9 ? 5 : 3 + 6 * random.nextDouble();
                    p = new Vector3d((random.nextDouble() - 0.5) * z, (random.nextDouble() - 0.5) * 0.7 * z, z);
                    q = POSE.transform(p);
                } while (q.z < 0.5);
                points[3 * i] = p.x;
                points[3 * i + 1] = p.y;
                points[3 * i + 2] = p.z;
                double[] pixel = new double[2];
                CAMERA.project(p.x, p.y, p.z, pixel, null, null);
                a[2 * i] = pixel[0] + noise * random.nextGaussian();
                a[2 * i + 1] = pixel[1] + noise * random.nextGaussian();
                CAMERA.project(q.x, q.y, q.z, pixel, null, null);
                good[i] = random.nextDouble() >= outliers;
                b[2 * i] = good[i] ? pixel[0] + noise * random.nextGaussian() : 1500 * random.nextDouble();
                b[2 * i + 1] = good[i] ? pixel[1] + noise * random.nextGaussian() : 1000 * random.nextDouble();
            }
        }

        /** Share of the good correspondences that are among the inliers. */
        double recall(int[] inliers) {
            int all = 0;
            int hit = 0;
            for (boolean g : good) {
                all += g ? 1 : 0;
            }
            for (int i : inliers) {
                hit += good[i] ? 1 : 0;
            }
            return (double) hit / all;
        }

        /** How many of the inliers are outliers that lie near their epipolar line by chance. */
        int wrong(int[] inliers) {
            int count = 0;
            for (int i : inliers) {
                count += good[i] ? 0 : 1;
            }
            return count;
        }
    }

    private static double directionErrorDeg(Vector3d a, Vector3d b) {
        return Math.toDegrees(a.angle(b));
    }

    @Test
    void findsTheRelativePoseAmongManyOutliers() {
        for (double outliers : new double[] {0, 0.5, 0.7}) {
            TwoViews views = new TwoViews(1, 600, outliers, 0.3, false);
            RobustPose fit = RobustEssential.estimate(CAMERA, views.a, CAMERA, views.b, RansacOptions.defaults())
                    .orElseThrow();
            assertThat(Math.toDegrees(fit.pose().rotationAngleTo(POSE)))
                    .as("rotation")
                    .isLessThan(0.1);
            assertThat(directionErrorDeg(new Vector3d(fit.pose().translation()), new Vector3d(POSE.translation())))
                    .as("direction at " + outliers)
                    .isLessThan(0.5);
            assertThat(views.recall(fit.inliers())).isGreaterThan(0.98);
            assertThat(views.wrong(fit.inliers())).isLessThan(15);
        }
    }

    @Test
    void withoutNoiseThePoseIsExact() {
        TwoViews views = new TwoViews(2, 200, 0.3, 0, false);
        RobustPose fit = RobustEssential.estimate(
                        CAMERA,
                        views.a,
                        CAMERA,
                        views.b,
                        RansacOptions.defaults().withThresholdPixels(0.01))
                .orElseThrow();
        assertThat(fit.pose().rotationAngleTo(POSE)).isLessThan(1e-6);
        assertThat(new Vector3d(fit.pose().translation()).distance(POSE.translation()))
                .isLessThan(1e-5);
    }

    @Test
    void aDominantPlaneStillGivesThePose() {
        // Nine tenths of the points lie on a plane, which allows a second motion that puts half of it behind a camera.
        for (int seed = 0; seed < 12; seed++) {
            TwoViews views = new TwoViews(30 + seed, 400, 0.3, 0.5, true);
            RobustPose fit = RobustEssential.estimate(CAMERA, views.a, CAMERA, views.b, RansacOptions.defaults())
                    .orElseThrow();
            assertThat(Math.toDegrees(fit.pose().rotationAngleTo(POSE)))
                    .as("seed " + seed)
                    .isLessThan(0.5);
            assertThat(views.recall(fit.inliers())).isGreaterThan(0.97);
        }
        TwoViews views = new TwoViews(3, 500, 0.3, 0.3, true);
        RobustMatrix h = RobustHomography.estimate(
                        views.a, views.b, RansacOptions.defaults().withThresholdPixels(8))
                .orElseThrow();
        assertThat(views.recall(h.inliers())).isGreaterThan(0.85);
    }

    @Test
    void aSceneInDepthHasNoHomography() {
        TwoViews views = new TwoViews(4, 500, 0, 0.3, false);
        RobustMatrix h = RobustHomography.estimate(views.a, views.b, RansacOptions.defaults())
                .orElseThrow();
        assertThat(h.inliers().length).isLessThan(200);
    }

    @Test
    void findsTheFundamentalMatrix() {
        TwoViews clean = new TwoViews(5, 400, 0, 0, false);
        TwoViews views = new TwoViews(5, 400, 0.5, 0.3, false);
        RobustMatrix fit = RobustFundamental.estimate(views.a, views.b, RansacOptions.defaults())
                .orElseThrow();
        double[] f = fit.matrix();
        assertThat(Matrix3.determinant(f)).isCloseTo(0, within(1e-12));
        assertThat(views.recall(fit.inliers())).isGreaterThan(0.98);
        double worst = 0;
        double sum = 0;
        for (int i = 0; i < 400; i++) {
            double x = clean.a[2 * i];
            double y = clean.a[2 * i + 1];
            double lx = f[0] * x + f[1] * y + f[2];
            double ly = f[3] * x + f[4] * y + f[5];
            double lz = f[6] * x + f[7] * y + f[8];
            double d = Math.abs(lx * clean.b[2 * i] + ly * clean.b[2 * i + 1] + lz) / Math.hypot(lx, ly);
            sum += d / 400;
            worst = Math.max(worst, d);
        }
        // The camera has distortion, which a fundamental matrix cannot follow: up to a few pixels in the corners.
        assertThat(sum).isLessThan(0.8);
    }

    @Test
    void findsTheAbsolutePoseAmongManyOutliers() {
        TwoViews views = new TwoViews(6, 500, 0.7, 0.3, false);
        RobustPose fit = RobustAbsolutePose.estimate(CAMERA, views.points, views.b, RansacOptions.defaults())
                .orElseThrow();
        assertThat(Math.toDegrees(fit.pose().rotationAngleTo(POSE))).isLessThan(0.05);
        assertThat(new Vector3d(fit.pose().translation()).distance(POSE.translation()))
                .isLessThan(0.005);
        assertThat(views.recall(fit.inliers())).isGreaterThan(0.98);
    }

    @Test
    void anAbsolutePoseFarFromTheOriginIsAsExact() {
        TwoViews views = new TwoViews(7, 100, 0.2, 0, false);
        Vector3d far = new Vector3d(4e5, -5e6, 100);
        double[] moved = views.points.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += far.get(i % 3);
        }
        RobustPose fit = RobustAbsolutePose.estimate(CAMERA, moved, views.b, RansacOptions.defaults())
                .orElseThrow();
        Vector3d centre = fit.pose().targetOriginInSource().sub(far);
        assertThat(centre.distance(POSE.targetOriginInSource())).isLessThan(1e-5);
    }

    @Test
    void randomCorrespondencesGiveFewInliers() {
        TwoViews views = new TwoViews(8, 300, 1, 0, false);
        RansacOptions options = RansacOptions.defaults().withMaxTrials(1000);
        assertThat(RobustEssential.estimate(CAMERA, views.a, CAMERA, views.b, options)
                        .orElseThrow()
                        .inliers()
                        .length)
                .isLessThan(30);
        assertThat(RobustHomography.estimate(views.a, views.b, options)
                        .orElseThrow()
                        .inliers()
                        .length)
                .isLessThan(12);
        assertThat(RobustAbsolutePose.estimate(CAMERA, views.points, views.b, options)
                        .map(p -> p.inliers().length)
                        .orElse(0))
                .isLessThan(12);
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        TwoViews views = new TwoViews(9, 300, 0.6, 0.5, false);
        RansacOptions options = RansacOptions.defaults().withSeed(42);
        RobustPose one = RobustEssential.estimate(CAMERA, views.a, CAMERA, views.b, options)
                .orElseThrow();
        RobustPose two = RobustEssential.estimate(CAMERA, views.a, CAMERA, views.b, options)
                .orElseThrow();
        assertThat(one.pose()).isEqualTo(two.pose());
        assertThat(one.inliers()).isEqualTo(two.inliers());
    }

    @Test
    void tooFewOrMisshapenDataAreRefused() {
        assertThat(RobustEssential.estimate(CAMERA, new double[8], CAMERA, new double[8], RansacOptions.defaults()))
                .isEmpty();
        assertThat(RobustFundamental.estimate(new double[0], new double[0], RansacOptions.defaults()))
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RobustFundamental.estimate(new double[8], new double[6], RansacOptions.defaults()))
                .withMessageContaining("[N, 2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RansacOptions(-1, 0.99, 10, 0))
                .withMessageContaining("-1");
    }

    @Test
    void identicalPointsDoNotBreakTheSampler() {
        double[] same = new double[40];
        Arrays.fill(same, 7);
        RansacOptions options = RansacOptions.defaults().withMaxTrials(50);
        RobustEssential.estimate(CAMERA, same, CAMERA, same, options);
        RobustFundamental.estimate(same, same, options);
        assertThat(RobustHomography.estimate(same, same, options)).isEmpty();
        assertThat(RobustAbsolutePose.estimate(CAMERA, new double[60], same, options))
                .isEmpty();
    }

    @Test
    void aKnownGeometryIsFittedToMoreDataWithoutSampling() {
        TwoViews views = new TwoViews(5, 600, 0.6, 0.4, false);
        double[] near = RobustEssential.fundamentalOf(
                CAMERA,
                CAMERA,
                new Rigid3(
                        new Quaterniond(POSE.rotation()).rotateX(0.002),
                        new Vector3d(POSE.translation()).add(0.01, -0.01, 0.01)));
        RobustPose fitted = RobustEssential.refine(CAMERA, views.a, CAMERA, views.b, RansacOptions.defaults(), near)
                .orElseThrow();
        assertThat(fitted.trials()).isZero();
        assertThat(views.recall(fitted.inliers())).isGreaterThan(0.98);
        assertThat(Math.toDegrees(fitted.pose().rotationAngleTo(POSE))).isLessThan(0.1);
        // From a wrong one nothing but chance agrees.
        double[] wrong = RobustEssential.fundamentalOf(
                CAMERA, CAMERA, new Rigid3(new Quaterniond().rotationZ(1.2), new Vector3d(0, 1, 0)));
        int chance = RobustEssential.refine(CAMERA, views.a, CAMERA, views.b, RansacOptions.defaults(), wrong)
                .map(p -> p.inliers().length)
                .orElse(0);
        assertThat(chance).isLessThan(fitted.inliers().length / 4);
    }

    @Test
    void aKnownFundamentalMatrixIsFittedToMoreData() {
        Camera straight = new Camera(CameraModel.SIMPLE_PINHOLE, 1500, 1000, 1300, 760, 490);
        TwoViews views = new TwoViews(6, 600, 0.5, 0.4, false);
        double[] a = straightened(views.a, straight);
        double[] b = straightened(views.b, straight);
        double[] near = RobustEssential.fundamentalOf(
                straight,
                straight,
                new Rigid3(new Quaterniond(POSE.rotation()).rotateY(0.002), new Vector3d(POSE.translation())));
        RobustMatrix fitted =
                RobustFundamental.refine(a, b, RansacOptions.defaults(), near).orElseThrow();
        assertThat(fitted.trials()).isZero();
        assertThat(views.recall(fitted.inliers())).isGreaterThan(0.98);
    }

    private static double[] straightened(double[] pixels, Camera straight) {
        double[] out = new double[pixels.length];
        double[] ray = new double[2];
        for (int i = 0; i < pixels.length; i += 2) {
            CAMERA.unproject(pixels[i], pixels[i + 1], ray);
            out[i] = straight.fx() * ray[0] + straight.cx();
            out[i + 1] = straight.fy() * ray[1] + straight.cy();
        }
        return out;
    }
}
