package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Depth term, colour maps, background, statistics and dropout of a training step, against oracles in double. */
class TrainingTermsTest {

    private static final double OFFSET = 0.75;
    private static final int WIDTH = 40;
    private static final int HEIGHT = 33;
    private static final PinholeView VIEW = RandomScene.view(WIDTH, HEIGHT);
    private static final Colour BACKGROUND = new Colour(0.1f, 0.6f, 0.3f);
    private static final RenderOptions RENDER = new RenderOptions(3, BACKGROUND);
    private static final LearningRates STILL = new LearningRates(0, 0, 0, 0, 0, 0, 0, 0);

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void theDepthTermsGradientIsTheOracles(CodePath path) {
        Gaussians gaussians = RandomScene.gaussians(4, 80, VIEW, 4);
        ReferenceSplatting reference = ReferenceSplatting.of(gaussians, VIEW, BACKGROUND);
        reference.nearnessOffset = OFFSET;
        reference.forward();
        DepthTarget target = target(reference);
        double weight = 0.7;
        double[] byDepth = new double[WIDTH * HEIGHT];
        double expected = 0;
        for (int i = 0; i < byDepth.length; i++) {
            double off = reference.depth[i] - target.nearness()[i];
            expected += weight * target.weights()[i] * Math.abs(off) / byDepth.length;
            byDepth[i] = weight * target.weights()[i] * Math.signum(off) / byDepth.length;
        }
        reference.backward(new double[3 * byDepth.length], byDepth, new double[byDepth.length], new double[0]);

        Frame frame = new Frame();
        try (JvmEngine engine = new JvmEngine(2, path);
                Workers workers = new Workers(2)) {
            engine.load(TrainingState.start(gaussians));
            Projection near = Projection.of(VIEW, new DepthMeasure(true, (float) OFFSET), Dropout.NONE);
            engine.forward(near, RENDER);
            frame = engine.frame();
            double term = DepthLoss.gradient(frame, view(gaussians), target, weight, workers);
            assertThat(term).isCloseTo(expected, Offset.offset(1e-5 * expected));
            for (int i = 0; i < byDepth.length; i++) {
                assertThat((double) frame.depthGradient[i]).isCloseTo(byDepth[i], Offset.offset(1e-9));
            }
            EngineGradients gradients = new EngineGradients(
                    path,
                    1,
                    gaussians,
                    near,
                    RENDER,
                    new double[3 * byDepth.length],
                    byDepth,
                    new double[byDepth.length],
                    new double[0]);
            assertThat(difference(gradients.gradients.means(), reference.meansGradient))
                    .isLessThan(2e-3);
            assertThat(difference(gradients.gradients.logitOpacities(), reference.logitsGradient))
                    .isLessThan(2e-3);
            EngineGradients plain = new EngineGradients(
                    path,
                    1,
                    gaussians,
                    VIEW,
                    RENDER,
                    new double[3 * byDepth.length],
                    byDepth,
                    new double[1320],
                    new double[0]);
            assertThat(difference(plain.gradients.means(), reference.meansGradient))
                    .isGreaterThan(0.1);
        }
    }

    /** Nearness off by about a tenth, a third of the pixels unknown. */
    private static DepthTarget target(ReferenceSplatting reference) {
        Random random = new Random(3);
        float[] inverse = new float[WIDTH * HEIGHT];
        float[] weights = new float[WIDTH * HEIGHT];
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] = (float) Math.max(0, reference.depth[i] + 0.1 * random.nextGaussian());
            weights[i] = i % 3 == 0 ? 0 : random.nextFloat();
        }
        return new DepthTarget(WIDTH, HEIGHT, OFFSET, inverse, weights);
    }

    @Test
    void stepsWithTheDepthTermBringDepthsCloser() {
        Gaussians truth = RandomScene.gaussians(4, 80, VIEW, 6);
        ReferenceSplatting reference = ReferenceSplatting.of(truth, VIEW, BACKGROUND);
        reference.nearnessOffset = OFFSET;
        reference.forward();
        float[] inverse = new float[WIDTH * HEIGHT];
        float[] ones = new float[WIDTH * HEIGHT];
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] = (float) (0.8 * reference.depth[i]);
            ones[i] = 1;
        }
        TrainingView plain = view(truth);
        TrainingView withDepth = plain.withDepth(new DepthTarget(WIDTH, HEIGHT, OFFSET, inverse, ones));
        StepOptions options = StepOptions.plain(RENDER, LearningRates.defaults(20));
        double first = depthTerm(truth, withDepth, options, 0);
        assertThat(depthTerm(truth, withDepth, options, 60)).isLessThan(0.3 * first);
        // Negative control: without the target nothing pulls them.
        assertThat(depthTerm(truth, plain, options, 60)).isNaN();
        boolean[] nothing = new boolean[WIDTH * HEIGHT];
        assertThat(depthTerm(truth, withDepth.withMask(nothing), options, 0)).isZero();
    }

    /** The loss less the loss without its depth term, after some steps on copies. */
    private static double depthTerm(Gaussians start, TrainingView view, StepOptions options, int steps) {
        if (view.depth().isEmpty()) {
            return Double.NaN;
        }
        try (JvmEngine engine = new JvmEngine(1)) {
            engine.load(TrainingState.start(start.copy()));
            for (int s = 0; s < steps; s++) {
                engine.step(view, options.withDepthWeight(1));
            }
            StepOptions still = StepOptions.plain(RENDER, STILL);
            return engine.step(view, still.withDepthWeight(1)) - engine.step(view, still);
        }
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void theBackgroundsGradientIsThatOfDifferences(CodePath path) {
        Gaussians gaussians = RandomScene.gaussians(4, 30, VIEW, 4);
        TrainingView view = view(RandomScene.gaussians(6, 80, VIEW, 4));
        LearningRates learns = STILL.withPhotos(0, 0, 1e-3);
        float h = 1e-2f;
        for (int c = 0; c < 3; c++) {
            double above = lossOn(path, gaussians, view, c, 0.4f + h);
            double below = lossOn(path, gaussians, view, c, 0.4f - h);
            try (JvmEngine engine = new JvmEngine(3, path)) {
                TrainingState state = TrainingState.start(gaussians.copy());
                Arrays.fill(state.photos().backgroundValues(), 0, 3, 0.4f);
                engine.load(state);
                engine.step(view, StepOptions.plain(RENDER, learns).withRender(RENDER.withBackground(Colour.WHITE)));
                // After one step of Adam the first moment is a tenth of the gradient.
                double gradient = 10 * state.photos().backgroundValues()[3 + c];
                double expected = (above - below) / (2 * h);
                assertThat(gradient).isCloseTo(expected, Offset.offset(0.02 * Math.abs(expected) + 1e-5));
                assertThat(Math.abs(expected)).isGreaterThan(1e-3);
                assertThat(state.photos().backgroundValues()[c])
                        .isCloseTo(0.4f - 1e-3f * (float) Math.signum(expected), Offset.offset(1e-6f));
            }
        }
    }

    private static double lossOn(CodePath path, Gaussians gaussians, TrainingView view, int channel, float value) {
        float[] c = {0.4f, 0.4f, 0.4f};
        c[channel] = value;
        try (JvmEngine engine = new JvmEngine(1, path)) {
            engine.load(TrainingState.start(gaussians.copy()));
            return engine.step(view, StepOptions.plain(RENDER.withBackground(new Colour(c[0], c[1], c[2])), STILL));
        }
    }

    /** Against the oracle's gradients by the centre of every pixel on its own. */
    @ParameterizedTest
    @EnumSource(CodePath.class)
    void absoluteGradientsDoNotCancel(CodePath path) {
        Gaussians one = RandomScene.gaussians(4, 1, VIEW, 1);
        one.logitOpacities()[0] = 0;
        Vector3d middle = VIEW.camFromWorld().inverse().transform(new Vector3d(0, 0, 4));
        for (int k = 0; k < 3; k++) {
            one.means()[k] = (float) middle.get(k);
        }
        TrainingView view = view(RandomScene.gaussians(6, 80, VIEW, 4));
        StepOptions options = StepOptions.plain(RENDER, STILL);
        float signed = statistic(path, one, view, options);
        float absolute = statistic(path, one, view, options.withAbsoluteGradients(true));
        double sumX = 0;
        double sumY = 0;
        double signedX = 0;
        double signedY = 0;
        try (JvmEngine engine = new JvmEngine(1, path);
                Workers workers = new Workers(1)) {
            engine.load(TrainingState.start(one));
            engine.forward(Projection.of(VIEW), RENDER);
            Frame frame = engine.frame();
            new PhotometricLoss(path.ssimRows(), 1).gradient(frame, view, 0.2, workers);
            for (int i = 0; i < WIDTH * HEIGHT; i++) {
                double[] by = centreGradient(frame, i);
                sumX += Math.abs(by[0]);
                sumY += Math.abs(by[1]);
                signedX += by[0];
                signedY += by[1];
            }
        }
        double expected = Math.hypot(sumX * WIDTH, sumY * HEIGHT) / 2;
        assertThat((double) absolute).isCloseTo(expected, Offset.offset(1e-3 * expected));
        double plain = Math.hypot(signedX * WIDTH, signedY * HEIGHT) / 2;
        assertThat((double) signed).isCloseTo(plain, Offset.offset(2e-3 * expected));
        assertThat(absolute).isGreaterThan(1.2f * signed);
    }

    private static float statistic(CodePath path, Gaussians gaussians, TrainingView view, StepOptions options) {
        try (JvmEngine engine = new JvmEngine(2, path)) {
            TrainingState state = TrainingState.start(gaussians.copy());
            engine.load(state);
            engine.step(view, options);
            return state.gradientNormSums()[0];
        }
    }

    /** One Gaussian before a background: alpha = o exp(-e), and the pixel is alpha c + (1 - alpha) background. */
    private static double[] centreGradient(Frame frame, int i) {
        float[] s = frame.splats;
        double unscale = -1 / BlendMath.EXPONENT_PER_NATURAL_LOG;
        double a = 2 * unscale * s[Splat.XX];
        double b = unscale * s[Splat.XY];
        double c = 2 * unscale * s[Splat.YY];
        double dx = i % WIDTH + 0.5 - s[Splat.X];
        double dy = i / WIDTH + 0.5 - s[Splat.Y];
        double alpha = frame.opacities[0] * Math.exp(-(a * dx * dx + c * dy * dy) / 2 - b * dx * dy);
        if (alpha < 1.0 / 255) {
            return new double[2];
        }
        double byAlpha = frame.redGradient[i] * (s[Splat.RED] - BACKGROUND.red())
                + frame.greenGradient[i] * (s[Splat.GREEN] - BACKGROUND.green())
                + frame.blueGradient[i] * (s[Splat.BLUE] - BACKGROUND.blue());
        double v = alpha * byAlpha;
        return new double[] {v * (a * dx + b * dy), v * (b * dx + c * dy)};
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void theColourMapsGradientIsThatOfDifferences(CodePath path) {
        Gaussians gaussians = RandomScene.gaussians(4, 80, VIEW, 4);
        TrainingView view = view(RandomScene.gaussians(6, 80, VIEW, 4));
        double[] truth = IntStream.range(0, 3 * WIDTH * HEIGHT)
                .mapToDouble(i -> (view.truth().rgb()[i] & 0xff) / 255.0)
                .toArray();
        PhotoParameters photos = PhotoParameters.start(2);
        Random random = new Random(5);
        double[] map = new double[12];
        for (int k = 0; k < 12; k++) {
            photos.values()[PhotoParameters.STRIDE + k] += (float) (0.1 * random.nextGaussian());
            map[k] = photos.values()[PhotoParameters.STRIDE + k];
        }
        try (JvmEngine engine = new JvmEngine(1, path);
                Workers workers = new Workers(3)) {
            engine.load(TrainingState.start(gaussians));
            engine.forward(Projection.of(VIEW), RENDER);
            Frame frame = engine.frame();
            double[] picture = new double[truth.length];
            for (int i = 0; i < picture.length; i++) {
                picture[i] = new float[][] {frame.red, frame.green, frame.blue}[i % 3][i / 3];
            }
            ColourMap colours = new ColourMap();
            colours.apply(frame, photos, 1, workers);
            double loss = new PhotometricLoss(path.ssimRows(), 3).gradient(frame, colours.planes, view, 0.2, workers);
            colours.back(frame, workers);
            assertThat(loss + colours.penalty()).isCloseTo(loss(map, picture, truth), Offset.offset(1e-6));
            double scale = 0;
            for (double value : colours.gradient) {
                scale = Math.max(scale, Math.abs(value));
            }
            for (int k = 0; k < 12; k++) {
                double by = differences(map, k, () -> loss(map, picture, truth));
                assertThat(colours.gradient[k]).isCloseTo(by, Offset.offset(2e-4 * scale));
            }
            for (int i = 7; i < picture.length; i += 97) {
                double by = differences(picture, i, () -> loss(map, picture, truth));
                double own = new float[][] {frame.redGradient, frame.greenGradient, frame.blueGradient}[i % 3][i / 3];
                assertThat(own).isCloseTo(by, Offset.offset(1e-3 / picture.length));
            }
        }
    }

    private static double differences(double[] values, int k, java.util.function.DoubleSupplier loss) {
        double kept = values[k];
        double h = 1e-7;
        values[k] = kept + h;
        double above = loss.getAsDouble();
        values[k] = kept - h;
        double below = loss.getAsDouble();
        values[k] = kept;
        return (above - below) / (2 * h);
    }

    private static double loss(double[] map, double[] picture, double[] truth) {
        double[] mapped = new double[picture.length];
        for (int i = 0; i < mapped.length; i++) {
            int at = 4 * (i % 3);
            mapped[i] = map[at + 3];
            for (int c = 0; c < 3; c++) {
                mapped[i] += map[at + c] * picture[i - i % 3 + c];
            }
        }
        double penalty = 0;
        for (int k = 0; k < 12; k++) {
            penalty += Math.pow(map[k] - (k % 5 == 0 ? 1 : 0), 2);
        }
        return ReferenceLoss.loss(mapped, truth, WIDTH, HEIGHT, 0.2) + PhotoParameters.COLOUR_PENALTY / 2 * penalty;
    }

    /** Of the same view a dark and a bright photo: the Gaussians learn the middle, each map its photo. */
    @Test
    void photosOfOtherExposureAreToldApart() {
        Gaussians truth = RandomScene.gaussians(4, 80, VIEW, 6);
        Image photo = view(truth).truth();
        TrainingView dark = new TrainingView(VIEW, exposed(photo, 0.8)).withPhoto(0);
        TrainingView bright = new TrainingView(VIEW, exposed(photo, 1.2)).withPhoto(1);
        TrainingState state = TrainingState.start(truth, 2);
        StepOptions options = StepOptions.plain(RENDER, new LearningRates(0, 0, 0, 0, 2.5e-3, 0, 3e-3, 0));
        try (JvmEngine engine = new JvmEngine(2)) {
            engine.load(state);
            for (int s = 0; s < 300; s++) {
                engine.step(s % 2 == 0 ? dark : bright, options);
            }
        }
        float[] values = state.photos().values();
        for (int c = 0; c < 3; c++) {
            double gainOfDark = values[5 * c];
            double gainOfBright = values[PhotoParameters.STRIDE + 5 * c];
            assertThat(gainOfDark).isLessThan(0.95);
            assertThat(gainOfDark + gainOfBright).isCloseTo(2, Offset.offset(1e-5));
        }
        assertThat(state.photos().steps()).containsExactly(150, 150);
    }

    private static Image exposed(Image photo, double gain) {
        byte[] rgb = photo.rgb().clone();
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Math.min(255, Math.round(gain * (rgb[i] & 0xff)));
        }
        return new Image(photo.width(), photo.height(), rgb);
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void dropoutLeavesOutAShareAndStrengthensTheRest(CodePath path) {
        int n = 400;
        Gaussians gaussians = RandomScene.gaussians(4, n, VIEW, 4);
        for (int i = 0; i < n; i++) {
            gaussians.logitOpacities()[i] = -1 - 0.001f * i;
        }
        Dropout dropout = new Dropout(0.25, 7, 12);
        int[] kept = IntStream.range(0, n).filter(i -> !dropout.drops(i)).toArray();
        assertThat(kept.length).isBetween(250, 350);
        Dropout later = new Dropout(0.25, 7, 13);
        assertThat(IntStream.range(0, n).filter(i -> !later.drops(i)).toArray()).isNotEqualTo(kept);
        Gaussians rest = gaussians.select(kept);
        for (int i = 0; i < kept.length; i++) {
            double opacity = 1 / (1 + Math.exp(-rest.logitOpacities()[i])) / 0.75;
            rest.logitOpacities()[i] = (float) Math.log(opacity / (1 - opacity));
        }
        double[] byRgb = RandomScene.weights(1, 3 * WIDTH * HEIGHT);
        double[] none = new double[WIDTH * HEIGHT];
        EngineGradients expected = new EngineGradients(path, 1, rest, VIEW, RENDER, byRgb, none, none, new double[0]);
        EngineGradients actual = new EngineGradients(
                path,
                1,
                gaussians,
                Projection.of(VIEW, DepthMeasure.DEPTH, dropout),
                RENDER,
                byRgb,
                none,
                none,
                new double[0]);
        for (int i = 0; i < expected.rgb.length; i++) {
            assertThat(actual.rgb[i]).isCloseTo(expected.rgb[i], Offset.offset(1e-4f));
        }
        for (int i = 0; i < kept.length; i++) {
            float opacity = (float) (1 / (1 + Math.exp(-gaussians.logitOpacities()[kept[i]])));
            float strengthened = opacity / 0.75f;
            float byLogit = expected.gradients.logitOpacities()[i] * (1 - opacity) / (1 - strengthened);
            assertThat(actual.gradients.logitOpacities()[kept[i]])
                    .isCloseTo(byLogit, Offset.offset(1e-3f + 1e-3f * Math.abs(byLogit)));
        }
    }

    private static TrainingView view(Gaussians gaussians) {
        try (JvmEngine engine = new JvmEngine(1, CodePath.SCALAR)) {
            engine.load(TrainingState.start(gaussians));
            return new TrainingView(VIEW, engine.render(VIEW, RENDER).image());
        }
    }

    private static double difference(float[] actual, double[] expected) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            length += expected[i] * expected[i];
        }
        assertThat(length).isGreaterThan(0);
        return Math.sqrt(difference / length);
    }
}
