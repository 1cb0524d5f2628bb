package io.github.dinosplat.matching.twoview;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.matching.keypoint.KeypointDetector;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.robust.RobustEssential;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.io.StrechaCameras;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.joml.Vector3d;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The relative pose of real photos against a laser-scanned ground truth (Strecha et al. 2008). */
class FountainMatchingTest {

    private static final String SET = "strecha-fountain-p11";

    private static Path data() {
        Optional<Path> folder = RealData.folder(SET);
        Assumptions.assumeTrue(folder.isPresent(), () -> RealData.absence(SET));
        return folder.orElseThrow();
    }

    private static MatchablePhoto photo(Path data, Scene truth, View view, int most) throws IOException {
        Keypoints k = new KeypointDetector(KeypointOptions.defaults().withMaxKeypoints(most))
                .detect(ImageFiles.read(data.resolve("images").resolve(view.name())));
        return new MatchablePhoto(k, Optional.of(camera(truth, view)));
    }

    private static Camera camera(Scene truth, View view) {
        return truth.cameras().get(view.cameraIndex());
    }

    private static double errorDeg(MatchedPair pair, Rigid3 truth) {
        Rigid3 pose = pair.geometry().bFromA().orElseThrow();
        return Math.max(
                Math.toDegrees(pose.rotationAngleTo(truth)),
                Math.toDegrees(new Vector3d(pose.translation()).angle(new Vector3d(truth.translation()))));
    }

    @Test
    void neighboursMatchToATenthOfAPixel() throws IOException {
        Path data = data();
        Scene truth = StrechaCameras.read(data.resolve("gt_cameras"));
        View a = truth.views().get(4);
        View b = truth.views().get(5);
        MatchablePhoto photoA = photo(data, truth, a, 4096);
        MatchablePhoto photoB = photo(data, truth, b, 4096);
        Rigid3 bFromA = b.camFromWorld().compose(a.camFromWorld().inverse());
        double[] f = RobustEssential.fundamentalOf(camera(truth, a), camera(truth, b), bFromA);
        try (PairMatcher matcher = new PairMatcher(MatchOptions.defaults().withEpipolarSearch(false))) {
            MatchedPair m = matcher.match(new PhotoPair(4, 5), photoA, photoB).orElseThrow();
            assertThat(m.count()).isGreaterThan(1000);
            assertThat(errorDeg(m, bFromA)).isLessThan(0.3);
            double[] distances = new double[m.count()];
            for (int i = 0; i < distances.length; i++) {
                double x = photoA.keypoints().x(m.keypointA(i));
                double y = photoA.keypoints().y(m.keypointA(i));
                double lx = f[0] * x + f[1] * y + f[2];
                double ly = f[3] * x + f[4] * y + f[5];
                double lz = f[6] * x + f[7] * y + f[8];
                double u = photoB.keypoints().x(m.keypointB(i));
                double v = photoB.keypoints().y(m.keypointB(i));
                distances[i] = Math.abs(lx * u + ly * v + lz) / Math.hypot(lx, ly);
            }
            Arrays.sort(distances);
            assertThat(distances[distances.length / 2])
                    .as("median distance in pixels")
                    .isLessThan(0.2);
        }
    }
}
