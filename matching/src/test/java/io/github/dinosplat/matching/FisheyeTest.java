package io.github.dinosplat.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.io.Intrinsics;
import io.github.dinosplat.scene.io.StrechaCameras;
import io.github.dinosplat.scene.synthetic.SyntheticSurvey;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole chain with photos of fisheye lenses: rendered ones of a very wide lens, and real ones that were warped. */
class FisheyeTest {

    @TempDir
    private Path folder;

    /** The one model of all photos. */
    private static Scene reconstruct(Scene truth, Map<String, Image> photos, SfmOptions options) throws IOException {
        Camera size = truth.cameras().get(0);
        List<Photo> list = truth.views().stream()
                .map(v ->
                        new Photo(v.name(), Path.of("none", v.name()), size.width(), size.height(), PhotoMetadata.NONE))
                .toList();
        PhotoSource source = name -> Optional.ofNullable(photos.get(name)).orElseThrow();
        SfmResult result =
                StructureFromMotion.reconstruct(list, source, options.withThreads(2), Optional.empty(), Progress.NONE);
        assertThat(result.unregistered()).isEmpty();
        return result.models().get(0);
    }

    /** Greatest angle between the directions in which two cameras see the same pixel, over the picture, in degrees. */
    private static double worstDirectionDeg(Camera a, Camera b) {
        double worst = 0;
        for (int y = 0; y <= a.height(); y += 20) {
            for (int x = 0; x <= a.width(); x += 20) {
                worst = Math.max(worst, Math.toDegrees(a.direction(x, y).angle(b.direction(x, y))));
            }
        }
        return worst;
    }

    private Intrinsics intrinsics(Camera camera) throws IOException {
        StringBuilder line = new StringBuilder("1 " + camera.model() + " " + camera.width() + " " + camera.height());
        for (double p : camera.parameters()) {
            line.append(' ').append(p);
        }
        Path file = Files.writeString(folder.resolve("cameras.txt"), line + "\n");
        return Intrinsics.parse(file.toString());
    }

    private static Scene views(Scene scene, Camera camera, int from, int to) {
        return new Scene(List.of(camera), scene.views().subList(from, to), ScenePoints.NONE);
    }

    @Test
    void aLensOf140DegreesIsFoundFromPhotosAlone() throws IOException {
        SyntheticSurvey demo = SyntheticSurvey.demo(5);
        Camera lens =
                new Camera(CameraModel.OPENCV_FISHEYE, 640, 480, 260, 262, 318, 243, 0.03, -0.006, 0.002, -0.0005);
        SyntheticSurvey survey = new SyntheticSurvey(demo.world(), views(demo.cameras(), lens, 3, 9));
        Scene truth = survey.cameras();
        Map<String, Image> photos = new HashMap<>();
        truth.views().forEach(v -> photos.put(v.name(), survey.photo(v.name())));

        Scene known = reconstruct(truth, photos, SfmOptions.defaults().withIntrinsics(intrinsics(lens), false));
        assertThat(known.cameras()).containsExactly(lens);
        assertThat(PoseErrors.worstRotationDeg(known, truth)).isLessThan(0.03);
        assertThat(PoseErrors.worstDirectionDeg(known, truth)).isLessThan(0.1);

        // The search starts from a lens of 43 mm in 35 mm terms, three times as long as this one.
        Scene found = reconstruct(
                truth, photos, SfmOptions.defaults().withCameras(CameraModel.OPENCV_FISHEYE, CameraSharing.AUTO));
        assertThat(PoseErrors.worstRotationDeg(found, truth)).isLessThan(0.05);
        assertThat(PoseErrors.worstDirectionDeg(found, truth)).isLessThan(0.15);
        assertThat(worstDirectionDeg(found.cameras().get(0), lens)).isLessThan(0.15);
    }

    @Test
    void realPhotosOfAnUnknownFisheye() throws IOException {
        Optional<Path> data = RealData.folder("strecha-fountain-p11");
        assumeTrue(data.isPresent(), RealData.absence("strecha-fountain-p11"));
        Scene pinhole = StrechaCameras.read(data.orElseThrow().resolve("gt_cameras"));
        Camera source = pinhole.cameras().get(0).resized(768, 512);
        Camera lens = new Camera(CameraModel.SIMPLE_RADIAL_FISHEYE, 600, 410, 690, 300, 205, -0.1);
        Scene truth = views(pinhole, lens, 3, 8);
        Map<String, Image> photos = new HashMap<>();
        for (View view : truth.views()) {
            Image photo = ImageFiles.read(data.orElseThrow().resolve("images").resolve(view.name()));
            photos.put(view.name(), warped(photo.resized(768, 512), source, lens));
        }
        Scene found = reconstruct(
                truth,
                photos,
                SfmOptions.defaults().withCameras(CameraModel.SIMPLE_RADIAL_FISHEYE, CameraSharing.AUTO));
        assertThat(PoseErrors.worstRotationDeg(found, truth)).isLessThan(0.15);
        assertThat(PoseErrors.worstDirectionDeg(found, truth)).isLessThan(0.25);
        assertThat(worstDirectionDeg(found.cameras().get(0), lens)).isLessThan(0.1);
        // A lens that keeps straight lines straight does not explain these photos.
        Scene wrong = reconstruct(
                truth, photos, SfmOptions.defaults().withCameras(CameraModel.SIMPLE_PINHOLE, CameraSharing.AUTO));
        assertThat(PoseErrors.worstDirectionDeg(wrong, truth)).isGreaterThan(1);
        assertThat(worstDirectionDeg(wrong.cameras().get(0), lens)).isGreaterThan(1);
    }

    /** What another lens would have seen from the same place. */
    private static Image warped(Image photo, Camera from, Camera to) {
        byte[] rgb = new byte[3 * to.width() * to.height()];
        double[] ray = new double[2];
        double[] pixel = new double[2];
        for (int y = 0; y < to.height(); y++) {
            for (int x = 0; x < to.width(); x++) {
                to.unproject(x + 0.5, y + 0.5, ray);
                from.project(ray[0], ray[1], 1, pixel, null, null);
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * to.width() + x) + c] = (byte) bilinear(photo, pixel[0] - 0.5, pixel[1] - 0.5, c);
                }
            }
        }
        return new Image(to.width(), to.height(), rgb);
    }

    private static int bilinear(Image photo, double x, double y, int channel) {
        int x0 = (int) Math.floor(x);
        int y0 = (int) Math.floor(y);
        assertThat(x0 >= 0 && y0 >= 0 && x0 + 1 < photo.width() && y0 + 1 < photo.height())
                .as("inside")
                .isTrue();
        double fx = x - x0;
        double fy = y - y0;
        double top = (1 - fx) * photo.value(x0, y0, channel) + fx * photo.value(x0 + 1, y0, channel);
        double bottom = (1 - fx) * photo.value(x0, y0 + 1, channel) + fx * photo.value(x0 + 1, y0 + 1, channel);
        return (int) Math.round((1 - fy) * top + fy * bottom);
    }
}
