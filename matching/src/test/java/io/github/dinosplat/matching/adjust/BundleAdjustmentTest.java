package io.github.dinosplat.matching.adjust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import boofcv.abst.geo.bundle.SceneObservations;
import boofcv.abst.geo.bundle.SceneStructureMetric;
import boofcv.alg.geo.bundle.cameras.BundlePinhole;
import boofcv.factory.geo.ConfigBundleAdjustment;
import boofcv.factory.geo.FactoryMultiView;
import georegression.struct.se.Se3_F64;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Rigid3;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BundleAdjustmentTest {

    private static final AdjustmentOptions TIGHT = AdjustmentOptions.defaults().withLimits(100, 1e-12);

    private static Camera cameraOf(CameraModel model) {
        double[] p = new double[model.parameterCount()];
        for (int i = 0; i < p.length; i++) {
            String name = model.parameterNames().get(i);
            p[i] = switch (name) {
                case "f", "fx" -> 900;
                case "fy" -> 910;
                case "cx" -> 503;
                case "cy" -> 371;
                default -> 0.01 * (i % 3 + 1) * (i % 2 == 0 ? 1 : -1);
            };
        }
        return new Camera(model, 1000, 750, p);
    }

    private static BundleProblem freeAll(BundleProblem problem) {
        boolean[] mask = new boolean[problem.camera(0).model().parameterCount()];
        Arrays.fill(mask, true);
        problem.refineCamera(0, mask);
        return problem;
    }

    @ParameterizedTest
    @EnumSource(CameraModel.class)
    void gradientIsTheDerivativeOfTheCost(CameraModel model) {
        SyntheticBundle bundle = new SyntheticBundle(cameraOf(model), 4, 12, 3, 2, 5);
        BundleProblem problem = freeAll(bundle.disturbed(bundle.camera, 0.01, 6));
        RobustLoss loss = new RobustLoss(RobustLoss.Kind.CAUCHY, 5);
        Layout layout = new Layout(problem);
        Linearization lin = new Linearization(layout);
        lin.compute(loss);
        NormalEquations equations = new NormalEquations(layout, lin);
        equations.compute();

        for (int view = 0; view < 4; view++) {
            for (int i = 0; i < 6; i++) {
                int unknown = layout.poseOffset[view] + i;
                double numeric = slope(layout, loss, problem, unknown, -1, 1e-6);
                assertThat(-equations.rhs[unknown]).isCloseTo(numeric, offset(tolerance(numeric)));
            }
        }
        for (int i = 0; i < model.parameterCount(); i++) {
            int unknown = layout.cameraOffset[0] + i;
            double h = i < model.focalCount() + 2 ? 1e-4 : 1e-7;
            double numeric = slope(layout, loss, problem, unknown, -1, h);
            assertThat(-equations.rhs[unknown]).isCloseTo(numeric, offset(tolerance(numeric)));
        }
        for (int i = 0; i < 9; i++) {
            double numeric = slope(layout, loss, problem, -1, i, 1e-6);
            assertThat(-lin.pointRhs[i]).isCloseTo(numeric, offset(tolerance(numeric)));
        }
    }

    private static double tolerance(double value) {
        return 1e-3 + 1e-5 * Math.abs(value);
    }

    /** Central difference of the cost along one unknown, taken through the step that the solver takes. */
    private static double slope(
            Layout layout, RobustLoss loss, BundleProblem problem, int unknown, int coordinate, double h) {
        double[] cost = new double[2];
        for (int side = 0; side < 2; side++) {
            double[] step = new double[layout.unknowns];
            double[] points = problem.points();
            Camera[] cameras = problem.cameras.clone();
            double[] poses = problem.poses.clone();
            double d = side == 0 ? -h : h;
            if (coordinate >= 0) {
                points[coordinate] += d;
            } else {
                step[unknown] = d;
                int c = unknown - layout.cameraOffset[0];
                if (c >= 0) {
                    double[] parameters = cameras[0].parameters();
                    parameters[c] += d;
                    cameras[0] = cameras[0].withParameters(parameters);
                } else {
                    Rigid3 motion = new Rigid3(
                            new org.joml.Quaterniond()
                                    .rotateXYZ(
                                            step[unknown - unknown % 6],
                                            step[unknown - unknown % 6 + 1],
                                            step[unknown - unknown % 6 + 2]),
                            new org.joml.Vector3d());
                    Rigid3 pose = problem.camFromWorld(unknown / 6);
                    Rigid3 moved = new Rigid3(
                            motion.compose(new Rigid3(pose.rotation(), new org.joml.Vector3d()))
                                    .rotation(),
                            new org.joml.Vector3d(pose.translation())
                                    .add(
                                            step[unknown - unknown % 6 + 3],
                                            step[unknown - unknown % 6 + 4],
                                            step[unknown - unknown % 6 + 5]));
                    int at = 7 * (unknown / 6);
                    poses[at] = moved.rotation().x();
                    poses[at + 1] = moved.rotation().y();
                    poses[at + 2] = moved.rotation().z();
                    poses[at + 3] = moved.rotation().w();
                    poses[at + 4] = moved.translation().x();
                    poses[at + 5] = moved.translation().y();
                    poses[at + 6] = moved.translation().z();
                }
            }
            cost[side] = Linearization.cost(layout, loss, cameras, poses, points);
        }
        return (cost[1] - cost[0]) / (2 * h);
    }

    @ParameterizedTest
    @EnumSource(CameraModel.class)
    void exactPixelsBringTheTruthBack(CameraModel model) {
        SyntheticBundle bundle = new SyntheticBundle(cameraOf(model), 6, 200, 5, 0, 1);
        double[] start = bundle.camera.parameters();
        start[0] *= 1.03;
        BundleProblem problem = bundle.disturbed(bundle.camera.withParameters(start), 0.02, 2);
        boolean[] mask = new boolean[start.length];
        mask[0] = true;
        problem.refineCamera(0, mask);
        problem.fixView(0);
        problem.fixView(1);

        AdjustmentReport report = BundleAdjustment.adjust(problem, TIGHT);

        assertThat(report.initialCost()).isGreaterThan(1000);
        assertThat(report.finalRms()).isLessThan(1e-6);
        assertThat(problem.camera(0).fx()).isCloseTo(900, offset(1e-3));
        for (int v = 0; v < 6; v++) {
            assertThat(problem.camFromWorld(v).rotationAngleTo(bundle.poses.get(v)))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void noiseIsReachedAndNotMore() {
        SyntheticBundle bundle = new SyntheticBundle(SyntheticBundle.brown(), 12, 1500, 6, 0.3, 3);
        BundleProblem problem = freeAll(bundle.disturbed(bundle.camera, 0.01, 4));
        AdjustmentReport report = BundleAdjustment.adjust(problem, AdjustmentOptions.defaults());
        int observations = bundle.observationView.length;
        int unknowns = 12 * 6 + 8 + 3 * 1500 - 7;
        double expected = 0.3 * Math.sqrt(2.0 * (2 * observations - unknowns) / (2 * observations));
        assertThat(report.finalRms()).isCloseTo(expected, offset(0.02 * expected));
        assertThat(report.converged()).isTrue();
    }

    @Test
    void sameBitsForAnyNumberOfThreads() throws Exception {
        SyntheticBundle bundle = new SyntheticBundle(SyntheticBundle.brown(), 10, 3000, 5, 0.5, 7);
        for (int limit : new int[] {2000, 0}) {
            BundleProblem one = freeAll(bundle.disturbed(bundle.camera, 0.01, 8));
            BundleProblem four = freeAll(bundle.disturbed(bundle.camera, 0.01, 8));
            AdjustmentOptions options =
                    AdjustmentOptions.defaults().withDenseLimit(limit).withLimits(6, 0);
            ForkJoinPool single = new ForkJoinPool(1);
            ForkJoinPool several = new ForkJoinPool(4);
            try {
                single.submit(() -> BundleAdjustment.adjust(one, options)).get();
                several.submit(() -> BundleAdjustment.adjust(four, options)).get();
            } finally {
                single.shutdown();
                several.shutdown();
            }
            assertThat(one.points).isEqualTo(four.points);
            assertThat(one.poses).isEqualTo(four.poses);
            assertThat(one.camera(0)).isEqualTo(four.camera(0));
        }
    }

    @Test
    void conjugateGradientsAndCholeskyFindTheSameMinimum() {
        SyntheticBundle bundle = new SyntheticBundle(SyntheticBundle.brown(), 10, 800, 5, 0.5, 9);
        BundleProblem dense = freeAll(bundle.disturbed(bundle.camera, 0.01, 10));
        BundleProblem iterative = freeAll(bundle.disturbed(bundle.camera, 0.01, 10));
        double a = BundleAdjustment.adjust(dense, TIGHT).finalCost();
        double b = BundleAdjustment.adjust(iterative, TIGHT.withDenseLimit(0)).finalCost();
        assertThat(b).isCloseTo(a, offset(1e-6 * a));
    }

    @Test
    void robustLossResistsWrongMatches() {
        SyntheticBundle bundle = new SyntheticBundle(SyntheticBundle.brown(), 8, 400, 6, 0.3, 11);
        SplittableRandom random = new SplittableRandom(12);
        for (int o = 0; o < bundle.observationView.length; o += 20) {
            bundle.pixels[2 * o] += random.nextDouble(-100, 100);
            bundle.pixels[2 * o + 1] += random.nextDouble(-100, 100);
        }
        double squared = rotationError(bundle, RobustLoss.SQUARED);
        assertThat(squared).isGreaterThan(2e-3);
        for (RobustLoss.Kind kind : RobustLoss.Kind.values()) {
            if (kind != RobustLoss.Kind.SQUARED) {
                assertThat(rotationError(bundle, new RobustLoss(kind, 1)))
                        .as("%s", kind)
                        .isLessThan(0.3 * squared);
            }
        }
    }

    private static double rotationError(SyntheticBundle bundle, RobustLoss loss) {
        BundleProblem problem = bundle.disturbed(bundle.camera, 0.003, 13);
        problem.fixView(0);
        problem.fixView(1);
        BundleAdjustment.adjust(problem, AdjustmentOptions.defaults().withLoss(loss));
        double worst = 0;
        for (int v = 0; v < bundle.poses.size(); v++) {
            worst = Math.max(worst, problem.camFromWorld(v).rotationAngleTo(bundle.poses.get(v)));
        }
        return worst;
    }

    @Test
    void whatIsFixedStays() {
        SyntheticBundle bundle = new SyntheticBundle(SyntheticBundle.brown(), 5, 100, 4, 0.5, 14);
        BundleProblem problem = bundle.disturbed(bundle.camera, 0.01, 15);
        Rigid3 second = problem.camFromWorld(2);
        double y = problem.camFromWorld(3).translation().y();
        double[] before = problem.points();
        problem.fixView(2);
        problem.fixTranslation(3, 1);
        problem.fixPoint(7);
        BundleAdjustment.adjust(problem, AdjustmentOptions.defaults());
        assertThat(problem.camFromWorld(2)).isEqualTo(second);
        assertThat(problem.camFromWorld(3).translation().y()).isEqualTo(y);
        assertThat(Arrays.copyOfRange(problem.points(), 21, 24)).isEqualTo(Arrays.copyOfRange(before, 21, 24));
        assertThat(problem.points()[24]).isNotEqualTo(before[24]);
        assertThat(problem.camera(0)).isEqualTo(bundle.camera);
    }

    @Test
    void findsTheMinimumThatBoofCvFinds() {
        Camera pinhole = new Camera(CameraModel.PINHOLE, 1000, 750, 900, 905, 500, 375);
        SyntheticBundle bundle = new SyntheticBundle(pinhole, 6, 120, 4, 0.5, 16);
        BundleProblem problem = bundle.disturbed(pinhole, 0.01, 17);
        problem.fixView(0);
        problem.fixView(1);

        SceneStructureMetric structure = new SceneStructureMetric(false);
        structure.initialize(1, 6, 120);
        structure.setCamera(0, true, new BundlePinhole().setK(900, 905, 0, 500, 375));
        for (int v = 0; v < 6; v++) {
            Rigid3 pose = problem.camFromWorld(v);
            Se3_F64 motion = new Se3_F64();
            motion.R.set(3, 3, true, pose.rotationRowMajor());
            motion.T.setTo(
                    pose.translation().x(),
                    pose.translation().y(),
                    pose.translation().z());
            structure.setView(v, 0, v < 2, motion);
        }
        SceneObservations observations = new SceneObservations();
        observations.initialize(6);
        double[] points = problem.points();
        for (int p = 0; p < 120; p++) {
            structure.setPoint(p, points[3 * p], points[3 * p + 1], points[3 * p + 2]);
        }
        for (int o = 0; o < bundle.observationView.length; o++) {
            structure.connectPointToView(bundle.observationPoint[o], bundle.observationView[o]);
            observations
                    .getView(bundle.observationView[o])
                    .add(bundle.observationPoint[o], (float) bundle.pixels[2 * o], (float) bundle.pixels[2 * o + 1]);
        }
        // The oracle stores pixels as floats: give both the same.
        double[] rounded = new double[bundle.pixels.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) bundle.pixels[i];
        }
        System.arraycopy(rounded, 0, bundle.pixels, 0, rounded.length);
        BundleProblem same = bundle.disturbed(pinhole, 0.01, 17);
        same.fixView(0);
        same.fixView(1);

        ConfigBundleAdjustment config = new ConfigBundleAdjustment();
        config.optimizer.lm.hessianScaling = false;
        config.optimizer.lm.dampeningInitial = 1e-3;
        boofcv.abst.geo.bundle.BundleAdjustment<SceneStructureMetric> oracle =
                FactoryMultiView.bundleSparseMetric(config);
        oracle.setParameters(structure, observations);
        oracle.configure(1e-14, 1e-14, 200);
        oracle.optimize(structure);

        double ours = BundleAdjustment.adjust(same, TIGHT).finalCost();
        double theirs = oracle.getFitScore();
        assertThat(ours).isCloseTo(theirs, offset(1e-5 * theirs));
    }

    @Test
    void refusesIndicesThatPointNowhere() {
        assertThatThrownBy(() -> new BundleProblem(
                        List.of(SyntheticBundle.brown()),
                        List.of(Rigid3.IDENTITY),
                        new int[] {0},
                        new double[3],
                        new int[] {1},
                        new int[] {0},
                        new double[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("view index must lie in 0..0 but was 1");
    }
}
