package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.Metrics;
import io.github.dinosplat.splat.io.PlyFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplatTrainerTest {

    private static final TrainingScenes WALL = TrainingScenes.wall(9, 1, new Vector3d());

    private static final TrainOptions SHORT = TrainOptions.defaults()
            .withIterations(120)
            .withMaxGaussians(400)
            .withHoldout(Holdout.every(4))
            .withThreads(2)
            .withCheckpointEvery(25)
            .withEvaluations(2);

    @TempDir
    private Path folder;

    private static TrainResult train(TrainingScenes scene, TrainOptions options) throws IOException {
        return SplatTrainer.train(scene.scene(), scene, options, Optional.empty(), Progress.NONE);
    }

    private static byte[] bytes(Gaussians gaussians) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PlyFiles.write(gaussians, out);
        return out.toByteArray();
    }

    private static void assertSameSplats(TrainResult a, TrainResult b) throws IOException {
        assertThat(Arrays.equals(bytes(a.gaussians()), bytes(b.gaussians()))).isTrue();
    }

    @Test
    void showsEveryHeldOutPhotoBesideItsRender() throws IOException {
        Map<String, Double> shown = new LinkedHashMap<>();
        TrainResult result = SplatTrainer.train(
                WALL.scene(),
                WALL,
                PhotoPriors.NONE,
                SHORT.withIterations(4),
                Optional.empty(),
                Progress.NONE,
                (name, rendering, truth) -> {
                    assertThat(truth.rgb()).isEqualTo(WALL.read(name).rgb());
                    shown.put(name, Metrics.psnr(rendering, truth));
                });
        assertThat(shown).hasSize(3);
        for (HeldOutPhoto photo : result.heldOut()) {
            assertThat(shown).containsEntry(photo.name(), photo.psnr());
        }
        assertThat(shown.keySet()).containsExactly("photo00.png", "photo04.png", "photo08.png");
    }

    @Test
    void aHeldOutPhotoThatCannotBeReadIsToldBeforeTheFirstStep() {
        PhotoSource damaged = name -> {
            if (name.equals("photo04.png")) {
                throw new IOException(name + ": is damaged");
            }
            return WALL.read(name);
        };
        List<String> stages = new ArrayList<>();
        assertThatThrownBy(() -> SplatTrainer.train(
                        WALL.scene(),
                        damaged,
                        SHORT,
                        Optional.empty(),
                        (stage, done, total, detail) -> stages.add(stage)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("photo04.png");
        assertThat(stages).doesNotContain("stereo", TrainingRun.STAGE);
    }

    @Test
    void learnsPhotosItNeverSaw() throws IOException {
        TrainResult result = train(WALL, SHORT.withIterations(400));
        assertThat(result.heldOut())
                .extracting(HeldOutPhoto::name)
                .containsExactly("photo00.png", "photo04.png", "photo08.png");
        assertThat(result.heldOutPsnr()).isGreaterThan(25);
        assertThat(result.heldOutSsim()).isGreaterThan(result.heldOutBlurredSsim());
        assertThat(result.heldOutSeenShare()).isBetween(0.2, 1.0);
        assertThat(result.heldOutSeenPsnr()).isGreaterThan(25);
        assertThat(result.curve()).extracting(CurvePoint::iteration).containsExactly(200, 400);
        assertThat(result.curve().get(1).heldOutPsnr())
                .isGreaterThan(result.curve().get(0).heldOutPsnr())
                .isCloseTo(result.heldOutPsnr(), within(0.01));
        // The points, the shell, and seeds on the surfaces that the photos agree on.
        assertThat(result.startCount()).isBetween(250 + Surroundings.countFor(400), 400);
        assertThat(result.gaussians().count()).isEqualTo(400);
        assertThat(result.gaussians().firstUnusable()).isEqualTo(-1);
        // None is wider than seen from the nearest training photo it may be.
        Gaussians held = result.gaussians().copy();
        new WidestAngle(result.views()).hold(held);
        for (int k = 0; k < held.logScales().length; k++) {
            assertThat(result.gaussians().logScales()[k]).isLessThan(held.logScales()[k] + 1e-4f);
        }
        assertThat(result.cpuMillisPerIteration()).isGreaterThan(0);
    }

    @Test
    void startsDenseOrSparse() throws IOException {
        TrainOptions brief = SHORT.withIterations(2);
        int points = WALL.scene().points().count();
        assertThat(train(WALL, brief).startCount()).isGreaterThan(points + Surroundings.countFor(400) + 50);
        assertThat(train(WALL, brief.withTerms(TrainingTerms.none())).startCount())
                .isEqualTo(points + Surroundings.countFor(400));
        assertThat(train(WALL, brief.withTerms(TrainingTerms.defaults().withStereo(false)))
                        .startCount())
                .isEqualTo(points + Surroundings.countFor(400));
    }

    @Test
    void heldOutPhotosHaveNoInfluence() throws IOException {
        TrainResult result = train(WALL, SHORT);
        Map<String, Image> others = new HashMap<>(WALL.photos());
        for (String name : List.of("photo00.png", "photo04.png", "photo08.png")) {
            others.put(name, new Image(96, 72, new byte[3 * 96 * 72]));
        }
        assertSameSplats(result, train(new TrainingScenes(WALL.scene(), others), SHORT));
        // Negative control: a photo that is trained on does matter.
        others.put("photo01.png", new Image(96, 72, new byte[3 * 96 * 72]));
        TrainResult disturbed = train(new TrainingScenes(WALL.scene(), others), SHORT);
        assertThat(Arrays.equals(bytes(result.gaussians()), bytes(disturbed.gaussians())))
                .isFalse();
    }

    @Test
    void threadsCheckpointsAndEvaluationsChangeNothing() throws IOException {
        TrainResult one = train(WALL, SHORT.withThreads(1));
        assertSameSplats(one, train(WALL, SHORT.withThreads(7).withEvaluations(5)));
        assertSameSplats(
                one,
                SplatTrainer.train(
                        WALL.scene(), WALL, SHORT.withCheckpointEvery(7), Optional.of(folder), Progress.NONE));
        assertThat(Arrays.equals(
                        bytes(one.gaussians()),
                        bytes(train(WALL, SHORT.withSeed(1)).gaussians())))
                .isFalse();
    }

    @Test
    void goesOnAfterAStopAsIfNothingHadHappened() throws IOException {
        TrainResult whole = train(WALL, SHORT);
        for (int stop : new int[] {1, 37, 50, 119}) {
            Path checkpoints = folder.resolve("stop" + stop);
            assertThatThrownBy(() -> SplatTrainer.train(
                            WALL.scene(), WALL, SHORT, Optional.of(checkpoints), new StopsAt(stop, false)))
                    .isInstanceOf(CancellationException.class);
            assertThat(checkpoints.resolve(SplatTrainer.SPLATS)).exists();
            assertResumesTo(whole, checkpoints);
        }
    }

    @Test
    void goesOnFromTheLastCheckpointAfterBeingKilled() throws IOException {
        Path checkpoints = folder.resolve("killed");
        assertThatThrownBy(() ->
                        SplatTrainer.train(WALL.scene(), WALL, SHORT, Optional.of(checkpoints), new StopsAt(61, true)))
                .hasMessage("killed");
        assertResumesTo(train(WALL, SHORT), checkpoints);
    }

    private static void assertResumesTo(TrainResult whole, Path checkpoints) throws IOException {
        TrainResult resumed =
                SplatTrainer.train(WALL.scene(), WALL, SHORT.withThreads(3), Optional.of(checkpoints), Progress.NONE);
        assertSameSplats(whole, resumed);
        assertThat(Files.readAllBytes(checkpoints.resolve(SplatTrainer.SPLATS))).isEqualTo(bytes(whole.gaussians()));
        assertThat(resumed.curve()).isEqualTo(whole.curve());
        assertThat(resumed.heldOutPsnr()).isEqualTo(whole.heldOutPsnr());
    }

    /** Stops a run at an iteration: by asking politely, or as a crash would. */
    private record StopsAt(int iteration, boolean crash, int[] seen) implements Progress {

        StopsAt(int iteration, boolean crash) {
            this(iteration, crash, new int[1]);
        }

        @Override
        public void update(String stage, long done, long total, String detail) {
            if (stage.equals("splats")) {
                seen[0] = (int) done;
                if (crash && done == iteration) {
                    throw new IllegalStateException("killed");
                }
            }
        }

        @Override
        public boolean isCancelled() {
            return !crash && seen[0] >= iteration;
        }
    }

    @Test
    void refusesForeignAndDamagedCheckpoints() throws IOException {
        TrainOptions options = SHORT.withIterations(10);
        SplatTrainer.train(WALL.scene(), WALL, options, Optional.of(folder), Progress.NONE);
        assertThatThrownBy(() ->
                        SplatTrainer.train(WALL.scene(), WALL, options.withSeed(5), Optional.of(folder), Progress.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other photos, cameras or options")
                .hasMessageContaining(SplatTrainer.CHECKPOINT);
        Path file = folder.resolve(SplatTrainer.CHECKPOINT);
        byte[] good = Files.readAllBytes(file);
        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 1;
        for (byte[] bad : List.of(flipped, Arrays.copyOf(good, good.length - 9), new byte[3], new byte[100])) {
            Files.write(file, bad);
            assertThatThrownBy(
                            () -> SplatTrainer.train(WALL.scene(), WALL, options, Optional.of(folder), Progress.NONE))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("delete it");
        }
    }

    /** Where a scene lies and in which units must not matter, as far as floats can hold it. */
    @Test
    void learnsTheSameInOtherUnitsAndFarFromTheOrigin() throws IOException {
        TrainResult here = train(WALL, SHORT);
        TrainingScenes moved = TrainingScenes.wall(9, 250, new Vector3d(1e4, -2e4, 3e3));
        TrainResult there = train(moved, SHORT);
        assertThat(there.heldOutPsnr()).isCloseTo(here.heldOutPsnr(), within(0.5));
        assertThat(there.gaussians().means()[0]).isGreaterThan(5e3f);
    }

    @Test
    void keepsToTheLimitFromTheFirstStep() throws IOException {
        TrainResult result = train(WALL, SHORT.withMaxGaussians(90));
        assertThat(result.startCount()).isBetween(80, 90);
        assertThat(result.curve())
                .allMatch(point -> point.gaussians() >= result.startCount() && point.gaussians() <= 90);
    }

    @Test
    void saysWhatIsWrongWithTheInput() {
        Scene scene = WALL.scene();
        Camera distorted = new Camera(CameraModel.SIMPLE_RADIAL, 96, 72, 80, 48, 36, 0.1);
        assertThatThrownBy(() -> train(
                        new TrainingScenes(new Scene(List.of(distorted), scene.views(), scene.points()), WALL.photos()),
                        SHORT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("undistort");
        assertThatThrownBy(() -> train(new TrainingScenes(scene, Map.of()), SHORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(".png: no such photo");
        Map<String, Image> small = new HashMap<>(WALL.photos());
        small.replaceAll((name, image) -> image.resized(50, 40));
        assertThatThrownBy(() -> train(new TrainingScenes(scene, small), SHORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("50x40")
                .hasMessageContaining("96x72");
        Scene empty = new Scene(scene.cameras(), scene.views(), ScenePoints.NONE);
        assertThatThrownBy(() -> train(new TrainingScenes(empty, WALL.photos()), SHORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("triangulate");
    }
}
