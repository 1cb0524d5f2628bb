package io.github.dinosplat.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.Intrinsics;
import io.github.dinosplat.scene.synthetic.SyntheticSurvey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StructureFromMotionTest {

    private static final List<Photo> PHOTOS = new ArrayList<>();
    private static final Map<String, Image> PIXELS = new HashMap<>();
    private static Scene truth;

    @BeforeAll
    static void takePhotos() {
        SyntheticSurvey survey = SyntheticSurvey.demo(5);
        truth = survey.cameras();
        for (int i = 3; i < 9; i++) {
            View view = truth.views().get(i);
            PHOTOS.add(new Photo(view.name(), Path.of("none", view.name()), 640, 480, PhotoMetadata.NONE));
            PIXELS.put(view.name(), survey.photo(view.name()));
        }
    }

    private static PhotoSource source() {
        return name -> {
            Image image = PIXELS.get(name);
            if (image == null) {
                throw new IOException(name + ": no such photo");
            }
            return image;
        };
    }

    @Test
    void knownPosesStayAndGetPoints() throws IOException {
        List<View> views = PHOTOS.stream()
                .map(p -> truth.view(p.name()).orElseThrow())
                .map(v -> new View(v.name(), v.cameraIndex(), v.camFromWorld(), new double[0], new int[0]))
                .toList();
        Scene bare = new Scene(truth.cameras(), views, ScenePoints.NONE);
        Scene scene = SceneTriangulation.triangulate(
                bare, PHOTOS, source(), SfmOptions.defaults().withThreads(2), Progress.NONE);
        assertThat(scene.views()).hasSize(PHOTOS.size());
        for (View view : scene.views()) {
            assertThat(view.camFromWorld())
                    .isEqualTo(truth.view(view.name()).orElseThrow().camFromWorld());
        }
        assertThat(scene.points().count()).isGreaterThan(300);
        assertThat(scene.meanReprojectionError()).isLessThan(0.6);
        assertThatThrownBy(() -> SceneTriangulation.triangulate(
                        bare, PHOTOS.subList(1, 4), source(), SfmOptions.defaults(), Progress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("views");
    }

    @Test
    void knownIntrinsicsGivePosesToAFractionOfADegree() throws IOException {
        SfmOptions options = SfmOptions.defaults()
                .withIntrinsics(Intrinsics.parse("600,600,320,240"), false)
                .withThreads(2);
        SfmResult result = StructureFromMotion.reconstruct(PHOTOS, source(), options, Optional.empty(), Progress.NONE);
        assertThat(result.unregistered()).isEmpty();
        assertThat(result.models()).hasSize(1);
        Scene scene = result.models().get(0);
        assertThat(scene.cameras()).containsExactly(truth.cameras().get(0));
        assertThat(PoseErrors.worstRotationDeg(scene, truth)).isLessThan(0.1);
        assertThat(PoseErrors.worstDirectionDeg(scene, truth)).isLessThan(0.5);
        assertThat(scene.meanReprojectionError()).isLessThan(0.6);
        assertThat(result.pairs()).isNotEmpty().allMatch(p -> p.inliers() >= 15);
        assertThat(result.pairsTried()).isEqualTo(15);
        assertThat(result.times()).extracting(SfmResult.StageTime::stage).contains("matching", "mapping");
        // Points are coloured by what is seen there.
        View view = scene.views().get(0);
        Image picture = source().read(view.name());
        int close = 0;
        int seen = 0;
        for (int k = 0; k < view.keypointCount(); k++) {
            if (view.pointIndex(k) >= 0) {
                int pixel = picture.value((int) view.x(k), (int) view.y(k), 1);
                close += Math.abs(scene.points().colour(view.pointIndex(k), 1) - pixel) < 40 ? 1 : 0;
                seen++;
            }
        }
        assertThat(close).isGreaterThan(seen * 3 / 4);
    }

    @Test
    void theSameBytesFromOneThreadFromFourAndFromTheCache(@TempDir Path folder) throws IOException {
        SfmOptions options = SfmOptions.defaults();
        List<byte[]> files = new ArrayList<>();
        Optional<Path> cache = Optional.of(folder.resolve("cache"));
        for (int run = 0; run < 3; run++) {
            SfmResult result = StructureFromMotion.reconstruct(
                    PHOTOS,
                    source(),
                    options.withThreads(run == 1 ? 4 : 1),
                    run == 0 ? Optional.empty() : cache,
                    Progress.NONE);
            Scene scene = result.models().get(0);
            assertThat(scene.cameras().get(0).fx()).isCloseTo(600, offset(12.0));
            Path out = folder.resolve("out" + run);
            ColmapModel.write(scene, out);
            for (String name : List.of("cameras.bin", "images.bin", "points3D.bin")) {
                files.add(Files.readAllBytes(out.resolve(name)));
            }
        }
        for (int i = 0; i < 3; i++) {
            assertThat(files.get(3 + i)).isEqualTo(files.get(i));
            assertThat(files.get(6 + i)).isEqualTo(files.get(i));
        }
    }

    @Test
    void aPhotoThatCannotBeReadIsNamed() {
        List<Photo> photos = new ArrayList<>(PHOTOS.subList(0, 1));
        photos.add(new Photo("lost.png", Path.of("none", "lost.png"), 640, 480, PhotoMetadata.NONE));
        assertThatThrownBy(() -> StructureFromMotion.reconstruct(
                        photos, source(), SfmOptions.defaults(), Optional.empty(), Progress.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lost.png");
    }

    @Test
    void stopsOnRequest() {
        Progress stop = new Progress() {
            @Override
            public void update(String stage, long done, long total, String detail) {}

            @Override
            public boolean isCancelled() {
                return true;
            }
        };
        assertThatThrownBy(() -> StructureFromMotion.reconstruct(
                        PHOTOS, source(), SfmOptions.defaults(), Optional.empty(), stop))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void photosWithoutTextureGiveNoModelButReasons() throws IOException {
        List<Photo> blank = List.of(
                new Photo("a.png", Path.of("none", "a.png"), 320, 240, PhotoMetadata.NONE),
                new Photo("b.png", Path.of("none", "b.png"), 320, 240, PhotoMetadata.NONE),
                new Photo("c.png", Path.of("none", "c.png"), 320, 240, PhotoMetadata.NONE));
        SfmResult result = StructureFromMotion.reconstruct(
                blank,
                name -> new Image(320, 240, new byte[3 * 320 * 240]),
                SfmOptions.defaults(),
                Optional.empty(),
                Progress.NONE);
        assertThat(result.models()).isEmpty();
        assertThat(result.unregistered()).hasSize(3).allMatch(u -> u.reason().contains("0 keypoints"));
    }
}
