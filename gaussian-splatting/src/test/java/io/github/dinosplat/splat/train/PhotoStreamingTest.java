package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run on more photos than the heap of its process holds. */
class PhotoStreamingTest {

    private static final int PHOTOS = 64;
    private static final int POINTS = 200;

    /** Wide pictures have many pixels at training size and few at that of stereo. */
    private static final int WIDTH = 2064;

    private static final int HEIGHT = 160;
    private static final int HEAP = 56 << 20;

    @TempDir
    private Path folder;

    @Test
    void endsInTheBytesOfARunWithRoomForAll() throws IOException, InterruptedException {
        assertThat(3L * WIDTH * HEIGHT * PHOTOS).isGreaterThan(HEAP);
        Path small = folder.resolve("small");
        run(HEAP, small);
        Path large = folder.resolve("large");
        run(1 << 30, large);
        assertThat(small.resolve(SplatTrainer.SPLATS)).hasSameBinaryContentAs(large.resolve(SplatTrainer.SPLATS));
    }

    private static void run(int heap, Path folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Run.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        process.getInputStream().transferTo(said);
        assertThat(process.waitFor()).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }

    /** The process: trains on photos that are made when they are read. */
    static final class Run {

        private Run() {}

        /** Argument: folder of the checkpoints. */
        public static void main(String[] args) throws IOException {
            List<View> views = new ArrayList<>();
            for (int v = 0; v < PHOTOS; v++) {
                Rigid3 pose = new Rigid3(new Quaterniond(), new Vector3d(-0.01 * v, 0, 5));
                views.add(new View("photo" + v, 0, pose, new double[0], new int[0]));
            }
            double[] points = new Random(3).doubles(3 * POINTS, -1, 1).toArray();
            Camera camera = new Camera(CameraModel.PINHOLE, WIDTH, HEIGHT, WIDTH, WIDTH, WIDTH / 2.0, HEIGHT / 2.0);
            Scene scene = new Scene(
                    List.of(camera), views, new ScenePoints(points, new byte[3 * POINTS], new double[POINTS]));
            PhotoSource photos = name -> {
                byte[] rgb = new byte[3 * WIDTH * HEIGHT];
                for (int i = 0; i < rgb.length; i++) {
                    rgb[i] = (byte) (i / 5 + name.hashCode());
                }
                return new Image(WIDTH, HEIGHT, rgb);
            };
            TrainOptions options = TrainOptions.defaults()
                    .withMaxSize(WIDTH)
                    .withIterations(4)
                    .withMaxGaussians(500)
                    .withHoldout(Holdout.every(6))
                    .withEvaluations(1)
                    .withTerms(TrainingTerms.none())
                    .withThreads(2);
            SplatTrainer.train(scene, photos, options, Optional.of(Path.of(args[0])), Progress.NONE);
        }
    }
}
