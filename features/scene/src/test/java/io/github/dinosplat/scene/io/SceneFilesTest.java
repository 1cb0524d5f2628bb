package io.github.dinosplat.scene.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenes in the files of other programs: read, written and read back; damaged ones refused by name. */
class SceneFilesTest {

    @TempDir
    Path folder;

    private static Path real(String set) {
        Optional<Path> data = RealData.folder(set);
        assumeTrue(data.isPresent(), RealData.absence(set));
        return data.orElseThrow();
    }

    /** Three photos of one wall by two cameras, with points where their rays meet. */
    private static Scene wall(Camera... cameras) {
        List<View> views = new ArrayList<>();
        double[] positions = new double[3 * 20];
        byte[] colours = new byte[positions.length];
        for (int p = 0; p < 20; p++) {
            positions[3 * p] = p % 5 - 2;
            positions[3 * p + 1] = p / 5 - 1.5;
            positions[3 * p + 2] = 8;
            colours[3 * p] = (byte) (10 * p);
        }
        for (int v = 0; v < 3; v++) {
            Rigid3 pose = new Rigid3(
                    new Quaterniond().rotateXYZ(0.1 * v, -0.2 * v, 0.05), new Vector3d(0.5 * v, 0.1, -0.2 * v));
            Camera camera = cameras[v % cameras.length];
            double[] keypoints = new double[40];
            int[] points = new int[20];
            for (int p = 0; p < 20; p++) {
                Vector3d x = pose.transform(new Vector3d(positions[3 * p], positions[3 * p + 1], positions[3 * p + 2]));
                double[] pixel = new double[2];
                camera.project(x.x, x.y, x.z, pixel, null, null);
                System.arraycopy(pixel, 0, keypoints, 2 * p, 2);
                points[p] = p;
            }
            views.add(new View("photo " + v + ".png", v % cameras.length, pose, keypoints, points));
        }
        return new Scene(List.of(cameras), views, new ScenePoints(positions, colours, new double[20]));
    }

    private static Camera camera(CameraModel model) {
        double[] p = new double[model.parameterCount()];
        p[0] = 410;
        p[model.focalCount() - 1] = 410;
        p[model.focalCount()] = 322.5;
        p[model.focalCount() + 1] = 238.25;
        for (int i = model.focalCount() + 2; i < p.length; i++) {
            // OpenSfM and nerfstudio know the numerator of FULL_OPENCV alone.
            p[i] = model == CameraModel.FULL_OPENCV && i > 8 ? 0 : 0.01 / (i - 1);
        }
        return new Camera(model, 640, 480, p);
    }

    private void photosOf(Scene scene) throws IOException {
        for (View view : scene.views()) {
            ImageFiles.writePng(new Image(640, 480, new byte[3 * 640 * 480]), folder.resolve("images/" + view.name()));
        }
    }

    private static void assertSameCameras(Scene actual, Scene expected) {
        assertThat(actual.views())
                .extracting(View::name)
                .isEqualTo(expected.views().stream().map(View::name).toList());
        double[] a = new double[2];
        double[] b = new double[2];
        for (int v = 0; v < expected.views().size(); v++) {
            for (double x = -0.5; x <= 0.5; x += 0.25) {
                Vector3d world =
                        expected.views().get(v).camFromWorld().inverse().transform(new Vector3d(4 * x, 2 * x, 8));
                Vector3d inA = actual.views().get(v).camFromWorld().transform(world);
                Vector3d inB = expected.views().get(v).camFromWorld().transform(world);
                actual.cameraOf(actual.views().get(v)).project(inA.x, inA.y, inA.z, a, null, null);
                expected.cameraOf(expected.views().get(v)).project(inB.x, inB.y, inB.z, b, null, null);
                assertThat(a).containsExactly(b, within(1e-6));
            }
        }
    }

    @Test
    void everyCameraModelComesBackFromEveryKind() throws IOException {
        for (CameraModel model : CameraModel.values()) {
            Scene scene = wall(camera(model));
            photosOf(scene);
            Path out = folder.resolve(model.name());
            ColmapModel.writeText(scene, out.resolve("text"));
            Scene text = ColmapModel.read(out.resolve("text"));
            ColmapModel.write(text, out.resolve("again"));
            ColmapModel.write(scene, out.resolve("binary"));
            for (String file : List.of("cameras.bin", "images.bin", "points3D.bin")) {
                assertThat(out.resolve("again").resolve(file))
                        .hasSameBinaryContentAs(out.resolve("binary").resolve(file));
            }
            TransformsJson.write(scene, folder.resolve("images"), out);
            SceneFile transforms = SceneFile.read(out, Optional.empty());
            assertSameCameras(transforms.scene(), scene);
            assertThat(transforms.missing()).isEmpty();
            Files.delete(out.resolve("transforms.json"));
            OpenSfm.write(scene, out);
            Scene opensfm = SceneFile.read(out, Optional.empty()).scene();
            assertSameCameras(opensfm, scene);
            assertThat(opensfm.points().count()).isEqualTo(20);
            assertThat(opensfm.observationCount()).isEqualTo(60);
            assertThat(opensfm.meanReprojectionError()).isLessThan(1e-9);
            assertThat(opensfm.points().colour(3, 0)).isEqualTo(30);
            if (model.isPinhole()) {
                StrechaCameras.write(scene, out.resolve("cameras"));
                assertSameCameras(StrechaCameras.read(out.resolve("cameras")), scene);
            } else {
                assertThatThrownBy(() -> StrechaCameras.write(scene, out.resolve("cameras")))
                        .hasMessageContaining("photo 0.png: has distortion");
            }
        }
    }

    @Test
    void camerasWithoutCounterpartAreRefused() {
        double[] p = camera(CameraModel.FULL_OPENCV).parameters();
        p[10] = 0.1;
        Scene scene = wall(camera(CameraModel.FULL_OPENCV).withParameters(p));
        for (Path out : List.of(folder.resolve("a"), folder.resolve("b"))) {
            assertThatThrownBy(() -> {
                        if (out.endsWith("a")) {
                            OpenSfm.write(scene, out);
                        } else {
                            TransformsJson.write(scene, folder, out);
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("undistort");
            assertThat(out.resolve("reconstruction.json")).doesNotExist();
            assertThat(out.resolve("transforms.json")).doesNotExist();
        }
    }

    @Test
    void openSfmsBerlinIsReadWithItsTracks() throws IOException {
        Path file = real("opensfm-berlin").resolve("reconstruction_example.json");
        SceneFile read = SceneFile.read(file, Optional.empty());
        Scene scene = read.scene();
        assertThat(read.photoFolder()).isDirectory();
        assertThat(scene.views()).extracting(View::name).containsExactly("01.jpg", "02.jpg", "03.jpg");
        assertThat(scene.points().count()).isEqualTo(1430);
        assertThat(scene.cameras()).hasSize(1);
        assertThat(scene.cameras().get(0).model()).isEqualTo(CameraModel.RADIAL);
        // OpenSfM's own points and tracks agree within pixels only if every convention is right.
        assertThat(scene.observationCount()).isGreaterThan(2 * 1430);
        assertThat(scene.meanReprojectionError()).isLessThan(3.0);
        // Negative control: with the principal point half a picture off they do not.
        double[] wrong = scene.cameras().get(0).parameters();
        wrong[1] += 100;
        Scene off = new Scene(List.of(scene.cameras().get(0).withParameters(wrong)), scene.views(), scene.points());
        assertThat(off.meanReprojectionError()).isGreaterThan(50);
        OpenSfm.write(scene, folder);
        Scene again = SceneFile.read(folder, Optional.empty()).scene();
        assertSameCameras(again, scene);
        assertThat(again.meanReprojectionError()).isCloseTo(scene.meanReprojectionError(), within(1e-6));
    }

    @Test
    void foxIsWrittenAsNerfstudioReadsIt() throws IOException {
        Scene fox = SceneFile.read(real("ngp-fox"), Optional.empty()).scene();
        TransformsJson.write(fox, real("ngp-fox").resolve("images"), folder.resolve("elsewhere"));
        assertSameCameras(
                SceneFile.read(folder.resolve("elsewhere"), Optional.empty()).scene(), fox);
        SceneFile moved = SceneFile.read(
                real("ngp-fox").resolve("transforms.json"),
                Optional.of(real("ngp-fox").resolve("images")));
        assertSameCameras(moved.scene(), fox);
        assertThat(moved.missing()).hasSize(17).contains("images/0016.jpg");
    }

    @Test
    void templeHasItsSixteenCamerasAroundIt() throws IOException {
        SceneFile read = SceneFile.read(real("middlebury-temple-sparse-ring"), Optional.empty());
        assertThat(read.scene().views()).hasSize(16);
        assertThat(read.scene().cameras()).hasSize(1);
        for (View view : read.scene().views()) {
            // The bounding box in the set's readme has its middle here.
            Vector3d x = view.camFromWorld().transform(new Vector3d(-0.0224, 0.1018, 0.0251));
            assertThat(read.scene().cameraOf(view).project(x))
                    .hasValueSatisfying(p -> assertThat(p.distance(320, 240)).isLessThan(120));
        }
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        String camera = "\"cameras\": {\"c\": {\"width\": 8, \"height\": 4, \"focal\": 1}}";
        String shot = "\"shots\": {\"a.png\": {\"camera\": \"c\", \"rotation\": [0,0,0], \"translation\": [0,0,0]}}";
        ImageFiles.writePng(new Image(8, 4, new byte[96]), folder.resolve("a.png"));
        refused("reconstruction.json", "", "{", "[]", "[{}]", "[{\"shots\": {}}]", "[{" + shot + "}]");
        refused("reconstruction.json", "[{" + camera + ", " + shot.replace("[0,0,0]", "[0,0]") + "}]");
        refused("reconstruction.json", "[{" + camera.replace("8", "1e9") + ", " + shot + "}]");
        refused("reconstruction.json", "[{" + camera.replace("8", "-8") + ", " + shot + "}]");
        refused("reconstruction.json", "[{" + camera.replace("\"focal\"", "\"x\"") + ", " + shot + "}]");
        refused(
                "reconstruction.json",
                "[{" + camera.replace("1}", "1, \"projection_type\": \"spherical\"}") + ", " + shot + "}]");
        refused("reconstruction.json", "[{" + camera + ", " + shot + ", \"points\": {\"1\": {\"color\": [1,2,3]}}}]");
        refused("reconstruction.json", "[".repeat(100_000));
        Files.writeString(folder.resolve("tracks.csv"), "OPENSFM_TRACKS_VERSION_v2\na.png\t1\n");
        Files.writeString(folder.resolve("reconstruction.json"), "[{" + camera + ", " + shot + "}]");
        assertThatThrownBy(() -> SceneFile.read(folder, Optional.empty())).hasMessageContaining("tracks.csv: line 2");
        Files.delete(folder.resolve("reconstruction.json"));
        String numbers = " 9 0 4 0 9 2 0 0 1 1 0 0 0 1 0 0 0 1 0 0 0\n";
        refused("a_par.txt", "", "2\na.png" + numbers, "1\na.png 1 2 3\n", "1\nb.png" + numbers);
        refused("a_par.txt", "1\na.png" + numbers.replace("9 0 4", "9 1 4"), "2\na.png" + numbers + "a.png" + numbers);
        refused("a_par.txt", "1\na.png" + numbers.replace("9 0 4", "x 0 4"));
        assertThatThrownBy(() -> SceneFile.read(folder.resolve("nothing"), Optional.empty()))
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> SceneFile.read(folder.resolve("a.png"), Optional.empty()))
                .hasMessageContaining("is no scene");
    }

    private void refused(String name, String... texts) throws IOException {
        for (String text : texts) {
            Files.writeString(folder.resolve(name), text);
            assertThatThrownBy(() -> SceneFile.read(folder.resolve(name), Optional.empty()))
                    .as(text.substring(0, Math.min(80, text.length())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(name);
        }
        Files.delete(folder.resolve(name));
    }
}
