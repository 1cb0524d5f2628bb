package io.github.dinosplat.scene.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColmapModelTest {

    @TempDir
    Path folder;

    /** A scene with every camera model, unobserved keypoints, a photo without any, and a name with a space and umlaut. */
    static Scene anyScene() {
        SplittableRandom random = new SplittableRandom(3);
        List<Camera> cameras = new ArrayList<>();
        for (CameraModel model : CameraModel.values()) {
            double[] p = random.doubles(model.parameterCount(), -0.01, 0.01).toArray();
            Arrays.fill(p, 0, model.focalCount(), 500);
            p[model.focalCount()] = 320;
            p[model.focalCount() + 1] = 240;
            cameras.add(new Camera(model, 640, 480, p));
        }
        int n = 40;
        List<View> views = new ArrayList<>();
        for (int v = 0; v < 9; v++) {
            int keypoints = v == 8 ? 0 : 60;
            int[] indices = new int[keypoints];
            for (int k = 0; k < keypoints; k++) {
                indices[k] = k % 3 == 0 ? -1 : random.nextInt(n);
            }
            Rigid3 pose = new Rigid3(
                    new Quaterniond(random.nextDouble(), random.nextDouble(), random.nextDouble(), random.nextDouble()),
                    new Vector3d(random.nextDouble(), random.nextDouble(), random.nextDouble()));
            views.add(new View(
                    "sub folder/ü " + v + ".jpg",
                    v % cameras.size(),
                    pose,
                    random.doubles(2L * keypoints, 0, 480).toArray(),
                    indices));
        }
        byte[] colours = new byte[3 * n];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = (byte) random.nextInt(256);
        }
        return new Scene(
                cameras,
                views,
                new ScenePoints(
                        random.doubles(3L * n, -5, 5).toArray(),
                        colours,
                        random.doubles(n, 0, 2).toArray()));
    }

    static void assertSame(Scene actual, Scene expected, double tolerance) {
        assertThat(actual.cameras()).hasSameSizeAs(expected.cameras());
        for (int c = 0; c < actual.cameras().size(); c++) {
            assertThat(actual.cameras().get(c).model())
                    .isEqualTo(expected.cameras().get(c).model());
            assertThat(actual.cameras().get(c).parameters())
                    .containsExactly(expected.cameras().get(c).parameters(), within(tolerance * 1000));
        }
        assertThat(actual.views())
                .extracting(View::name)
                .isEqualTo(expected.views().stream().map(View::name).toList());
        for (int v = 0; v < actual.views().size(); v++) {
            View a = actual.views().get(v);
            View e = expected.views().get(v);
            assertThat(a.cameraIndex()).isEqualTo(e.cameraIndex());
            assertThat(a.camFromWorld().rotationAngleTo(e.camFromWorld())).isLessThanOrEqualTo(tolerance + 1e-15);
            assertThat(new Vector3d(a.camFromWorld().translation())
                            .distance(e.camFromWorld().translation()))
                    .isLessThanOrEqualTo(tolerance);
            assertThat(a.pointIndices()).isEqualTo(e.pointIndices());
            assertThat(a.keypoints()).containsExactly(e.keypoints(), within(tolerance * 1000));
        }
        assertThat(actual.points().count()).isEqualTo(expected.points().count());
        for (int p = 0; p < actual.points().count(); p++) {
            assertThat(actual.points().position(p).distance(expected.points().position(p)))
                    .isLessThanOrEqualTo(tolerance * 100);
            assertThat(actual.points().error(p)).isCloseTo(expected.points().error(p), within(tolerance));
            for (int c = 0; c < 3; c++) {
                assertThat(actual.points().colour(p, c))
                        .isEqualTo(expected.points().colour(p, c));
            }
        }
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Scene scene = anyScene();
        ColmapModel.write(scene, folder.resolve("sparse/0"));
        assertThat(ColmapModel.isIn(folder)).isTrue();
        assertSame(ColmapModel.read(folder), scene, 1e-15);
        assertSame(ColmapModel.read(folder.resolve("sparse/0")), scene, 1e-15);
        try (var files = Files.list(folder.resolve("sparse/0"))) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("cameras.bin", "images.bin", "points3D.bin");
        }
    }

    @Test
    void emptyModelIsReadBack() throws IOException {
        Scene scene = new Scene(List.of(), List.of(), ScenePoints.NONE);
        ColmapModel.write(scene, folder);
        assertSame(ColmapModel.read(folder), scene, 0);
    }

    @Test
    void sceauxIsTheSameInBinaryAndText() throws IOException {
        Optional<Path> data = RealData.folder("sceaux-castle");
        assumeTrue(data.isPresent(), RealData.absence("sceaux-castle"));
        Scene binary = ColmapModel.read(data.orElseThrow().resolve("reference-models/colmap-bin"));
        Scene text = ColmapModel.read(data.orElseThrow().resolve("reference-models/colmap-txt"));
        assertThat(binary.views()).hasSize(11);
        assertThat(binary.cameras()).hasSize(1);
        assertThat(binary.cameras().get(0).model()).isEqualTo(CameraModel.SIMPLE_RADIAL);
        assertThat(binary.cameras().get(0).fx()).isCloseTo(2971.71, within(0.01));
        // The text files have about six digits.
        assertSame(text, binary, 2e-5);
        // Independent of our own projection: COLMAP stored each point's error.
        double sum = 0;
        for (int p = 0; p < binary.points().count(); p++) {
            sum += binary.points().error(p) * binary.trackLength(p);
        }
        assertThat(binary.meanReprojectionError()).isCloseTo(sum / binary.observationCount(), within(0.01));
    }

    @Test
    void fountainReprojectsAsColmapSays() throws IOException {
        Optional<Path> data = RealData.folder("fountain-colmap");
        assumeTrue(data.isPresent(), RealData.absence("fountain-colmap"));
        Scene scene = ColmapModel.read(data.orElseThrow());
        assertThat(scene.views()).hasSize(11);
        assertThat(scene.points().count()).isEqualTo(14299);
        assertThat(scene.cameras().get(0).model()).isEqualTo(CameraModel.PINHOLE);
        assertThat(scene.meanReprojectionError()).isBetween(0.1, 1.0);
        // COLMAP's own bytes come back: what we write is what it wrote, up to the order of the photos and points.
        ColmapModel.write(scene, folder);
        for (String name : List.of("cameras.bin", "images.bin", "points3D.bin")) {
            assertThat(Files.size(folder.resolve(name)))
                    .isEqualTo(Files.size(data.orElseThrow().resolve("sparse/0").resolve(name)));
        }
        assertSame(ColmapModel.read(folder), scene, 1e-15);
    }

    @Test
    void everyTruncationIsRefusedWithTheFileName() throws IOException {
        ColmapModel.write(anyScene(), folder);
        for (String name : List.of("cameras.bin", "images.bin", "points3D.bin")) {
            Path file = folder.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (int length = 0; length < whole.length; length += Math.max(1, whole.length / 97)) {
                Files.write(file, Arrays.copyOf(whole, length));
                assertThatThrownBy(() -> ColmapModel.read(folder))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(name);
            }
            Files.write(file, Arrays.copyOf(whole, whole.length + 1));
            assertThatThrownBy(() -> ColmapModel.read(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("after its end");
            Files.write(file, whole);
        }
        assertThat(ColmapModel.read(folder).views()).hasSize(9);
    }

    @Test
    void countsThatDoNotFitTheFileAreRefusedBeforeAllocation() throws IOException {
        ColmapModel.write(anyScene(), folder);
        for (String name : List.of("cameras.bin", "images.bin", "points3D.bin")) {
            Path file = folder.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (long count : new long[] {-1, Long.MIN_VALUE, 1L << 40, Integer.MAX_VALUE}) {
                byte[] changed = whole.clone();
                ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(0, count);
                Files.write(file, changed);
                assertThatThrownBy(() -> ColmapModel.read(folder))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("announces");
            }
            Files.write(file, whole);
        }
    }

    @Test
    void randomlyChangedBytesNeverGiveAnythingButAnIoException() throws IOException {
        ColmapModel.write(anyScene(), folder);
        SplittableRandom random = new SplittableRandom(11);
        int refused = 0;
        for (String name : List.of("cameras.bin", "images.bin", "points3D.bin")) {
            Path file = folder.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (int trial = 0; trial < 150; trial++) {
                byte[] changed = whole.clone();
                for (int i = 0; i < 3; i++) {
                    changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
                }
                Files.write(file, changed);
                try {
                    ColmapModel.read(folder);
                } catch (IOException expected) {
                    refused++;
                }
            }
            Files.write(file, whole);
        }
        assertThat(refused).isGreaterThan(20);
    }

    @Test
    void unknownModelsAndMissingFilesAreNamed() throws IOException {
        assertThatThrownBy(() -> ColmapModel.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no COLMAP model");
        ColmapModel.write(anyScene(), folder);
        Path cameras = folder.resolve("cameras.bin");
        byte[] bytes = Files.readAllBytes(cameras);
        bytes[12] = 7;
        Files.write(cameras, bytes);
        assertThatThrownBy(() -> ColmapModel.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cameras.bin")
                .hasMessageContaining("model 7");
    }

    @Test
    void textWithCommentsSpacesInNamesAndEmptyKeypointLinesIsRead() throws IOException {
        Files.writeString(folder.resolve("cameras.txt"), "# c\n4 SIMPLE_RADIAL 640 480 500 320 240 0.1\n");
        Files.writeString(
                folder.resolve("images.txt"),
                "# i\n7 1 0 0 0 1 2 3 4 my photo 1.jpg\n\n9 1 0 0 0 1 2 3 4 b.jpg\n10 20 -1 30 40 77\n");
        Files.writeString(folder.resolve("points3D.txt"), "# p\n77 0 0 5 255 0 9 0.5 9 1\n\n");
        Scene scene = ColmapModel.read(folder);
        assertThat(scene.views()).extracting(View::name).containsExactly("my photo 1.jpg", "b.jpg");
        assertThat(scene.views().get(0).keypointCount()).isZero();
        assertThat(scene.views().get(1).pointIndices()).containsExactly(-1, 0);
        assertThat(scene.trackLength(0)).isEqualTo(1);
        Files.writeString(folder.resolve("points3D.txt"), "77 0 0 x 255 0 9 0.5 9 1\n");
        assertThatThrownBy(() -> ColmapModel.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("points3D.txt")
                .hasMessageContaining("line 1");
    }
}
