package io.github.dinosplat.matching.sfm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Rigid3;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MissingMatchesTest {

    private static final Camera CAMERA = new Camera(CameraModel.PINHOLE, 1000, 750, 850, 850, 500, 375);
    private static final int PHOTO = 3;

    /** What is missing of a photo in a model of all others; all of its matches agree. */
    private static double share(SyntheticMatches truth, Rigid3 pose) {
        Model model = modelOfOthers(truth);
        return new MissingMatches(model).share(PHOTO, CAMERA, pose, matchedPoints(model));
    }

    private static Model modelOfOthers(SyntheticMatches truth) {
        MappingInput input = truth.input(new MappingCamera(CAMERA, false, false));
        Model model = new Model(CorrespondenceGraph.ofAll(input), new Camera[] {CAMERA}, new int[7]);
        for (int i = 0; i < 7; i++) {
            if (i != PHOTO) {
                model.setPose(i, truth.poses.get(i));
            }
        }
        Triangulator triangulator = new Triangulator(model, 1.5);
        for (int i = 0; i < 7; i++) {
            if (i != PHOTO) {
                triangulator.triangulate(i, 4);
            }
        }
        return model;
    }

    private static int[] matchedPoints(Model model) {
        CorrespondenceGraph graph = model.graph;
        return IntStream.range(graph.start[graph.first[PHOTO]], graph.start[graph.first[PHOTO + 1]])
                .map(e -> model.pointOf[graph.neighbour[e]])
                .filter(point -> point >= 0)
                .distinct()
                .toArray();
    }

    private static SyntheticMatches photos() {
        return new SyntheticMatches(CAMERA, 0.3, 1).arc(7, 3000, 6, 0.01);
    }

    @Test
    void nothingIsMissingAtTheRightPlace() {
        SyntheticMatches truth = photos();
        assertThat(share(truth, truth.poses.get(PHOTO))).isZero();
    }

    @Test
    void aPartOfThePictureWithoutMatchesIsMissing() {
        SyntheticMatches truth = photos().withoutMatches(PHOTO, (x, y) -> x > 667);
        assertThat(share(truth, truth.poses.get(PHOTO))).isBetween(0.07, 0.35);
    }

    @Test
    void fewerMatchesEverywhereAreNotMissing() {
        int[] count = new int[1];
        SyntheticMatches truth = photos().withoutMatches(PHOTO, (x, y) -> count[0]++ % 3 > 0);
        assertThat(share(truth, truth.poses.get(PHOTO))).isLessThan(0.01);
    }

    @Test
    void whatAnotherPhotoNearbyLacksAsWellIsNotMissing() {
        SyntheticMatches truth =
                photos().withoutMatches(PHOTO, (x, y) -> x > 667).withoutMatches(PHOTO - 1, (x, y) -> x > 500);
        assertThat(share(truth, truth.poses.get(PHOTO))).isLessThan(0.03);
    }

    @Test
    void matchesThatOnlyPhotosFromAsideConfirmSpeakForThePlace() {
        SyntheticMatches truth = photos().withoutMatches(PHOTO, (x, y) -> x > 667)
                .withoutMatches(PHOTO - 1, (x, y) -> x < 500)
                .withoutMatches(PHOTO + 1, (x, y) -> x < 500);
        Model model = modelOfOthers(truth);
        MissingMatches missing = new MissingMatches(model);
        double alone = missing.share(PHOTO, CAMERA, truth.poses.get(PHOTO), new int[0]);
        double all = missing.share(PHOTO, CAMERA, truth.poses.get(PHOTO), matchedPoints(model));
        assertThat(alone).isGreaterThan(0.15);
        assertThat(all).isLessThan(0.6 * alone);
    }

    @Test
    void whatIsSeenFromFarAsideOnlyIsNotExpected() {
        SyntheticMatches truth = photos().withoutMatches(PHOTO, (x, y) -> x > 667);
        Rigid3 aside =
                truth.poses.get(PHOTO).compose(new Rigid3(new org.joml.Quaterniond(), new org.joml.Vector3d(0, 6, 0)));
        assertThat(share(truth, aside)).isZero();
    }
}
