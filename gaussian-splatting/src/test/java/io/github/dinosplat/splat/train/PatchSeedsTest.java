package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

/** Seeds by the network's patches, on a wall of one colour at depth 5 that only features tell places of apart. */
class PatchSeedsTest {

    private static final int WIDTH = 96;
    private static final int HEIGHT = 72;
    private static final int PATCH = 4;
    private static final int POINTS = 40;
    private static final double FOCAL = 90;
    private static final TrainOptions OPTIONS = TrainOptions.defaults()
            .withIterations(5)
            .withMaxGaussians(2_000)
            .withHoldout(Holdout.named(List.of("3.png")))
            .withThreads(2)
            .withCheckpointEvery(5)
            .withEvaluations(1);

    private static TrainingScenes wall(int level) {
        byte[] grey = new byte[3 * WIDTH * HEIGHT];
        Arrays.fill(grey, (byte) level);
        List<View> views = IntStream.range(0, 4)
                .mapToObj(v -> new View(
                        v + ".png",
                        0,
                        new Rigid3(new Quaterniond(), new Vector3d(-v, 0, 0)),
                        new double[0],
                        new int[0]))
                .toList();
        double[] points = new double[3 * POINTS];
        for (int i = 0; i < POINTS; i++) {
            points[3 * i] = 0.5 + 0.4 * (i % 8);
            points[3 * i + 1] = 0.6 * (i / 8) - 1.2;
            points[3 * i + 2] = 5;
        }
        Camera camera = new Camera(CameraModel.PINHOLE, WIDTH, HEIGHT, FOCAL, FOCAL, WIDTH / 2.0, HEIGHT / 2.0);
        ScenePoints sparse = new ScenePoints(points, new byte[3 * POINTS], new double[POINTS]);
        Map<String, Image> photos =
                views.stream().collect(Collectors.toMap(View::name, v -> new Image(WIDTH, HEIGHT, grey)));
        return new TrainingScenes(new Scene(List.of(camera), views, sparse), photos);
    }

    /** Waves over the wall. */
    private static final PhotoPriors WAVES = new PhotoPriors() {
        @Override
        public Optional<FeatureMap> patches(String photo) {
            int columns = WIDTH / PATCH;
            int rows = HEIGHT / PATCH;
            float[] values = new float[rows * columns * 12];
            for (int i = 0; i < values.length; i++) {
                double x = ((i / 12 % columns + 0.5) * PATCH - WIDTH / 2.0) / FOCAL * 5 + photo.charAt(0) - '0';
                double y = ((i / 12 / columns + 0.5) * PATCH - HEIGHT / 2.0) / FOCAL * 5;
                double direction = i % 12 * 0.5;
                values[i] =
                        (float) Math.sin((2 + i % 3) * (Math.cos(direction) * x + Math.sin(direction) * y) + i % 12);
            }
            return Optional.of(new FeatureMap(rows, columns, 12, WIDTH, HEIGHT, values));
        }
    };

    private static int started(TrainingScenes scene, boolean patches) throws IOException {
        TrainOptions options = OPTIONS.withTerms(TrainingTerms.none().withPatchDepth(patches));
        return SplatTrainer.train(
                        scene.scene(), scene, WAVES, options, Optional.empty(), Progress.NONE, HeldOutPictures.NONE)
                .startCount();
    }

    @Test
    void matchedPatchesSeedTheWallButNothingInTheDark() throws IOException {
        assertThat(started(wall(20), true)).isEqualTo(started(wall(20), false));
        assertThat(started(wall(128), true)).isGreaterThan(started(wall(128), false) + 500);
    }

    @Test
    void photosWithoutFeaturesAreRefused() {
        TrainingScenes scene = wall(128);
        TrainOptions options = OPTIONS.withTerms(TrainingTerms.none().withPatchDepth(true));
        assertThatThrownBy(() -> SplatTrainer.train(scene.scene(), scene, options, Optional.empty(), Progress.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("0.png")
                .hasMessageContaining("features");
    }
}
