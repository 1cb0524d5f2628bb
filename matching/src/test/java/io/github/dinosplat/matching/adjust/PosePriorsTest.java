package io.github.dinosplat.matching.adjust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.github.dinosplat.scene.Rigid3;
import java.util.List;
import java.util.SplittableRandom;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class PosePriorsTest {

    private static double[] poses(Rigid3 pose) {
        return new double[] {
            pose.rotation().x(),
            pose.rotation().y(),
            pose.rotation().z(),
            pose.rotation().w(),
            pose.translation().x(),
            pose.translation().y(),
            pose.translation().z()
        };
    }

    @Test
    void gradientIsTheDerivativeOfTheCost() {
        Rigid3 pose = new Rigid3(new Quaterniond().rotateXYZ(0.4, -0.7, 1.1), new Vector3d(2, -3, 5));
        PosePriors priors = new PosePriors(1);
        priors.addPosition(0, new Vector3d(-3, 4, 1), new Vector3d(2, 3, Double.POSITIVE_INFINITY));
        priors.addUp(0, new Vector3d(0.2, -0.9, 0.3), 0.5);
        double[] right = new double[6];
        priors.addTo(0, poses(pose), BundleProblem.ALL_FREE, new double[36], right);
        for (int i = 0; i < 6; i++) {
            double[] costs = new double[2];
            for (int side = 0; side < 2; side++) {
                double h = side == 0 ? 1e-6 : -1e-6;
                Vector3d turn = new Vector3d().setComponent(i % 3, i < 3 ? h : 0);
                Vector3d shift = new Vector3d().setComponent(i % 3, i < 3 ? 0 : h);
                Quaterniond rotation =
                        new Quaterniond().rotateXYZ(turn.x, turn.y, turn.z).mul(pose.rotation());
                costs[side] = priors.cost(poses(new Rigid3(rotation, shift.add(pose.translation()))));
            }
            assertThat(-right[i]).isCloseTo((costs[0] - costs[1]) / 2e-6, offset(1e-6));
        }
        double[] kept = new double[6];
        priors.addTo(0, poses(pose), 0b000111, new double[36], kept);
        assertThat(kept[0]).isEqualTo(right[0]);
        assertThat(kept[4]).isZero();
    }

    /** A long row of cameras whose neighbours alone see the same points bends by noise; places within a tenth straighten it. */
    @Test
    void priorsHoldARowOfCamerasAndOutliersDoNot() {
        SyntheticBundle bundle = new SyntheticBundle(SyntheticBundle.brown(), 60, 900, 3, 1, 3);
        double without = worst(bundle, 0, 0);
        double with = worst(bundle, 0.02, 0);
        double withOutliers = worst(bundle, 0.02, 6);
        assertThat(with).isLessThan(0.5 * without);
        assertThat(withOutliers).isLessThan(0.6 * without);
    }

    /** The largest error of a camera's centre; the first two cameras are kept. */
    private static double worst(SyntheticBundle bundle, double sigma, int outliers) {
        SplittableRandom random = new SplittableRandom(8);
        BundleProblem problem = bundle.disturbed(bundle.camera, 0.002, 9);
        problem.fixView(0);
        problem.fixView(1);
        for (int v = 2; sigma > 0 && v < bundle.poses.size(); v++) {
            Vector3d centre = bundle.poses.get(v).targetOriginInSource();
            centre.add(
                    sigma * SyntheticBundle.gaussian(random),
                    sigma * SyntheticBundle.gaussian(random),
                    sigma * SyntheticBundle.gaussian(random));
            boolean wrong = outliers > 0 && v % (bundle.poses.size() / outliers) == 5;
            problem.addPositionPrior(v, wrong ? centre.add(3, -2, 1) : centre, new Vector3d(sigma));
        }
        BundleAdjustment.adjust(problem, AdjustmentOptions.defaults());
        double worst = 0;
        for (int v = 2; v < bundle.poses.size(); v++) {
            worst = Math.max(
                    worst,
                    problem.camFromWorld(v)
                            .targetOriginInSource()
                            .distance(bundle.poses.get(v).targetOriginInSource()));
        }
        return worst;
    }

    /** Without any pixels, up alone sets how a camera is held. */
    @Test
    void upTurnsACameraUpright() {
        BundleProblem problem = new BundleProblem(
                List.of(SyntheticBundle.brown()),
                List.of(new Rigid3(new Quaterniond().rotateXYZ(0.1, 0.2, 0.3), new Vector3d())),
                new int[1],
                new double[0],
                new int[0],
                new int[0],
                new double[0]);
        Vector3d up = new Vector3d(0.1, -0.7, 0.7).normalize();
        problem.addUpPrior(0, up, 0.01);
        BundleAdjustment.adjust(problem, AdjustmentOptions.defaults());
        assertThat(problem.camFromWorld(0)
                        .rotation()
                        .transform(new Vector3d(0, 0, 1))
                        .distance(up))
                .isLessThan(1e-6);
        assertThatThrownBy(() -> problem.addUpPrior(0, up, 0)).hasMessageContaining("sigmaRad");
        assertThatThrownBy(() -> problem.addPositionPrior(0, up, new Vector3d(1, -1, 1)))
                .hasMessageContaining("sigmas");
    }
}
