package io.github.dinosplat.samples.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.Undistortion;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.io.SplatFiles;
import io.github.dinosplat.splat.io.StoredSplats;
import io.github.dinosplat.splat.train.EngineChoice;
import io.github.dinosplat.splat.train.PhotoColours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renders that are taken for photos must be judged as perfect ones, and as what they are when something is changed. */
class SplatPicturesTest {

    private static final Camera PINHOLE = new Camera(CameraModel.PINHOLE, 80, 60, 70, 71, 40, 30);

    @TempDir
    private Path folder;

    private Path splats;

    @BeforeEach
    void splats() throws IOException {
        splats = folder.resolve("splats.ply");
        SplatFiles.write(new StoredSplats(gaussians(1), false), splats);
    }

    private static Gaussians gaussians(int seed) {
        Random random = new Random(seed);
        Gaussians g = Gaussians.zeros(200, 0);
        for (int i = 0; i < g.count(); i++) {
            for (int k = 0; k < 3; k++) {
                g.means()[3 * i + k] = (float) ((k == 2 ? 5 : 0) + 1.5 * random.nextGaussian());
                g.logScales()[3 * i + k] = -1.5f;
                g.sh()[48 * i + k] = (float) random.nextGaussian();
            }
            g.quaternions()[4 * i] = 1;
        }
        return g;
    }

    private Path scene(String name, Camera camera) throws IOException {
        Path scene = folder.resolve(name);
        View left = view("a/left.png", -0.2);
        View right = view("a/right.png", 0.2);
        ColmapModel.write(
                new Scene(List.of(camera), List.of(left, right), ScenePoints.NONE), scene.resolve("sparse/0"));
        return scene;
    }

    private static View view(String name, double x) {
        Rigid3 pose = new Rigid3(new Quaterniond().rotationY(x / 2), new Vector3d(x, 0, 0));
        return new View(name, 0, pose, new double[0], new int[0]);
    }

    private SplatPictures pictures(Path scene, int maxSize) {
        return new SplatPictures(splats, scene, Optional.of(maxSize), EngineChoice.JVM, 1, Progress.NONE);
    }

    private static RunTarget target(Path out, boolean resume) {
        return new RunTarget(out, resume, List.of("render"));
    }

    @Test
    void whatWasRenderedIsFoundPerfect() throws IOException {
        Path scene = scene("scene", PINHOLE);
        assertThat(pictures(scene, 1000)
                        .render(target(scene.resolve("images"), false))
                        .metrics()
                        .path("pictures")
                        .asInt())
                .isEqualTo(2);
        JsonNode result = pictures(scene, 1000).evaluate(Optional.empty());
        assertThat(result.at("/photos/0/name").asText()).isEqualTo("a/left.png");
        assertThat(result.at("/photos/1/psnr").asDouble()).isEqualTo(100);
        assertThat(result.at("/mean/ssim").asDouble()).isEqualTo(1);

        SplatFiles.write(new StoredSplats(gaussians(2), false), splats);
        JsonNode other = pictures(scene, 1000).evaluate(Optional.of(scene.resolve("images")));
        assertThat(other.at("/mean/psnr").asDouble()).isLessThan(25);
    }

    @Test
    void sizesAreLimitedAndDistortionIsTakenOut() throws IOException {
        Camera round = new Camera(CameraModel.SIMPLE_RADIAL, 80, 60, 70, 40, 30, -0.1);
        Path scene = scene("round", round);
        pictures(scene, 40).render(target(folder.resolve("small"), false));
        Camera flat = Undistortion.of(round).pinholeCamera().fitted(40);
        Image small = ImageFiles.read(folder.resolve("small/a/left.png"));
        assertThat(List.of(small.width(), small.height())).isEqualTo(List.of(flat.width(), flat.height()));
        assertThat(small.width()).isEqualTo(40);

        ImageFiles.writePng(new Image(80, 60, new byte[3 * 80 * 60]), scene.resolve("images/a/left.png"));
        assertThatThrownBy(() -> pictures(scene, 40).evaluate(Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a/right.png");
        ImageFiles.writePng(new Image(70, 60, new byte[3 * 70 * 60]), scene.resolve("images/a/right.png"));
        assertThatThrownBy(() -> pictures(scene, 40).evaluate(Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("70x60");
    }

    @Test
    void aFlightPassesThroughTheCameras() throws IOException {
        Path scene = scene("scene", PINHOLE);
        pictures(scene, 1000).render(target(folder.resolve("photos"), false));
        pictures(scene, 1000).renderPath(3, target(folder.resolve("flight"), false));
        byte[] left = Files.readAllBytes(folder.resolve("photos/a/left.png"));
        assertThat(folder.resolve("flight/00001.png")).hasBinaryContent(left);
        assertThat(folder.resolve("flight/00003.png"))
                .hasBinaryContent(Files.readAllBytes(folder.resolve("photos/a/right.png")));
        assertThat(Files.readAllBytes(folder.resolve("flight/00002.png"))).isNotEqualTo(left);
        assertThatThrownBy(() -> pictures(scene, 1000).renderPath(0, target(folder.resolve("none"), false)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was 0");
    }

    @Test
    void picturesAreExposedLikeThePhotosNearThem() throws IOException {
        Path scene = scene("scene", PINHOLE);
        float[] maps = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0.5f, 0, 0, 0, 0, 0.5f, 0, 0, 0, 0, 0.5f, 0.25f};
        PhotoColours colours = new PhotoColours(List.of(view("left", -0.2), view("right", 0.2)), maps);
        pictures(scene, 1000).render(target(folder.resolve("plain"), false));
        ColoursFile.write(colours, splats);
        pictures(scene, 1000).render(target(folder.resolve("exposed"), false));
        assertThat(folder.resolve("exposed/a/left.png"))
                .hasBinaryContent(Files.readAllBytes(folder.resolve("plain/a/left.png")));
        Image plain = ImageFiles.read(folder.resolve("plain/a/right.png"));
        Image exposed = ImageFiles.read(folder.resolve("exposed/a/right.png"));
        assertThat(exposed.value(40, 30, 0)).isCloseTo(plain.value(40, 30, 0) / 2, within(1));
        assertThat(exposed.value(40, 30, 2)).isCloseTo(plain.value(40, 30, 2) / 2 + 64, within(1));

        ImageFiles.writePng(ImageFiles.read(folder.resolve("exposed/a/left.png")), scene.resolve("images/a/left.png"));
        ImageFiles.writePng(exposed, scene.resolve("images/a/right.png"));
        assertThat(pictures(scene, 1000)
                        .evaluate(Optional.empty())
                        .at("/mean/psnr")
                        .asDouble())
                .isEqualTo(100);

        PhotoColours read = ColoursFile.read(splats);
        assertThat(read.maps()).containsExactly(maps);
        assertThat(read.photos().get(1).camFromWorld())
                .isEqualTo(colours.photos().get(1).camFromWorld());
        Path file = ColoursFile.of(splats);
        Files.writeString(file, Files.readString(file).replace("0.25", "\"much\""));
        assertThatThrownBy(() -> pictures(scene, 1000).evaluate(Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("splats.colours.json is damaged")
                .hasMessageContaining("right");
        ColoursFile.write(new PhotoColours(List.of(), new float[0]), splats);
        assertThat(file).doesNotExist();
    }

    @Test
    void aStoppedRunGoesOnWithThePicturesThatAreMissing() throws IOException {
        Path scene = scene("scene", PINHOLE);
        Path out = folder.resolve("stopped");
        Progress stop = (stage, done, total, item) -> {
            if (done == 2) {
                throw new CancellationException("stopped");
            }
        };
        SplatPictures stopped = new SplatPictures(splats, scene, Optional.of(1000), EngineChoice.JVM, 1, stop);
        assertThatThrownBy(() -> stopped.render(target(out, false))).isInstanceOf(CancellationException.class);
        assertThat(out.resolve("a/left.png")).exists();
        assertThat(out.resolve("a/right.png")).doesNotExist();
        // What is there is not made again.
        Files.writeString(out.resolve("a/left.png"), "as it was left");
        assertThatThrownBy(() -> pictures(scene, 1000).render(target(out, false)))
                .hasMessageContaining("--resume");
        assertThatThrownBy(() -> pictures(scene, 40).render(target(out, true)))
                .hasMessageContaining("maxSize was 1000 and is now 40");
        assertThatThrownBy(() -> pictures(scene("round", new Camera(CameraModel.PINHOLE, 80, 60, 60, 60, 40, 30)), 1000)
                        .render(target(out, true)))
                .hasMessageContaining("cameras has changed");
        pictures(scene, 1000).render(target(out, true));
        assertThat(out.resolve("a/left.png")).hasContent("as it was left");
        pictures(scene, 1000).render(target(folder.resolve("whole"), false));
        assertThat(out.resolve("a/right.png"))
                .hasBinaryContent(Files.readAllBytes(folder.resolve("whole/a/right.png")));
    }

    @Test
    void aFolderWithOtherFilesIsLeftAlone() throws IOException {
        Path out = Files.createDirectories(folder.resolve("out"));
        Files.writeString(out.resolve("mine.txt"), "keep");
        Path scene = scene("scene", PINHOLE);
        assertThatThrownBy(() -> pictures(scene, 100).render(target(out, false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not empty");
        assertThat(out).isDirectoryNotContaining("glob:**/a");
    }
}
