package io.github.dinosplat.matching.sfm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class IncrementalMapperTest {

    private static final Camera CAMERA = new Camera(CameraModel.SIMPLE_RADIAL, 1000, 750, 850, 500, 375, -0.08);

    private static MappingResult map(SyntheticMatches matches, MappingCamera start) {
        return IncrementalMapper.map(matches.input(start), MappingOptions.defaults(), Progress.NONE);
    }

    /** Greatest error of relative rotations, in degrees, and of the directions between cameras. */
    private static double worstErrorDeg(Scene scene, SyntheticMatches truth) {
        double worst = 0;
        for (View a : scene.views()) {
            for (View b : scene.views()) {
                if (a == b) {
                    continue;
                }
                Rigid3 trueA = truth.poses.get(truth.names.indexOf(a.name()));
                Rigid3 trueB = truth.poses.get(truth.names.indexOf(b.name()));
                Rigid3 found = b.camFromWorld().compose(a.camFromWorld().inverse());
                Rigid3 expected = trueB.compose(trueA.inverse());
                worst = Math.max(worst, Math.toDegrees(found.rotationAngleTo(expected)));
                worst = Math.max(
                        worst,
                        Math.toDegrees(new Vector3d(found.translation()).angle(new Vector3d(expected.translation()))));
            }
        }
        return worst;
    }

    @Test
    void findsAllCamerasDespiteNoiseAndWrongMatches() {
        SyntheticMatches truth = new SyntheticMatches(CAMERA, 0.3, 1).arc(10, 600, 4, 0.1);
        Camera start = CAMERA.withParameters(850 * 1.1, 500, 375, 0);
        MappingResult result = map(truth, new MappingCamera(start, true, false));

        assertThat(result.unregistered()).isEmpty();
        assertThat(result.models()).hasSize(1);
        Scene scene = result.models().get(0);
        assertThat(scene.views()).hasSize(10);
        assertThat(worstErrorDeg(scene, truth)).isLessThan(0.3);
        assertThat(scene.cameras().get(0).fx()).isCloseTo(850, offset(8.0));
        assertThat(scene.cameras().get(0).parameters()[3]).isCloseTo(-0.08, offset(0.01));
        assertThat(scene.meanReprojectionError()).isBetween(0.2, 0.5);
        assertThat(scene.points().count()).isBetween(450, 700);
        assertThat((double) scene.observationCount() / scene.points().count()).isGreaterThan(4);
    }

    @Test
    void knownIntrinsicsStay() {
        SyntheticMatches truth = new SyntheticMatches(CAMERA, 0.3, 2).arc(6, 400, 3, 0.1);
        MappingResult result = map(truth, new MappingCamera(CAMERA, false, false));
        assertThat(result.models().get(0).cameras()).containsExactly(CAMERA);
        assertThat(worstErrorDeg(result.models().get(0), truth)).isLessThan(0.3);
    }

    @Test
    void findsAFocalLengthOfWhichNothingIsKnown() {
        Camera phone = new Camera(CameraModel.SIMPLE_RADIAL, 750, 1000, 720, 375, 500, 0.02);
        SyntheticMatches truth = new SyntheticMatches(phone, 0.3, 3).arc(8, 800, 4, 0.05);
        Camera guess = phone.withParameters(1200, 375, 500, 0);
        MappingResult result = map(truth, new MappingCamera(guess, true, true));
        assertThat(result.unregistered()).isEmpty();
        assertThat(result.models().get(0).cameras().get(0).fx()).isCloseTo(720, offset(15.0));
    }

    @Test
    void saysWhyAPhotoIsNotRegistered() {
        SyntheticMatches truth =
                new SyntheticMatches(CAMERA, 0.3, 4).arc(8, 500, 7, 0).thin(5, 4);
        MappingResult result = map(truth, new MappingCamera(CAMERA, false, false));
        assertThat(result.models()).hasSize(1);
        assertThat(result.models().get(0).views()).hasSize(7);
        assertThat(result.unregistered()).hasSize(1);
        assertThat(result.unregistered().get(0).name()).isEqualTo("005.jpg");
        assertThat(result.unregistered().get(0).reason()).containsPattern("\\d+ .*15 needed");
    }

    @Test
    void unrelatedPhotosMakeASecondModel() {
        SyntheticMatches truth =
                new SyntheticMatches(CAMERA, 0.3, 5).arc(7, 400, 4, 0.05).arc(5, 400, 4, 0.05);
        MappingResult result = map(truth, new MappingCamera(CAMERA, false, false));
        assertThat(result.models()).hasSize(2);
        assertThat(result.models().get(0).views()).hasSize(7);
        assertThat(result.models().get(1).views()).hasSize(5);
        assertThat(worstErrorDeg(result.models().get(1), truth)).isLessThan(0.4);
    }

    @Test
    void weakMatchesAreEnoughWhenThereIsNothingBetter() {
        SyntheticMatches truth = new SyntheticMatches(CAMERA, 0.2, 6).arc(6, 60, 5, 0);
        MappingResult result = map(truth, new MappingCamera(CAMERA, false, false));
        assertThat(result.models()).hasSize(1);
        assertThat(result.models().get(0).views()).hasSize(6);
        assertThat(result.notes()).anyMatch(n -> n.matches(".*started from .* points at a median angle of .*"));
    }

    @Test
    void startsFromPairsOfModerateAngles() {
        SyntheticMatches truth = new SyntheticMatches(CAMERA, 0.3, 10).arc(12, 300, 11, 0);
        MappingInput input = truth.input(new MappingCamera(CAMERA, false, false));
        CorrespondenceGraph graph = CorrespondenceGraph.ofConfirmed(input);
        FirstPair firstPair =
                new FirstPair(input, graph, new Camera[] {CAMERA}, new int[12], MappingOptions.defaults());
        List<FirstPair.Start> starts = firstPair.ranked(i -> true);
        assertThat(starts.get(0).medianAngleDeg()).isBetween(16.0, 50.0);
        assertThat(starts.get(0).points()).isGreaterThanOrEqualTo(100);
        // Wider pairs are there, but last.
        assertThat(starts.get(starts.size() - 1).medianAngleDeg()).isGreaterThan(50);
    }

    @Test
    void noMatchesGiveNoModelAndAReason() {
        SyntheticMatches truth = new SyntheticMatches(CAMERA, 0.3, 7).arc(3, 100, 0, 0);
        MappingResult result = map(truth, new MappingCamera(CAMERA, false, false));
        assertThat(result.models()).isEmpty();
        assertThat(result.unregistered()).hasSize(3).allMatch(u -> u.reason().contains("no verified matches"));
    }

    @Test
    void theNumberOfThreadsDoesNotMatter() throws Exception {
        SyntheticMatches truth = new SyntheticMatches(CAMERA, 0.3, 8).arc(6, 1500, 4, 0.1);
        MappingCamera start = new MappingCamera(CAMERA, true, false);
        ForkJoinPool one = new ForkJoinPool(1);
        ForkJoinPool four = new ForkJoinPool(4);
        try {
            Scene a = one.submit(() -> map(truth, start)).get().models().get(0);
            Scene b = four.submit(() -> map(truth, start)).get().models().get(0);
            assertThat(a.cameras()).isEqualTo(b.cameras());
            assertThat(a.points().count()).isEqualTo(b.points().count());
            for (int p = 0; p < a.points().count(); p++) {
                assertThat(a.points().position(p)).isEqualTo(b.points().position(p));
            }
            for (int v = 0; v < a.views().size(); v++) {
                assertThat(a.views().get(v).camFromWorld())
                        .isEqualTo(b.views().get(v).camFromWorld());
                assertThat(a.views().get(v).pointIndices())
                        .isEqualTo(b.views().get(v).pointIndices());
            }
        } finally {
            one.shutdown();
            four.shutdown();
        }
    }

    @Test
    void everyViewSeesEnoughPointsOfTwoPhotos() {
        SyntheticMatches truth = new SyntheticMatches(CAMERA, 0.5, 9).arc(9, 300, 3, 0.3);
        Scene scene =
                map(truth, new MappingCamera(CAMERA, true, false)).models().get(0);
        for (View view : scene.views()) {
            long seen = Arrays.stream(view.pointIndices())
                    .filter(p -> p >= 0 && scene.trackLength(p) >= 2)
                    .count();
            assertThat(seen).isGreaterThanOrEqualTo(15);
        }
        for (int p = 0; p < scene.points().count(); p++) {
            int point = p;
            long photos = IntStream.range(0, scene.trackLength(p))
                    .map(i -> scene.trackView(point, i))
                    .distinct()
                    .count();
            assertThat(photos).isEqualTo(scene.trackLength(p)).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void matchesThatNoThirdPhotoConfirmsAreUsedOnlyWhereThereIsLittleElse() {
        SyntheticMatches many = new SyntheticMatches(CAMERA, 0.3, 6).arc(6, 800, 1, 0.1);
        SyntheticMatches few = new SyntheticMatches(CAMERA, 0.3, 6).arc(6, 250, 1, 0.1);
        assertThat(unconfirmed(many)).isZero();
        assertThat(unconfirmed(few)).isGreaterThan(5);
        // Two photos have nothing else.
        assertThat(unconfirmed(new SyntheticMatches(CAMERA, 0.3, 6).arc(2, 800, 1, 0)))
                .isGreaterThan(400);
    }

    @Test
    void pointsOfTwoPhotosComeBackWhereThereAreNoOthers() {
        SyntheticMatches truth = new SyntheticMatches(CAMERA, 0.3, 6).arc(6, 800, 1, 0.1);
        MappingInput input = truth.input(new MappingCamera(CAMERA, false, false));
        Model model = new Model(CorrespondenceGraph.ofConfirmed(input), new Camera[] {CAMERA}, new int[6]);
        for (int i = 0; i < 6; i++) {
            model.setPose(i, truth.poses.get(i));
        }
        Triangulator triangulator = new Triangulator(model, 1.5);
        for (int i = 0; i < 6; i++) {
            triangulator.triangulate(i, 4);
        }
        int others = model.pointSlots();
        TwoViewPoints.choose(model, 1.5);
        assertThat(model.pointSlots() - others).isBetween(5, model.graph.leftOut.length / 2 - 20);
        for (int p = others; p < model.pointSlots(); p++) {
            assertThat(model.hasAngle(p, Math.cos(Math.toRadians(3)))).isTrue();
        }
        // Near most other keypoints there is a point of three photos, near these there is less often one.
        double near = 0;
        for (int p = others; p < model.pointSlots(); p++) {
            near += nearestOther(model, model.trackKeypoint(p, 0), others) / (model.pointSlots() - others);
        }
        double nearLeftOut = 0;
        for (int i = 0; i < model.graph.leftOut.length; i += 2) {
            nearLeftOut += 2 * nearestOther(model, model.graph.leftOut[i], others) / model.graph.leftOut.length;
        }
        assertThat(near).isGreaterThan(1.1 * nearLeftOut);
    }

    /** Distance in pixels to the nearest keypoint of the same photo with one of the first points that three photos see. */
    private static double nearestOther(Model model, int keypoint, int others) {
        CorrespondenceGraph graph = model.graph;
        int photo = graph.photoOf[keypoint];
        double nearest = 1000;
        for (int k = graph.first[photo]; k < graph.first[photo + 1]; k++) {
            int point = model.pointOf[k];
            if (point >= 0 && point < others && model.trackLength(point) > 2) {
                nearest = Math.min(
                        nearest,
                        Math.hypot(
                                graph.pixels[2 * k] - graph.pixels[2 * keypoint],
                                graph.pixels[2 * k + 1] - graph.pixels[2 * keypoint + 1]));
            }
        }
        return nearest;
    }

    /** Matches in the graph whose two keypoints have no other. */
    private static int unconfirmed(SyntheticMatches matches) {
        CorrespondenceGraph graph =
                CorrespondenceGraph.ofConfirmed(matches.input(new MappingCamera(CAMERA, false, false)));
        int count = 0;
        for (int k = 0; k < graph.keypoints(); k++) {
            if (graph.start[k + 1] - graph.start[k] == 1) {
                int other = graph.neighbour[graph.start[k]];
                count += graph.start[other + 1] - graph.start[other] == 1 && other > k ? 1 : 0;
            }
        }
        return count;
    }
}
