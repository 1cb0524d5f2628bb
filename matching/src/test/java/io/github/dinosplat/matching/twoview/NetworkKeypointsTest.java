package io.github.dinosplat.matching.twoview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.features.keypoints.KeypointNetwork;
import io.github.dinosplat.features.onnx.ExecutionProvider;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.keypoint.KeypointSource;
import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.keypoint.NetworkKeypointSource;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.io.StrechaCameras;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.joml.Vector3d;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Learned keypoints instead of SIFT's, on real photos with known poses. */
class NetworkKeypointsTest {

    private static final String SET = "strecha-fountain-p11";
    private static final String MODELS = "../models";

    /** Observed at 1280 pixels: ALIKED 2240 matches and at most 0.08 degrees off, XFeat 661 and 0.10. */
    @ParameterizedTest
    @CsvSource({"aliked-t16/aliked-t16-top1k-tum.onnx,1000,0.3", "xfeat/xfeat_640x640.onnx,300,0.4"})
    void twoPhotosHaveTheirTrueRelativePose(String file, int least, double mostDegrees) throws IOException {
        Optional<Path> data = RealData.folder(SET);
        assumeTrue(data.isPresent(), RealData.absence(SET));
        Optional<Path> models = RealData.folder(MODELS);
        assumeTrue(models.isPresent(), RealData.absence(MODELS));
        Scene truth = StrechaCameras.read(data.orElseThrow().resolve("gt_cameras"));
        View a = truth.views().get(4);
        View b = truth.views().get(5);
        KeypointOptions options =
                KeypointOptions.defaults().withMaxLongSide(1280).withMaxKeypoints(4096);
        try (KeypointNetwork network =
                        KeypointNetwork.open(models.orElseThrow().resolve(file), List.of(ExecutionProvider.CPU));
                PairMatcher matcher = new PairMatcher(MatchOptions.defaults())) {
            KeypointSource source = new NetworkKeypointSource(network, options);
            assertThat(source.key()).contains(network.sha256());
            assertThat(file).containsIgnoringCase(source.name());
            MatchablePhoto photoA = photo(source, data.orElseThrow(), truth, a);
            MatchablePhoto photoB = photo(source, data.orElseThrow(), truth, b);
            MatchedPair pair =
                    matcher.match(new PhotoPair(4, 5), photoA, photoB).orElseThrow();
            assertThat(pair.count()).isGreaterThan(least);
            Rigid3 want = b.camFromWorld().compose(a.camFromWorld().inverse());
            Rigid3 pose = pair.geometry().bFromA().orElseThrow();
            assertThat(Math.toDegrees(pose.rotationAngleTo(want))).isLessThan(mostDegrees);
            assertThat(Math.toDegrees(new Vector3d(pose.translation()).angle(new Vector3d(want.translation()))))
                    .isLessThan(mostDegrees);
        }
    }

    private static MatchablePhoto photo(KeypointSource source, Path data, Scene truth, View view) throws IOException {
        Keypoints k = source.detect(ImageFiles.read(data.resolve("images").resolve(view.name())));
        return new MatchablePhoto(k, Optional.of(truth.cameras().get(view.cameraIndex())));
    }
}
