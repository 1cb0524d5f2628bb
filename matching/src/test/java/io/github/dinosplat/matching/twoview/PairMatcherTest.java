package io.github.dinosplat.matching.twoview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.dinosplat.features.onnx.ByteProduct;
import io.github.dinosplat.matching.keypoint.KeypointDetector;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.keypoint.Textures;
import io.github.dinosplat.matching.robust.RobustEssential;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PairMatcherTest {

    private static final int W = 400;
    private static final int H = 300;
    private static final Camera CAMERA = new Camera(CameraModel.SIMPLE_PINHOLE, W, H, 400, 200, 150);

    /** Two textured walls at different depths, seen by a camera that moves sideways; and an unrelated texture. */
    private static List<MatchablePhoto> photos;

    private static List<Rigid3> poses;

    @BeforeAll
    static void renderAndDetect() {
        poses = List.of(
                Rigid3.IDENTITY,
                new Rigid3(new Quaterniond().rotationXYZ(0.02, 0.06, 0.1), new Vector3d(-0.5, 0.05, 0.02)),
                new Rigid3(new Quaterniond().rotationXYZ(-0.02, 0.1, -0.05), new Vector3d(-0.9, -0.05, 0.05)));
        KeypointDetector detector = new KeypointDetector(KeypointOptions.defaults());
        photos = List.of(
                photo(detector.detect(walls(poses.get(0)))),
                photo(detector.detect(walls(poses.get(1)))),
                photo(detector.detect(walls(poses.get(2)))),
                photo(detector.detect(Textures.render(W, H, (x, y) -> new double[] {5000 + x, 9000 + y}))));
    }

    private static MatchablePhoto photo(Keypoints k) {
        return new MatchablePhoto(k, Optional.of(CAMERA));
    }

    /** The left wall (x below 0) lies at depth 4, the right one slopes away from 4. */
    private static Image walls(Rigid3 camFromWorld) {
        Rigid3 back = camFromWorld.inverse();
        Vector3d centre = camFromWorld.targetOriginInSource();
        return Textures.render(W, H, (px, py) -> {
            Vector3d d = back.rotation().transform(CAMERA.direction(px, py), new Vector3d());
            double t = (4 - centre.z) / d.z;
            if (centre.x + t * d.x > 0) {
                // z = 4 + 1.5 x
                t = (4 + 1.5 * centre.x - centre.z) / (d.z - 1.5 * d.x);
            }
            return new double[] {100 * (centre.x + t * d.x) + 3000, 100 * (centre.y + t * d.y) + 3000};
        });
    }

    private static Rigid3 truth(int a, int b) {
        return poses.get(b).compose(poses.get(a).inverse());
    }

    @Test
    void findsTheRelativePosesAndRejectsAnUnrelatedPhoto() throws IOException {
        // The default of four pixels is meant for larger photos: here it takes the bent wall for a plane.
        try (PairMatcher matcher = new PairMatcher(MatchOptions.defaults().withThresholdPixels(1.5))) {
            List<PhotoPair> pairs = List.of(new PhotoPair(0, 1), new PhotoPair(0, 3), new PhotoPair(1, 2));
            List<MatchedPair> matched = matcher.matchAll(pairs, photos, 2, Progress.NONE);
            assertThat(matched).extracting(MatchedPair::photos).containsExactly(pairs.get(0), pairs.get(2));
            for (MatchedPair m : matched) {
                assertThat(m.count()).isGreaterThan(80);
                assertThat(m.geometry().kind()).isEqualTo(TwoViewGeometry.Kind.CALIBRATED);
                Rigid3 expected = truth(m.photoA(), m.photoB());
                Rigid3 pose = m.geometry().bFromA().orElseThrow();
                assertThat(Math.toDegrees(pose.rotationAngleTo(expected))).isLessThan(0.5);
                assertThat(Math.toDegrees(new Vector3d(pose.translation()).angle(new Vector3d(expected.translation()))))
                        .isLessThan(4);
                assertThat(m.geometry().medianAngleDeg()).isBetween(2.0, 12.0);
            }
        }
    }

    @Test
    void theNumberOfThreadsDoesNotChangeTheResult() throws IOException {
        List<PhotoPair> pairs = List.of(new PhotoPair(0, 1), new PhotoPair(0, 2), new PhotoPair(1, 2));
        try (PairMatcher matcher = new PairMatcher(MatchOptions.defaults())) {
            assertThat(matcher.matchAll(pairs, photos, 1, Progress.NONE))
                    .isEqualTo(matcher.matchAll(pairs, photos, 4, Progress.NONE));
        }
    }

    @Test
    void epipolarSearchFindsMore() {
        PhotoPair pair = new PhotoPair(0, 2);
        try (PairMatcher plain = new PairMatcher(MatchOptions.defaults().withEpipolarSearch(false));
                PairMatcher searching = new PairMatcher(MatchOptions.defaults().withEpipolarSearch(true))) {
            int few = plain.match(pair, photos.get(0), photos.get(2))
                    .orElseThrow()
                    .count();
            int more = searching
                    .match(pair, photos.get(0), photos.get(2))
                    .orElseThrow()
                    .count();
            assertThat(more).isGreaterThan(few);
        }
    }

    @Test
    void aSureFirstLookLeadsToWhatAllKeypointsGive() {
        MatchOptions all = new MatchOptions(0.8, 4, 15, 100_000, true, 0);
        MatchOptions few = new MatchOptions(0.8, 4, 15, 250, true, 0);
        PhotoPair pair = new PhotoPair(0, 1);
        assertThat(photos.get(0).keypoints().count()).isGreaterThan(2 * 250);
        try (PairMatcher one = new PairMatcher(all);
                PairMatcher two = new PairMatcher(few);
                PairMatcher comparing = new PairMatcher(all.withEpipolarSearch(false));
                PairMatcher firstOnly = new PairMatcher(few.withEpipolarSearch(false))) {
            MatchedPair a = one.match(pair, photos.get(0), photos.get(1)).orElseThrow();
            MatchedPair b = two.match(pair, photos.get(0), photos.get(1)).orElseThrow();
            assertThat((double) b.count()).isGreaterThan(0.95 * a.count());
            assertThat(Math.toDegrees(b.geometry()
                            .bFromA()
                            .orElseThrow()
                            .rotationAngleTo(a.geometry().bFromA().orElseThrow())))
                    .isLessThan(0.2);
            // Without the search, the first look only rejects: the rest is compared in full.
            assertThat(firstOnly.match(pair, photos.get(0), photos.get(1)).orElseThrow())
                    .isEqualTo(
                            comparing.match(pair, photos.get(0), photos.get(1)).orElseThrow());
        }
    }

    @Test
    void matchesThatTurnAlikeComeFirst() {
        int n = 40;
        float[] at = new float[n];
        float[] size = new float[n];
        float[] grown = new float[n];
        float[] orientation = new float[n];
        float[] turned = new float[n];
        Arrays.fill(size, 2);
        for (int i = 0; i < n; i++) {
            // Every fourth turns by a right angle and doubles; the others do as they like.
            turned[i] = i % 4 == 0 ? (float) Math.PI / 2 : i;
            grown[i] = i % 4 == 0 ? 4 : 2 + i % 5;
        }
        float[] none = new float[n * Keypoints.DESCRIPTOR_SIZE];
        Keypoints a = new Keypoints(at, at, size, orientation, none);
        Keypoints b = new Keypoints(at, at, grown, turned, none);
        int[] all = IntStream.range(0, n).toArray();
        KeypointMatches sorted = KeypointMotion.agreeingFirst(a, b, new KeypointMatches(all, all));
        assertThat(sorted.a()).containsExactlyInAnyOrder(all).isEqualTo(sorted.b());
        // Ten, and a few that happen to be alike.
        int[] front = Arrays.copyOf(sorted.a(), 15);
        for (int i = 0; i < n; i += 4) {
            assertThat(front).contains(i);
        }
        assertThat(front).isSorted();
    }

    @Test
    void epipolarSearchFindsLittleInAnUnrelatedPhoto() {
        Rigid3 pose = truth(0, 2);
        double[] f = RobustEssential.fundamentalOf(CAMERA, CAMERA, pose);
        try (PairMatcher matcher = new PairMatcher(MatchOptions.defaults());
                ByteProduct product = new ByteProduct()) {
            MatchedPair m = matcher.match(new PhotoPair(0, 2), photos.get(0), photos.get(2))
                    .orElseThrow();
            int[] a = IntStream.range(0, m.count()).map(m::keypointA).toArray();
            int[] b = IntStream.range(0, m.count()).map(m::keypointB).toArray();
            KeypointMatches known = new KeypointMatches(a, b);
            // The known matches say how keypoints turn; the stranger takes the second photo's place.
            KeypointMotion motion =
                    KeypointMotion.of(photos.get(0).keypoints(), photos.get(2).keypoints(), known);
            int right = new EpipolarMatcher(product, photos.get(0), photos.get(2), motion, f, 4)
                    .match(0.8)
                    .count();
            int wrong = new EpipolarMatcher(product, photos.get(0), photos.get(3), motion, f, 4)
                    .match(0.8)
                    .count();
            assertThat(right).isGreaterThan(m.count() / 2);
            assertThat(wrong).isLessThan(right / 10);
        }
    }

    @Test
    void withoutIntrinsicsThereIsAFundamentalMatrixButNoPose() {
        MatchablePhoto a = new MatchablePhoto(photos.get(0).keypoints(), Optional.empty());
        MatchablePhoto b = new MatchablePhoto(photos.get(2).keypoints(), Optional.empty());
        try (PairMatcher matcher = new PairMatcher(MatchOptions.defaults())) {
            MatchedPair m = matcher.match(new PhotoPair(0, 2), a, b).orElseThrow();
            assertThat(m.geometry().bFromA()).isEmpty();
            assertThat(m.geometry().essential()).isEmpty();
            assertThat(m.geometry().kind()).isNotEqualTo(TwoViewGeometry.Kind.CALIBRATED);
            assertThat(m.count()).isGreaterThan(50);
        }
    }

    @Test
    void aTurnOnTheSpotIsPanoramic() {
        Rigid3 turned = new Rigid3(new Quaterniond().rotationXYZ(0.05, 0.15, 0.3), new Vector3d());
        MatchablePhoto other = photo(new KeypointDetector(KeypointOptions.defaults()).detect(walls(turned)));
        try (PairMatcher matcher = new PairMatcher(MatchOptions.defaults())) {
            MatchedPair m =
                    matcher.match(new PhotoPair(0, 1), photos.get(0), other).orElseThrow();
            assertThat(m.geometry().kind()).isEqualTo(TwoViewGeometry.Kind.PLANAR_OR_PANORAMIC);
        }
    }

    @Test
    void noKeypointsNoMatches() {
        MatchablePhoto blank =
                photo(new Keypoints(new float[0], new float[0], new float[0], new float[0], new float[0]));
        try (PairMatcher matcher = new PairMatcher(MatchOptions.defaults())) {
            assertThat(matcher.match(new PhotoPair(0, 1), photos.get(0), blank)).isEmpty();
            assertThat(matcher.match(new PhotoPair(0, 1), blank, blank)).isEmpty();
        }
    }

    @Test
    void canBeCancelled() {
        Progress stop = new Progress() {
            @Override
            public void update(String stage, long done, long total, String detail) {}

            @Override
            public boolean isCancelled() {
                return true;
            }
        };
        try (PairMatcher matcher = new PairMatcher(MatchOptions.defaults())) {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> matcher.matchAll(List.of(new PhotoPair(0, 1)), photos, 2, stop));
        }
    }
}
