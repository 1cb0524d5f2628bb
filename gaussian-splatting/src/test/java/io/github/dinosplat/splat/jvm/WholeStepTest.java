package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.SplatView;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A whole training step with all that it can learn: Gaussians, the photo's colour map, its pose, the background. The oracle
 * is held to central differences, the engine to the oracle. Nothing in the scene is near a threshold.
 */
class WholeStepTest {

    private static final int WIDTH = 26;
    private static final int HEIGHT = 21;
    private static final int COUNT = 7;
    private static final int PHOTO = 1;

    /** With which nothing lies nearer to a threshold than the margin, which is far above what rounding to floats moves. */
    private static final long SEED = 11;

    private static final double MARGIN = 1e-5;

    /** Everything moves, by so little that one step can be told from its moments alone. */
    private static final LearningRates RATES =
            new LearningRates(1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 0, 1e-9);

    /** Kind of camera, degree of the harmonics, dimming. */
    static Stream<Arguments> steps() {
        return Stream.of(
                Arguments.of("pinhole", 0, false),
                Arguments.of("pinhole", 1, false),
                Arguments.of("pinhole", 2, true),
                Arguments.of("pinhole", 3, false),
                Arguments.of("parallel", 1, true),
                Arguments.of("parallel", 3, false));
    }

    static Stream<Arguments> pathsAndSteps() {
        return Stream.of(CodePath.values())
                .flatMap(path -> steps().map(s -> Arguments.of(path, s.get()[0], s.get()[1], s.get()[2])));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void theOraclesGradientIsThatOfCentralDifferences(String kind, int degree, boolean mip) {
        SplatView view = view(kind);
        ReferenceStep oracle = oracle(gaussians(), view, photos(), options(degree, mip));
        assertThat(oracle.margin()).isGreaterThan(MARGIN);
        oracle.backward();
        double[] pose = oracle.splats.poseGradient();
        int compared = 0;
        int used = 0;
        for (Parameters p : Parameters.of(oracle)) {
            compared += CentralDifferences.compare(p.values, p.gradient, 1e-6, oracle::loss);
            used += p.values.length;
            // Negative control.
            double[] wrong = p.gradient.clone();
            wrong[largest(wrong)] *= 1 + 1e-5;
            assertThatThrownBy(() -> CentralDifferences.compare(p.values, wrong, 1e-6, oracle::loss))
                    .as(p.name)
                    .isInstanceOf(AssertionError.class);
        }
        assertThat(compared).isEqualTo(used);
        double[] motion = new double[6];
        PhotoParameters photos = photos();
        int posesCompared = CentralDifferences.compare(
                motion,
                pose,
                1e-6,
                () -> new ReferenceStep(
                                gaussians(),
                                PHOTO,
                                photos,
                                training(view),
                                RandomScene.moved(placed(view, photos), motion),
                                options(degree, mip))
                        .loss());
        assertThat(posesCompared).isEqualTo(6);
    }

    /** A stretch of parameters with the gradient by them. */
    private record Parameters(String name, double[] values, double[] gradient) {

        static Parameters[] of(ReferenceStep step) {
            ReferenceSplatting s = step.splats;
            return new Parameters[] {
                new Parameters("means", s.means, s.meansGradient),
                new Parameters("scales", s.logScales, s.logScalesGradient),
                new Parameters("rotations", s.quaternions, s.quaternionsGradient),
                new Parameters("opacities", s.logits, s.logitsGradient),
                new Parameters("harmonics", s.sh, s.shGradient),
                new Parameters("colour map", step.colours, step.coloursGradient),
                new Parameters("background", s.background, step.backgroundGradient)
            };
        }
    }

    @ParameterizedTest
    @MethodSource("pathsAndSteps")
    void theEnginesStepIsTheOracles(CodePath path, String kind, int degree, boolean mip) {
        SplatView view = view(kind);
        StepOptions options = options(degree, mip);
        PhotoParameters photos = photos();
        ReferenceStep oracle = oracle(gaussians(), view, photos, options);
        assertThat(oracle.margin()).isGreaterThan(MARGIN);
        oracle.backward();
        Step engine = step(path, gaussians(), view, photos, options);
        assertThat(engine.loss).isCloseTo(oracle.shownLoss(), Offset.offset(1e-6));
        Map<String, double[]> expected = gradients(oracle);
        engine.gradients.forEach(
                (name, values) -> assertThat(difference(values, Objects.requireNonNull(expected.get(name))))
                        .as(name)
                        .isLessThan(1e-4));

        // Negative control: what is off by a little is seen in every gradient.
        Gaussians off = gaussians();
        for (int k = 0; k < off.logScales().length; k++) {
            off.logScales()[k] += 5e-3f;
        }
        Step wrong = step(path, off, view, photos(), options);
        assertThat(wrong.loss).isNotCloseTo(oracle.shownLoss(), Offset.offset(1e-6));
        wrong.gradients.forEach(
                (name, values) -> assertThat(difference(values, Objects.requireNonNull(expected.get(name))))
                        .as(name)
                        .isGreaterThan(1e-4));
    }

    private static Map<String, double[]> gradients(ReferenceStep oracle) {
        Map<String, double[]> gradients = new LinkedHashMap<>();
        for (Parameters p : Parameters.of(oracle)) {
            gradients.put(p.name, p.gradient);
        }
        // The engine keeps rotation before translation.
        double[] pose = oracle.splats.poseGradient();
        gradients.put("pose", new double[] {pose[3], pose[4], pose[5], pose[0], pose[1], pose[2]});
        return gradients;
    }

    private record Step(double loss, Map<String, double[]> gradients) {}

    /** After one step of Adam the first moments are a tenth of the gradient. */
    private static Step step(
            CodePath path, Gaussians gaussians, SplatView view, PhotoParameters photos, StepOptions options) {
        TrainingState start = TrainingState.start(gaussians);
        TrainingState state = new TrainingState(
                gaussians,
                start.firstMoments(),
                start.secondMoments(),
                0,
                start.gradientNormSums(),
                start.visibleSteps(),
                photos);
        try (JvmEngine engine = new JvmEngine(2, path)) {
            engine.load(state);
            double loss = engine.step(training(view).withPhoto(PHOTO), options);
            Map<String, double[]> gradients = new LinkedHashMap<>();
            Gaussians m = state.firstMoments();
            gradients.put("means", tenfold(m.means()));
            gradients.put("scales", tenfold(m.logScales()));
            gradients.put("rotations", tenfold(m.quaternions()));
            gradients.put("opacities", tenfold(m.logitOpacities()));
            gradients.put("harmonics", tenfold(m.sh()));
            int at = PHOTO * PhotoParameters.STRIDE;
            float[] own = Arrays.copyOfRange(photos.firstMoments(), at, at + PhotoParameters.STRIDE);
            gradients.put("colour map", tenfold(Arrays.copyOf(own, PhotoParameters.POSE)));
            gradients.put("pose", tenfold(Arrays.copyOfRange(own, PhotoParameters.POSE, own.length)));
            gradients.put("background", tenfold(Arrays.copyOfRange(photos.backgroundValues(), 3, 6)));
            return new Step(loss, gradients);
        }
    }

    private static double[] tenfold(float[] moments) {
        double[] gradient = new double[moments.length];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = 10.0 * moments[i];
        }
        return gradient;
    }

    private static int largest(double[] values) {
        int best = 0;
        for (int i = 0; i < values.length; i++) {
            best = Math.abs(values[i]) > Math.abs(values[best]) ? i : best;
        }
        return best;
    }

    /** Length of the difference, relative to the length of what was expected. */
    private static double difference(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            length += expected[i] * expected[i];
        }
        assertThat(length).isGreaterThan(0);
        return Math.sqrt(difference / length);
    }

    // ---- the scene ----

    private static SplatView view(String kind) {
        return kind.equals("parallel") ? RandomScene.orthographic(WIDTH, HEIGHT) : RandomScene.view(WIDTH, HEIGHT);
    }

    private static SplatView placed(SplatView view, PhotoParameters photos) {
        return view.withPose(photos.motion(PHOTO).compose(view.camFromWorld()));
    }

    private static Gaussians gaussians() {
        return RandomScene.gaussians(SEED, COUNT, RandomScene.view(WIDTH, HEIGHT), 5);
    }

    private static StepOptions options(int degree, boolean mip) {
        RenderOptions render = new RenderOptions(degree, Colour.BLACK).withMip(mip);
        return new StepOptions(render, RATES, 0.2, 0.03, 0.05, 0, 0, 0.7, 0, false);
    }

    /** Three photos, the middle one with a colour map and a motion of its own; a background. */
    private static PhotoParameters photos() {
        PhotoParameters photos = PhotoParameters.start(3);
        Random random = new Random(5);
        for (int k = 0; k < PhotoParameters.COLOUR_VALUES; k++) {
            photos.values()[PHOTO * PhotoParameters.STRIDE + k] += (float) (0.1 * random.nextGaussian());
        }
        photos.move(PHOTO, new double[] {0.02, -0.03, 0.01, 0.05, 0.02, -0.04});
        System.arraycopy(new float[] {0.4f, 0.3f, 0.6f}, 0, photos.backgroundValues(), 0, 3);
        return photos;
    }

    private static TrainingView training(SplatView view) {
        Random random = new Random(7);
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        float[] nearness = new float[WIDTH * HEIGHT];
        float[] weights = new float[WIDTH * HEIGHT];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (128 + 60 * Math.sin(0.05 * i) + 40 * random.nextDouble());
        }
        for (int i = 0; i < nearness.length; i++) {
            nearness[i] = 0.3f * random.nextFloat();
            weights[i] = i % 3 == 0 ? 0 : random.nextFloat();
        }
        return new TrainingView(view, new Image(WIDTH, HEIGHT, rgb))
                .withDepth(new DepthTarget(WIDTH, HEIGHT, 0.75, nearness, weights));
    }

    private static ReferenceStep oracle(
            Gaussians gaussians, SplatView view, PhotoParameters photos, StepOptions options) {
        return new ReferenceStep(gaussians, PHOTO, photos, training(view), placed(view, photos), options);
    }
}
