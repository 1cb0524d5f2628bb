package io.github.dinosplat.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.github.dinosplat.matching.sfm.MappingResult;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.io.Intrinsics;
import io.github.dinosplat.scene.io.MaskFolder;
import io.github.dinosplat.scene.synthetic.SyntheticSurvey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
                        bare, PHOTOS, source(), SfmOptions.defaults().withThreads(2), Optional.empty(), Progress.NONE)
                .models()
                .get(0);
        assertThat(scene.views()).hasSize(PHOTOS.size());
        for (View view : scene.views()) {
            assertThat(view.camFromWorld())
                    .isEqualTo(truth.view(view.name()).orElseThrow().camFromWorld());
        }
        assertThat(scene.points().count()).isGreaterThan(300);
        assertThat(scene.meanReprojectionError()).isLessThan(0.6);
        assertThatThrownBy(() -> SceneTriangulation.triangulate(
                        bare, PHOTOS.subList(1, 4), source(), SfmOptions.defaults(), Optional.empty(), Progress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("views");
    }

    @Test
    void photosAreAddedToAModelThatStaysTheSameBits(@TempDir Path folder) throws IOException {
        SfmOptions options = SfmOptions.defaults()
                .withIntrinsics(Intrinsics.parse("600,600,320,240"), false)
                .withThreads(2);
        List<Photo> first = List.of(PHOTOS.get(0), PHOTOS.get(1), PHOTOS.get(3), PHOTOS.get(4));
        SfmResult result = StructureFromMotion.reconstruct(first, source(), options, Optional.empty(), Progress.NONE);
        ColmapModel.write(result.models().get(0), folder.resolve("before"));
        Scene scene = ColmapModel.read(folder.resolve("before"));
        List<Photo> all = new ArrayList<>(first);
        all.add(PHOTOS.get(2));
        all.add(PHOTOS.get(5));
        all.add(new Photo("blank.png", Path.of("none", "blank.png"), 640, 480, PhotoMetadata.NONE));
        PhotoSource pixels =
                name -> name.equals("blank.png") ? new Image(640, 480, new byte[3 * 640 * 480]) : source().read(name);
        SfmResult added = SceneLocalisation.localise(scene, all, pixels, options, Optional.empty(), Progress.NONE);
        assertThat(added.unregistered()).hasSize(1).allMatch(u -> u.name().equals("blank.png"));
        assertThat(added.unregistered().get(0).reason()).contains("0 keypoints");
        Scene more = added.models().get(0);
        assertThat(more.views()).hasSize(6);
        assertThat(PoseErrors.worstRotationDeg(more, truth)).isLessThan(0.2);
        assertThat(PoseErrors.worstDirectionDeg(more, truth)).isLessThan(1.0);
        // Nothing of the scene has changed: without what was added it is the same files.
        int views = scene.views().size();
        Scene same = new Scene(
                more.cameras().subList(0, scene.cameras().size()),
                more.views().subList(0, views),
                scene.points().followedBy(more.points(), more.points().count()));
        for (int p = 0; p < scene.points().count(); p++) {
            assertThat(more.points().position(p)).isEqualTo(scene.points().position(p));
            assertThat(more.points().colour(p, 1)).isEqualTo(scene.points().colour(p, 1));
            assertThat(more.points().error(p)).isEqualTo(scene.points().error(p));
        }
        ColmapModel.write(same, folder.resolve("after"));
        for (String name : List.of("cameras.bin", "images.bin", "points3D.bin")) {
            assertThat(folder.resolve("after").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("before").resolve(name));
        }
        // The added photos see the scene's points.
        for (View view : more.views().subList(views, 6)) {
            long seen = Arrays.stream(view.pointIndices())
                    .filter(p -> p >= 0 && p < scene.points().count())
                    .count();
            assertThat(seen).isGreaterThan(100);
        }
        assertThat(more.meanReprojectionError()).isLessThan(0.7);
        assertThatThrownBy(() -> SceneLocalisation.localise(
                        scene, all.subList(1, 6), pixels, options, Optional.empty(), Progress.NONE))
                .hasMessageContaining("views");
    }

    @Test
    void aPhotoThatCannotBeDecodedIsLeftOutByName() throws IOException {
        SfmOptions options = SfmOptions.defaults()
                .withIntrinsics(Intrinsics.parse("600,600,320,240"), false)
                .withThreads(2);
        List<Photo> photos = new ArrayList<>(PHOTOS.subList(0, 3));
        photos.add(1, new Photo("bad.jpg", Path.of("none", "bad.jpg"), 640, 480, PhotoMetadata.NONE));
        PhotoSource pixels = name -> {
            if (name.equals("bad.jpg")) {
                throw new IOException(Path.of("none", name) + ": is damaged: copy it again");
            }
            return source().read(name);
        };
        SfmResult result = StructureFromMotion.reconstruct(photos, pixels, options, Optional.empty(), Progress.NONE);
        Scene scene = result.models().get(0);
        assertThat(scene.views()).hasSize(3);
        assertThat(result.unregistered())
                .containsExactly(new MappingResult.Unregistered("bad.jpg", "is damaged: copy it again"));
        // A scene's own photos are needed, and of others at least one.
        PhotoSource none = name -> {
            throw new IOException(name + " is gone");
        };
        List<Photo> own = scene.views().stream()
                .map(v -> photos.stream()
                        .filter(p -> p.name().equals(v.name()))
                        .findFirst()
                        .orElseThrow())
                .toList();
        assertThatThrownBy(() ->
                        SceneTriangulation.triangulate(scene, own, none, options, Optional.empty(), Progress.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is gone");
        assertThatThrownBy(
                        () -> StructureFromMotion.reconstruct(photos, none, options, Optional.empty(), Progress.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none of the photos can be decoded");
    }

    @Test
    void masksTakeKeypointsAwayAndTheCacheKnows(@TempDir Path folder) throws IOException {
        byte[] rgb = new byte[3 * 640 * 480];
        for (int i = 0; i < 640 * 480; i++) {
            rgb[3 * i] = (byte) (i % 640 < 200 ? 0 : 255);
        }
        List<Photo> photos = PHOTOS.subList(0, 3);
        ImageFiles.writePng(
                new Image(640, 480, rgb),
                folder.resolve("masks/" + photos.get(1).name() + ".png"));
        SfmOptions plain = SfmOptions.defaults()
                .withIntrinsics(Intrinsics.parse("600,600,320,240"), false)
                .withThreads(2);
        SfmOptions masked = plain.withMasks(new MaskFolder(folder.resolve("masks")));
        Optional<Path> cache = Optional.of(folder.resolve("cache"));
        SfmResult without = StructureFromMotion.reconstruct(photos, source(), plain, cache, Progress.NONE);
        SfmResult with = StructureFromMotion.reconstruct(photos, source(), masked, cache, Progress.NONE);
        assertThat(with.keypoints().get(0)).isEqualTo(without.keypoints().get(0));
        assertThat(with.keypoints().get(1)).isLessThan(without.keypoints().get(1));
        View view = with.models().get(0).view(photos.get(1).name()).orElseThrow();
        for (int k = 0; k < view.keypointCount(); k++) {
            assertThat(view.x(k)).isGreaterThanOrEqualTo(200);
        }
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
