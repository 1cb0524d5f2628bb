package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JvmEngineTest {

    private static final RenderOptions RENDER = new RenderOptions(3, new Colour(0.1f, 0.2f, 0.3f));

    /** A row of pixels in one tile: all gradients by the projected centre of what lies in its middle are along it. */
    private static final PinholeView ROW =
            PinholeView.of(new Camera(CameraModel.PINHOLE, 16, 1, 15, 15, 8, 0.5), Rigid3.IDENTITY);

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void theNumberOfThreadsDoesNotChangeABit(CodePath path) {
        PinholeView view = RandomScene.view(90, 70);
        Image photo = picture(RandomScene.gaussians(1, 400, view, 4), view);
        TrainingState expected = train(path, 1, view, photo, 12);
        for (int threads : new int[] {2, 7}) {
            assertSameBits(train(path, threads, view, photo, 12), expected);
        }
        TrainingState other = train(path, 1, view, photo, 13);
        assertThat(other.gaussians().means()).isNotEqualTo(expected.gaussians().means());
    }

    @Test
    void bothVersionsOfTheLoopsTrainAlike() {
        PinholeView view = RandomScene.view(90, 70);
        Image photo = picture(RandomScene.gaussians(1, 400, view, 4), view);
        Gaussians scalar = train(CodePath.SCALAR, 2, view, photo, 5).gaussians();
        Gaussians vector = train(CodePath.VECTOR, 2, view, photo, 5).gaussians();
        // Adam's first steps go by the gradient's sign, so a gradient of about zero may go either way: most must agree.
        int agreeing = 0;
        for (int i = 0; i < scalar.means().length; i++) {
            agreeing += Math.abs(scalar.means()[i] - vector.means()[i]) < 2e-4 ? 1 : 0;
        }
        assertThat(agreeing).isGreaterThan(scalar.means().length * 98 / 100);
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void oneGaussianFindsItsTarget(CodePath path) {
        PinholeView view = RandomScene.view(48, 48);
        Gaussians target = RandomScene.gaussians(3, 1, view, 6);
        place(target, view, 0.02, -0.02);
        target.logitOpacities()[0] = 2;
        Image photo = picture(target, view);
        Gaussians start = target.copy();
        place(start, view, 0.12, 0.08);
        start.logScales()[0] += 0.4f;
        start.logitOpacities()[0] = 0;
        start.sh()[0] += 0.5f;
        try (JvmEngine engine = new JvmEngine(1, path)) {
            engine.load(TrainingState.start(start));
            StepOptions options =
                    StepOptions.plain(RENDER, new LearningRates(3e-3, 5e-3, 1e-3, 0.05, 0.01, 1e-3, 0, 0));
            double first = engine.step(new TrainingView(view, photo), options);
            double last = first;
            for (int s = 0; s < 400; s++) {
                last = engine.step(new TrainingView(view, photo), options);
            }
            assertThat(last).isLessThan(first / 10);
            // One photo does not tell the depth: the direction must be found.
            Vector3d found =
                    view.camFromWorld().transform(new Vector3d(start.means()[0], start.means()[1], start.means()[2]));
            assertThat(found.x / found.z).isCloseTo(0.02, Offset.offset(0.01));
            assertThat(found.y / found.z).isCloseTo(-0.02, Offset.offset(0.01));
        }
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void manyGaussiansLearnAPicture(CodePath path) {
        PinholeView view = RandomScene.view(64, 48);
        Image photo = picture(RandomScene.gaussians(4, 60, view, 8), view);
        Gaussians start = RandomScene.gaussians(5, 150, view, 4);
        try (JvmEngine engine = new JvmEngine(2, path)) {
            engine.load(TrainingState.start(start));
            StepOptions options =
                    StepOptions.mcmc(RENDER, new LearningRates(2e-3, 5e-3, 1e-3, 0.05, 0.01, 1e-3, 0, 0), 1);
            double before = squaredError(engine.render(view, RENDER).image(), photo);
            for (int s = 0; s < 300; s++) {
                engine.step(new TrainingView(view, photo), options);
            }
            double after = squaredError(engine.render(view, RENDER).image(), photo);
            double psnr = 10 * Math.log10(255 * 255 / after);
            assertThat(after).isLessThan(before / 20);
            assertThat(psnr).isGreaterThan(27);
            assertThat(engine.state().iteration()).isEqualTo(300);
            assertThat(start.firstUnusable()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void goesOnFromACopyOfItsStateAsIfNothingHappened(CodePath path) {
        PinholeView view = RandomScene.view(60, 40);
        Image photo = picture(RandomScene.gaussians(1, 100, view, 4), view);
        TrainingState expected = train(path, 1, view, photo, 8);
        TrainingState half = train(path, 1, view, photo, 4).copy();
        try (JvmEngine engine = new JvmEngine(3, path)) {
            engine.load(half);
            for (int s = 0; s < 4; s++) {
                engine.step(new TrainingView(view, photo), StepOptions.mcmc(RENDER, LearningRates.defaults(3), 9));
            }
            assertSameBits(engine.state(), expected);
        }
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void rendersNothingAsBackground(CodePath path) {
        PinholeView view = RandomScene.view(35, 18);
        try (JvmEngine engine = new JvmEngine(1, path)) {
            engine.load(TrainingState.start(Gaussians.zeros(0, 3)));
            Rendering empty = engine.render(view, RENDER);
            assertThat(empty.alpha()).containsOnly(0f);
            assertThat(empty.rgb()[3 * 100 + 1]).isEqualTo(0.2f);

            Gaussians behind = RandomScene.gaussians(1, 20, view, 3);
            for (int i = 0; i < 20; i++) {
                place(behind, i, view, 0, 0, -2);
            }
            engine.load(TrainingState.start(behind));
            assertThat(engine.render(view, RENDER).alpha()).containsOnly(0f);
        }
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void nothingNearerThanAHundredthIsDrawn(CodePath path) {
        PinholeView view = RandomScene.view(40, 40);
        for (double z : new double[] {0.0095, 0.0105, 0.09}) {
            Gaussians one = RandomScene.gaussians(2, 1, view, 5);
            place(one, 0, view, 0, 0, z);
            Arrays.fill(one.logScales(), (float) Math.log(0.1 * z));
            one.logitOpacities()[0] = 3;
            try (JvmEngine engine = new JvmEngine(1, path)) {
                engine.load(TrainingState.start(one));
                float middle = engine.render(view, RENDER).alpha()[20 * 40 + 20];
                assertThat(middle > 0.5).as("drawn at depth %s", z).isEqualTo(z > 0.01);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void absoluteGradientsOfBothSidesAddUpWhereTheOthersCancel(CodePath path) {
        int width = ROW.width();
        boolean[] left = new boolean[width];
        Arrays.fill(left, 0, width / 2, true);
        boolean[] right = new boolean[width];
        Arrays.fill(right, width / 2, width, true);
        TrainingView all = new TrainingView(ROW, new Image(width, 1, new byte[3 * width]));
        double ofLeft = pull(path, all.withMask(left), true);
        double ofRight = pull(path, all.withMask(right), true);
        // The loss is a mean over the pixels that count.
        assertThat(pull(path, all, true)).isCloseTo((ofLeft + ofRight) / 2, Offset.offset(1e-5 * ofLeft));
        assertThat(ofLeft).isPositive().isCloseTo(ofRight, Offset.offset(1e-4 * ofLeft));
        assertThat(pull(path, all.withMask(left), false)).isCloseTo(ofLeft, Offset.offset(1e-4 * ofLeft));
        assertThat(pull(path, all, false)).isLessThan(1e-3 * ofLeft);
    }

    /** How strongly a Gaussian in the middle is pulled in one step, in the mean over all pixels or summed up absolutely. */
    private static double pull(CodePath path, TrainingView photo, boolean absolute) {
        Gaussians one = RandomScene.gaussians(2, 1, ROW, 5);
        Arrays.fill(one.sh(), 0);
        place(one, ROW, 0, 0);
        Arrays.fill(one.logScales(), (float) Math.log(0.4));
        one.logitOpacities()[0] = 0;
        StepOptions options = new StepOptions(RENDER, LearningRates.defaults(1), 0, 0, 0, 0, 0, 0, 0, absolute);
        try (JvmEngine engine = new JvmEngine(1, path)) {
            engine.load(TrainingState.start(one));
            engine.step(photo, options);
            return engine.state().gradientNormSums()[0];
        }
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void survivesExtremeParameters(CodePath path) {
        PinholeView view = RandomScene.view(50, 40);
        Gaussians gaussians = RandomScene.gaussians(1, 40, view, 3);
        gaussians.logitOpacities()[0] = Float.POSITIVE_INFINITY;
        gaussians.logitOpacities()[1] = Float.NEGATIVE_INFINITY;
        gaussians.logScales()[6] = 60;
        gaussians.logScales()[9] = -60;
        gaussians.logScales()[13] = 8;
        gaussians.quaternions()[20] = 1e-18f;
        gaussians.means()[18] = 1e30f;
        place(gaussians, 8, view, 0, 0, 0.0101);
        try (JvmEngine engine = new JvmEngine(1, path)) {
            engine.load(TrainingState.start(gaussians));
            Rendering rendering = engine.render(view, RENDER);
            for (int i = 0; i < rendering.alpha().length; i++) {
                assertThat(rendering.rgb()[3 * i]).isFinite();
                assertThat(rendering.alpha()[i]).isBetween(0f, 1f);
            }
        }
    }

    @Test
    void orderOfTheGaussiansDoesNotChangeThePicture() {
        PinholeView view = RandomScene.view(50, 40);
        Gaussians gaussians = RandomScene.gaussians(1, 60, view, 4);
        int[] reversed = new int[60];
        for (int i = 0; i < 60; i++) {
            reversed[i] = 59 - i;
        }
        try (JvmEngine engine = new JvmEngine(1)) {
            engine.load(TrainingState.start(gaussians));
            float[] expected = engine.render(view, RENDER).rgb();
            engine.load(TrainingState.start(gaussians.select(reversed)));
            assertThat(engine.render(view, RENDER).rgb()).isEqualTo(expected);
        }
    }

    @Test
    void needsAStateAndThreads() {
        try (JvmEngine engine = new JvmEngine(1)) {
            assertThatThrownBy(() -> engine.render(RandomScene.view(20, 20), RENDER))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(engine.name()).isEqualTo("jvm");
            assertThat(engine.device()).contains("lanes");
        }
        assertThatThrownBy(() -> new JvmEngine(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static TrainingState train(CodePath path, int threads, PinholeView view, Image photo, int steps) {
        try (JvmEngine engine = new JvmEngine(threads, path)) {
            engine.load(TrainingState.start(RandomScene.gaussians(2, 1500, view, 3)));
            for (int s = 0; s < steps; s++) {
                engine.step(new TrainingView(view, photo), StepOptions.mcmc(RENDER, LearningRates.defaults(3), 9));
            }
            return engine.state();
        }
    }

    private static void assertSameBits(TrainingState actual, TrainingState expected) {
        assertThat(actual.iteration()).isEqualTo(expected.iteration());
        assertThat(actual.gaussians().means()).isEqualTo(expected.gaussians().means());
        assertThat(actual.gaussians().logScales())
                .isEqualTo(expected.gaussians().logScales());
        assertThat(actual.gaussians().quaternions())
                .isEqualTo(expected.gaussians().quaternions());
        assertThat(actual.gaussians().logitOpacities())
                .isEqualTo(expected.gaussians().logitOpacities());
        assertThat(actual.gaussians().sh()).isEqualTo(expected.gaussians().sh());
        assertThat(actual.secondMoments().sh())
                .isEqualTo(expected.secondMoments().sh());
        assertThat(actual.gradientNormSums()).isEqualTo(expected.gradientNormSums());
        assertThat(actual.visibleSteps()).isEqualTo(expected.visibleSteps());
    }

    private static Image picture(Gaussians gaussians, PinholeView view) {
        try (JvmEngine engine = new JvmEngine(1, CodePath.SCALAR)) {
            engine.load(TrainingState.start(gaussians));
            return engine.render(view, RENDER).image();
        }
    }

    private static void place(Gaussians gaussians, PinholeView view, double u, double v) {
        place(gaussians, 0, view, u, v, 3);
    }

    /** Puts a Gaussian at a normalised picture position and depth. */
    private static void place(Gaussians gaussians, int i, PinholeView view, double u, double v, double z) {
        Vector3d world = view.camFromWorld().inverse().transform(new Vector3d(u * z, v * z, z));
        gaussians.means()[3 * i] = (float) world.x;
        gaussians.means()[3 * i + 1] = (float) world.y;
        gaussians.means()[3 * i + 2] = (float) world.z;
    }

    private static double squaredError(Image a, Image b) {
        double sum = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            double d = (a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff);
            sum += d * d;
        }
        return sum / a.rgb().length;
    }
}
