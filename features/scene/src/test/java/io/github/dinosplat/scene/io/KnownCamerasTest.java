package io.github.dinosplat.scene.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** transforms.json, Strecha's camera files and intrinsics as a user gives them. */
class KnownCamerasTest {

    @TempDir
    Path folder;

    private Photo photo(String name, int width, int height) {
        return new Photo(name, folder.resolve(name), width, height, PhotoMetadata.NONE);
    }

    private static Path real(String set) {
        Optional<Path> data = RealData.folder(set);
        assumeTrue(data.isPresent(), RealData.absence(set));
        return data.orElseThrow();
    }

    @Test
    void foxHasItsFiftyPhotosAndLooksInwards() throws IOException {
        TransformsJson read = TransformsJson.read(real("ngp-fox"), Optional.empty());
        assertThat(read.scene().views()).hasSize(50);
        assertThat(read.missing()).hasSize(17);
        assertThat(read.photoFolder().getFileName()).hasToString("images");
        assertThat(read.scene().views().get(0).name()).isEqualTo("0001.jpg");
        assertThat(read.scene().cameras()).hasSize(1);
        Camera camera = read.scene().cameras().get(0);
        assertThat(camera.model()).isEqualTo(CameraModel.OPENCV);
        assertThat(camera.fx()).isEqualTo(1375.52);
        assertThat(camera.height()).isEqualTo(1920);
        // The fox sits near the origin: every camera must see it, upright (world z is up in this set).
        for (View view : read.scene().views()) {
            assertThat(view.camFromWorld().transform(new Vector3d()).z).isPositive();
            Vector3d up = view.camFromWorld().rotation().transform(new Vector3d(0, 0, 1));
            assertThat(up.y).isNegative();
        }
    }

    @Test
    void namesWithoutExtensionAndFieldOfViewAlone() throws IOException {
        ImageFiles.writePng(new Image(8, 4, new byte[96]), folder.resolve("train/r_0.png"));
        Path json = folder.resolve("transforms_train.json");
        Files.writeString(json, """
                {"camera_angle_x": 1.5707963267948966, "frames": [
                  {"file_path": "./train/r_0", "transform_matrix": [[1,0,0,1],[0,1,0,2],[0,0,1,3],[0,0,0,1]]},
                  {"file_path": "./train/r_1", "transform_matrix": [[1,0,0,1],[0,1,0,2],[0,0,1,3],[0,0,0,1]]}]}
                """);
        TransformsJson read = TransformsJson.read(json, Optional.empty());
        assertThat(read.missing()).containsExactly("./train/r_1");
        assertThat(read.scene().views()).extracting(View::name).containsExactly("r_0.png");
        assertThat(read.scene().cameras().get(0).parameters())
                .containsExactly(new double[] {4, 4, 4, 2}, within(1e-12));
        // An OpenGL camera without rotation looks along -z with y up.
        Rigid3 pose = read.scene().views().get(0).camFromWorld();
        assertThat(pose.transform(new Vector3d(1, 2, -7)).distance(0, 0, 10)).isLessThan(1e-12);
        assertThat(pose.transform(new Vector3d(1, 5, 3)).distance(0, -3, 0)).isLessThan(1e-12);
    }

    @Test
    void damagedTransformsAreNamed() throws IOException {
        Path json = folder.resolve("transforms.json");
        assertThatThrownBy(() -> TransformsJson.read(folder, Optional.empty())).isInstanceOf(IOException.class);
        for (String text : new String[] {
            "{",
            "[]",
            "{\"frames\": []}",
            "{\"frames\": [{\"file_path\": \"a.png\"}]}",
            "{\"fl_x\": 5, \"frames\": [{\"file_path\": \"b.png\", \"transform_matrix\": [[1,0,0,0],[0,\"x\",0,0]]}]}",
            "{\"fl_x\": 5, \"frames\": [{\"file_path\": \"b.png\", \"transform_matrix\": [[2,0,0,0],[0,1,0,0],[0,0,1,0]]}]}",
            "{\"frames\": [{\"file_path\": \"b.png\", \"transform_matrix\": [[1,0,0,0],[0,1,0,0],[0,0,1,0]]}]}"
        }) {
            ImageFiles.writePng(new Image(8, 4, new byte[96]), folder.resolve("b.png"));
            Files.writeString(json, text);
            assertThatThrownBy(() -> TransformsJson.read(folder, Optional.empty()))
                    .as(text)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("transforms.json");
        }
    }

    @Test
    void strechaCamerasSeeTheFountain() throws IOException {
        Scene scene = StrechaCameras.read(real("strecha-fountain-p11").resolve("gt_cameras"));
        assertThat(scene.views()).hasSize(11);
        assertThat(scene.views().get(0).name()).isEqualTo("0000.jpg");
        assertThat(scene.cameras()).hasSize(1);
        assertThat(scene.cameras().get(0).parameters()).containsExactly(1379.74, 1382.08, 760.345, 503.405);
        Vector3d centre = scene.views().get(0).camFromWorld().targetOriginInSource();
        assertThat(centre.distance(-7.28137, -7.57667, 0.204446)).isLessThan(1e-5);
        // The cameras stand around one place that all of them see, about ten metres off.
        Vector3d middle = scene.views().get(5).camFromWorld().inverse().transform(new Vector3d(0, 0, 9));
        for (View view : scene.views()) {
            assertThat(scene.cameraOf(view).project(view.camFromWorld().transform(middle)))
                    .hasValueSatisfying(p -> {
                        assertThat(p.x).isBetween(0.0, 1536.0);
                        assertThat(p.y).isBetween(0.0, 1024.0);
                    });
        }
    }

    @Test
    void damagedStrechaFilesAreNamed() throws IOException {
        assertThatThrownBy(() -> StrechaCameras.read(folder)).isInstanceOf(IOException.class);
        Path file = folder.resolve("a.jpg.camera");
        for (String text : new String[] {
            "1 2 3",
            "1 0 1 0 1 1 0 0 1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0 x 10",
            "1 0 1 0 1 1 0 0 1 0.1 0 0 1 0 0 0 1 0 0 0 1 0 0 0 10 10",
            "-1 0 1 0 1 1 0 0 1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0 10 10"
        }) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> StrechaCameras.read(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("a.jpg.camera");
        }
    }

    @Test
    void intrinsicsAsNumbers() throws IOException {
        Intrinsics four = Intrinsics.parse("500,510,320,240");
        assertThat(four.camera(photo("a.jpg", 640, 480)))
                .contains(new Camera(CameraModel.PINHOLE, 640, 480, 500, 510, 320, 240));
        Intrinsics eight = Intrinsics.parse("520.9, 521.0, 325.1, 249.7, 0.2312, -0.7849, -3.3e-3, -0.0001");
        assertThat(eight.camera(photo("a.jpg", 640, 480)).orElseThrow().model()).isEqualTo(CameraModel.OPENCV);
        for (String text : new String[] {"1,2,3", "1,2,3,4,5", "-1,2,3,4", "1,,3,4", "no/such/file", ""}) {
            assertThatThrownBy(() -> Intrinsics.parse(text))
                    .as(text)
                    .isInstanceOfAny(IllegalArgumentException.class, IOException.class);
        }
    }

    @Test
    void intrinsicsFromFiles() throws IOException {
        Path file = folder.resolve("cameras.txt");
        Files.writeString(file, "# x\n1 PINHOLE 640 480 500 500 320 240\n");
        Intrinsics one = Intrinsics.parse(file.toString());
        assertThat(one.camera(photo("a.jpg", 640, 480)).orElseThrow().fx()).isEqualTo(500);
        assertThat(one.camera(photo("a.jpg", 320, 240)).orElseThrow().fx()).isEqualTo(250);
        assertThatThrownBy(() -> one.camera(photo("a.jpg", 480, 640))).hasMessageContaining("shape");
        Files.writeString(file, "1 PINHOLE 640 480 500 500 320 240\n2 PINHOLE 640 480 501 501 320 240\n");
        Intrinsics two = Intrinsics.parse(folder.toString());
        assertThatThrownBy(() -> two.camera(photo("a.jpg", 640, 480))).hasMessageContaining("2 cameras");
        assertThat(two.camera(photo("a.jpg", 100, 480))).isEmpty();
        Files.writeString(file, "1 PINHOLE 640 480 500 500\n");
        assertThatThrownBy(() -> Intrinsics.parse(file.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void intrinsicsFromStrechaFolderGoByName() throws IOException {
        Path gt = real("strecha-herz-jesu-p8").resolve("gt_cameras");
        Intrinsics intrinsics = Intrinsics.parse(gt.toString());
        assertThat(intrinsics
                        .camera(photo("0003.jpg", 1536, 1024))
                        .orElseThrow()
                        .fx())
                .isCloseTo(1379.74, within(1.0));
        assertThat(intrinsics
                        .camera(photo("sub/0003.jpg", 768, 512))
                        .orElseThrow()
                        .fx())
                .isCloseTo(689.87, within(1.0));
        assertThat(intrinsics.camera(photo("other.jpg", 1536, 1024))).isEmpty();
    }
}
