package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run on more photos than the heap of its process holds. */
class PhotoStreamingTest {

    private static final int PHOTOS = 48;

    /** Wide pictures have many pixels at training size and few at that of stereo. */
    private static final int WIDTH = 2064;

    private static final int HEIGHT = 160;
    private static final int HEAP = 44 << 20;

    @TempDir
    private Path folder;

    @Test
    void endsInTheBytesOfARunWithRoomForAll() throws IOException, InterruptedException {
        assertThat(3L * WIDTH * HEIGHT * PHOTOS).isGreaterThan(HEAP);
        Path small = folder.resolve("small");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP,
                        "-XX:+UseParallelGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Run.class.getName(),
                        small.toString())
                .redirectErrorStream(true)
                .start();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        process.getInputStream().transferTo(said);
        assertThat(process.waitFor()).as(said.toString()).isZero();
        Path large = folder.resolve("large");
        Run.main(new String[] {large.toString()});
        assertThat(Files.readAllBytes(small.resolve(SplatTrainer.SPLATS)))
                .isEqualTo(Files.readAllBytes(large.resolve(SplatTrainer.SPLATS)));
    }

    /** The process: trains on photos that are made when they are read. */
    static final class Run {

        private Run() {}

        /** Argument: folder of the checkpoints. */
        public static void main(String[] args) throws IOException {
            TrainingScenes wall = TrainingScenes.wall(PHOTOS, 1, new Vector3d());
            Camera wide = wall.scene().cameras().get(0).resized(WIDTH, HEIGHT);
            Scene scene = new Scene(
                    List.of(wide), wall.scene().views(), wall.scene().points());
            PhotoSource photos = name -> wall.read(name).resized(WIDTH, HEIGHT);
            TrainOptions options = TrainOptions.defaults()
                    .withMaxSize(WIDTH)
                    .withIterations(10)
                    .withMaxGaussians(500)
                    .withHoldout(Holdout.every(6))
                    .withThreads(2);
            SplatTrainer.train(scene, photos, options, Optional.of(Path.of(args[0])), Progress.NONE);
        }
    }
}
