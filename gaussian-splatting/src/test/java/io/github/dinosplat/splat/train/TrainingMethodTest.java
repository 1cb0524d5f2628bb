package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Mask;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.Metrics;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.io.SplatFiles;
import io.github.dinosplat.splat.jvm.JvmEngine;
import io.github.dinosplat.splat.train.TrainingMethod.Background;
import io.github.dinosplat.splat.train.TrainingMethod.Exposure;
import io.github.dinosplat.splat.train.TrainingMethod.Refinement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each variant does its job, and without it the job is not done. */
class TrainingMethodTest {

    private static final TrainingScenes WALL = TrainingScenes.wall(9, 1, new Vector3d());
    private static final TrainingMethod PLAIN = on(Background.BLACK);

    private static final TrainOptions SHORT = TrainOptions.defaults()
            .withIterations(400)
            .withMaxGaussians(400)
            .withHoldout(Holdout.every(4))
            .withThreads(2)
            .withEvaluations(1);

    private static TrainResult train(TrainingScenes scene, TrainingMethod method) throws IOException {
        return train(scene, SHORT.withMethod(method));
    }

    private static TrainResult train(TrainingScenes scene, TrainOptions options) throws IOException {
        return SplatTrainer.train(scene.scene(), scene, options, Optional.empty(), Progress.NONE);
    }

    private static TrainingMethod on(Background background) {
        return new TrainingMethod(Refinement.MCMC, background, false, Exposure.OFF, false);
    }

    @Test
    void adaptiveDensityControlLearnsToo() throws IOException {
        TrainingMethod adc = new TrainingMethod(Refinement.ADC, Background.BLACK, false, Exposure.OFF, false);
        TrainResult result = train(WALL, adc);
        assertThat(result.heldOutPsnr()).isGreaterThan(25);
        assertThat(result.gaussians().count()).isBetween(result.startCount() + 1, 400);
        assertThat(result.gaussians().firstUnusable()).isEqualTo(-1);
        assertThat(result.gaussians().means())
                .isNotEqualTo(train(WALL, PLAIN).gaussians().means());
    }

    @Test
    void adaptiveDensityControlLetsAllFade(@TempDir Path folder) throws IOException {
        // After a fifth of the run: the next refinement drops those that do not come back.
        assertThat(mostOpacity(79, folder.resolve("before"))).isGreaterThan(0.2);
        assertThat(mostOpacity(80, folder.resolve("after"))).isLessThan(0.0101);
    }

    /** The greatest opacity of any Gaussian after so many of 400 steps with adaptive density control. */
    private static double mostOpacity(int steps, Path folder) throws IOException {
        TrainingMethod adc = new TrainingMethod(Refinement.ADC, Background.BLACK, false, Exposure.OFF, false);
        AtomicBoolean there = new AtomicBoolean();
        Progress stops = new Progress() {
            @Override
            public void update(String stage, long done, long total, String detail) {
                there.set(stage.equals(TrainingRun.STAGE) && done == steps);
            }

            @Override
            public boolean isCancelled() {
                return there.get();
            }
        };
        assertThatThrownBy(
                        () -> SplatTrainer.train(WALL.scene(), WALL, SHORT.withMethod(adc), Optional.of(folder), stops))
                .isInstanceOf(CancellationException.class);
        float[] logits =
                SplatFiles.read(folder.resolve(SplatTrainer.SPLATS)).gaussians().logitOpacities();
        double most = 0;
        for (float logit : logits) {
            most = Math.max(most, 1 / (1 + Math.exp(-logit)));
        }
        return most;
    }

    @Test
    void posesMoveLessAndLess() {
        TrainingMethod poses = new TrainingMethod(Refinement.MCMC, Background.BLACK, false, Exposure.OFF, true);
        StepOptions plain = StepOptions.plain(RenderOptions.defaults(), LearningRates.defaults(1));
        double first = poses.applied(plain, 0).rates().poses();
        double half = poses.applied(plain, 0.5).rates().poses();
        double last = poses.applied(plain, 1).rates().poses();
        assertThat(first).isEqualTo(1e-3);
        assertThat(half).isCloseTo(1e-4, within(1e-9));
        assertThat(last).isCloseTo(1e-5, within(1e-10));
        assertThat(PLAIN.applied(plain, 0).rates().poses()).isZero();
    }

    /** Photos that get brighter along the arc; the first and the last of the nine are among the held-out ones. */
    @Test
    void heldOutPhotosAreExposedLikeTheirNeighbours() throws IOException {
        Map<String, Image> photos = new HashMap<>(WALL.photos());
        int[] n = {0};
        photos.keySet().stream().sorted().forEach(name -> {
            double gain = Math.pow(2, 0.1 * n[0]++ - 0.8);
            photos.computeIfPresent(name, (k, image) -> brightened(image, gain));
        });
        TrainingScenes uneven = new TrainingScenes(WALL.scene(), photos);
        TrainResult without = train(uneven, PLAIN);
        TrainResult with = train(uneven, TrainingMethod.DEFAULT);
        assertThat(without.colours().isIdentity()).isTrue();
        assertThat(with.heldOutPsnr()).isGreaterThan(without.heldOutPsnr() + 1);

        double mean = 0;
        try (JvmEngine engine = new JvmEngine(2)) {
            engine.load(TrainingState.start(with.gaussians()));
            for (HeldOutPhoto photo : with.heldOut()) {
                View view = uneven.scene().view(photo.name()).orElseThrow();
                PinholeView camera = PinholeView.of(uneven.scene().cameraOf(view), view.camFromWorld());
                Image plain = engine.render(camera, with.rendering()).image();
                mean += Metrics.psnr(plain, uneven.read(photo.name()))
                        / with.heldOut().size();
            }
        }
        assertThat(with.heldOutPsnr()).as("than with the mean of all").isGreaterThan(mean + 1);
        assertThat(TrainingMethod.DEFAULT.forPhotos(16).exposure()).isEqualTo(Exposure.ON);
        assertThat(TrainingMethod.DEFAULT.forPhotos(17).exposure()).isEqualTo(Exposure.OFF);
        assertThat(PLAIN.forPhotos(3).exposure()).isEqualTo(Exposure.OFF);
        // As planted: each photo 2^0.1 times as bright as the one before.
        float[] maps = with.colours().maps();
        double first = maps[5];
        double last = maps[maps.length - 12 + 5];
        assertThat(last / first).isCloseTo(Math.pow(2, 0.6), within(0.15));
    }

    private static Image brightened(Image image, double gain) {
        byte[] rgb = image.rgb().clone();
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Math.min(255, Math.round((rgb[i] & 0xff) * gain));
        }
        return new Image(image.width(), image.height(), rgb);
    }

    @Test
    void posesComeBackToWhereTheyWere() throws IOException {
        List<View> moved = new ArrayList<>();
        Random random = new Random(4);
        for (View view : WALL.scene().views()) {
            boolean heldOut = moved.size() % 4 == 0;
            Vector3d by = new Vector3d(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()).mul(0.02);
            Quaterniond turn = new Quaterniond().rotateXYZ(0.006 * by.y / 0.02, 0.006 * by.z / 0.02, 0.006);
            moved.add(heldOut ? view : view.withPose(new Rigid3(turn, by).compose(view.camFromWorld())));
        }
        TrainingScenes shaken = new TrainingScenes(
                new Scene(WALL.scene().cameras(), moved, WALL.scene().points()), WALL.photos());
        TrainResult without = train(shaken, PLAIN);
        TrainResult with =
                train(shaken, new TrainingMethod(Refinement.MCMC, Background.BLACK, false, Exposure.OFF, true));
        assertThat(reprojection(with.views())).isLessThan(0.7 * reprojection(without.views()));
        assertThat(with.trainPsnr()).isGreaterThan(without.trainPsnr() + 1);
        assertThat(without.views()).extracting(View::camFromWorld).doesNotContainNull();
    }

    /** Root of the mean squared distance between where points are seen and where they should be, in pixels. */
    private static double reprojection(List<View> views) {
        double sum = 0;
        int count = 0;
        for (View view : views) {
            Rigid3 truth = WALL.scene().view(view.name()).orElseThrow().camFromWorld();
            for (int p = 0; p < WALL.scene().points().count(); p += 5) {
                Vector3d world = WALL.scene().points().position(p);
                Vector3d a = truth.transform(world);
                Vector3d b = view.camFromWorld().transform(world);
                sum += 80 * 80 * (Math.pow(a.x / a.z - b.x / b.z, 2) + Math.pow(a.y / a.z - b.y / b.z, 2));
                count++;
            }
        }
        return Math.sqrt(sum / count);
    }

    @Test
    void maskedThingsLeaveNoTrace() throws IOException {
        Map<String, Image> photos = new HashMap<>(WALL.photos());
        int[] n = {0};
        photos.keySet().stream().sorted().forEach(name -> {
            int from = 20 + 5 * n[0];
            boolean heldOut = n[0]++ % 4 == 0;
            photos.computeIfPresent(name, (k, image) -> heldOut ? image : covered(image, from));
        });
        TrainingScenes passers = new TrainingScenes(WALL.scene(), photos);
        PhotoSource masked = passers.withMasks(name -> {
            Image photo = passers.read(name);
            return Optional.of(Mask.of(
                    photo.width(),
                    photo.height(),
                    (x, y) -> photo.value(x, y, 0) != MAGENTA
                            || photo.value(x, y, 1) != 0
                            || photo.value(x, y, 2) != MAGENTA));
        });
        TrainResult with = SplatTrainer.train(WALL.scene(), masked, SHORT, Optional.empty(), Progress.NONE);
        TrainResult without = train(passers, PLAIN);
        assertThat(with.heldOutPsnr()).isGreaterThan(without.heldOutPsnr() + 1);
        assertThat(with.trainPsnr()).isGreaterThan(25);
        // Where nothing counts there is nothing to judge by.
        PhotoSource nothing = passers.withMasks(
                name -> Optional.of(Mask.of(TrainingScenes.WIDTH, TrainingScenes.HEIGHT, (x, y) -> false)));
        assertThat(SplatTrainer.train(WALL.scene(), nothing, SHORT.withIterations(2), Optional.empty(), Progress.NONE)
                        .heldOutPsnr())
                .isNaN();
    }

    @Test
    void cutOutPhotosLeaveNothingAround() throws IOException {
        TrainingScenes thing = TrainingScenes.cutOut(9);
        TrainResult with = train(thing, PLAIN);
        assertThat(with.heldOutPsnr()).isGreaterThan(28);
        assertThat(strayOpacity(with, thing)).isLessThan(0.02);
        assertThat(strayOpacity(train(before(0.2f, thing), PLAIN), thing)).isGreaterThan(0.3);
        assertThatThrownBy(() -> train(thing, on(Background.LEARNED)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("transparent");
    }

    @Test
    void photosBeforeBlackLeaveNothingAround() throws IOException {
        TrainingScenes thing = TrainingScenes.cutOut(9);
        TrainResult black = train(before(0.02f, thing), PLAIN);
        assertThat(black.heldOutPsnr()).isGreaterThan(28);
        assertThat(strayOpacity(black, thing)).isLessThan(0.02);
        // Who asks for white gets it, and black is something before it.
        assertThat(strayOpacity(train(before(0.02f, thing), on(Background.WHITE)), thing))
                .isGreaterThan(0.3);
    }

    /** The photos laid over a shade of grey. */
    private static TrainingScenes before(float shade, TrainingScenes thing) {
        Map<String, Image> opaque = new HashMap<>(thing.photos());
        opaque.replaceAll((name, image) -> image.over(shade, shade, shade));
        return new TrainingScenes(thing.scene(), opaque);
    }

    /** Mean opacity of the renders where the photos are transparent. */
    private static double strayOpacity(TrainResult result, TrainingScenes thing) throws IOException {
        double sum = 0;
        int count = 0;
        try (JvmEngine engine = new JvmEngine(2)) {
            engine.load(TrainingState.start(result.gaussians()));
            for (View view : thing.scene().views()) {
                PinholeView camera = PinholeView.of(thing.scene().cameraOf(view), view.camFromWorld());
                float[] rendered =
                        engine.render(camera, RenderOptions.defaults()).alpha();
                byte[] alpha = thing.read(view.name()).alpha().orElseThrow();
                for (int i = 0; i < alpha.length; i++) {
                    if (alpha[i] == 0) {
                        sum += rendered[i];
                        count++;
                    }
                }
            }
        }
        assertThat(count).isGreaterThan(1000);
        return sum / count;
    }

    private static final int MAGENTA = 255;

    /** Somebody in magenta before the wall. */
    private static Image covered(Image image, int from) {
        byte[] rgb = image.rgb().clone();
        for (int y = 10; y < 60; y++) {
            for (int x = from; x < from + 14; x++) {
                int i = 3 * (y * image.width() + x);
                rgb[i] = (byte) MAGENTA;
                rgb[i + 1] = 0;
                rgb[i + 2] = (byte) MAGENTA;
            }
        }
        return new Image(image.width(), image.height(), rgb);
    }

    @Test
    void theBackgroundIsLearnt() throws IOException {
        Colour sky = new Colour(0.2f, 0.6f, 0.9f);
        TrainingScenes sparse = TrainingScenes.wall(9, 1, new Vector3d(), 30, sky);
        // So few that they cannot hide what is behind them.
        TrainOptions few = SHORT.withMaxGaussians(20);
        TrainResult result = train(sparse, few.withMethod(on(Background.LEARNED)));
        Colour learnt = result.rendering().background();
        assertThat(learnt.red()).isCloseTo(sky.red(), within(0.1f));
        assertThat(learnt.green()).isCloseTo(sky.green(), within(0.1f));
        assertThat(learnt.blue()).isCloseTo(sky.blue(), within(0.1f));
        // White is wrong there, and the Gaussians must do what they can.
        TrainResult white = train(sparse, few.withMethod(on(Background.WHITE)));
        assertThat(white.rendering().background()).isEqualTo(Colour.WHITE);
        assertThat(result.heldOutPsnr()).isGreaterThan(white.heldOutPsnr());
    }

    @Test
    void randomBackgroundsLeaveNothingToTheBackground() throws IOException {
        TrainingScenes dark = TrainingScenes.wall(9, 1, new Vector3d(), 120, Colour.WHITE);
        assertThat(through(dark, on(Background.RANDOM))).isLessThan(0.5 * through(dark, on(Background.WHITE)));
    }

    /** What passes the Gaussians, over a photo that was trained on. */
    private static double through(TrainingScenes scene, TrainingMethod method) throws IOException {
        TrainResult result = train(scene, method);
        try (JvmEngine engine = new JvmEngine(1)) {
            engine.load(TrainingState.start(result.gaussians()));
            PinholeView view = PinholeView.of(
                    scene.scene().cameras().get(0), scene.scene().views().get(5).camFromWorld());
            float[] alpha = engine.render(view, result.rendering()).alpha();
            double sum = 0;
            for (float a : alpha) {
                sum += 1 - a;
            }
            return sum / alpha.length;
        }
    }

    @Test
    void mipSplatsLookRightFromFarAway() throws IOException {
        TrainResult mip = train(WALL, new TrainingMethod(Refinement.MCMC, Background.BLACK, true, Exposure.OFF, false));
        TrainResult plain = train(WALL, PLAIN);
        assertThat(mip.rendering().mip()).isTrue();
        assertThat(reduced(mip)).isGreaterThan(reduced(plain) + 0.3);
    }

    /** PSNR of renders at an eighth of the size. */
    private static double reduced(TrainResult result) throws IOException {
        double sum = 0;
        try (JvmEngine engine = new JvmEngine(1)) {
            engine.load(TrainingState.start(result.gaussians()));
            for (View view : WALL.scene().views()) {
                PinholeView small = new PinholeView(10, 10, 6, 4.5, 12, 9, view.camFromWorld());
                Image render = engine.render(small, result.rendering()).image();
                sum += Metrics.psnr(render, WALL.read(view.name()).resized(12, 9));
            }
        }
        return sum / WALL.scene().views().size();
    }
}
