package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures and gradients of the engine against the oracle in double, with faults planted to see that they are noticed. */
class EngineParityTest {

    private static final Colour BACKGROUND = new Colour(0.1f, 0.6f, 0.3f);

    static Stream<Arguments> pathsAndScenes() {
        return Stream.of(CodePath.values())
                .flatMap(path -> Stream.of(
                        Arguments.of(path, 1, 40, 33, 4.0),
                        Arguments.of(path, 30, 17, 16, 3.0),
                        Arguments.of(path, 200, 50, 35, 2.0),
                        Arguments.of(path, 150, 64, 48, 12.0),
                        Arguments.of(path, 300, 70, 21, 0.3)));
    }

    @ParameterizedTest
    @MethodSource("pathsAndScenes")
    void agreesWithTheOracle(CodePath codePath, int count, int width, int height, double size) {
        PinholeView view = RandomScene.view(width, height);
        Gaussians gaussians = RandomScene.gaussians(count, count, view, size);
        ReferenceSplatting reference = reference(gaussians, view);
        EngineGradients engine = EngineGradients.of(codePath, gaussians, view, BACKGROUND, 7);

        assertThat(difference(engine.rgb, reference.rgb)).isLessThan(2e-4);
        assertThat(difference(engine.depth, reference.depth)).isLessThan(2e-4);
        assertThat(difference(engine.alpha, reference.alpha)).isLessThan(2e-4);
        assertThat(difference(engine.gradients.means(), reference.meansGradient))
                .isLessThan(2e-3);
        assertThat(difference(engine.gradients.logScales(), reference.logScalesGradient))
                .isLessThan(2e-3);
        assertThat(difference(engine.gradients.quaternions(), reference.quaternionsGradient))
                .isLessThan(2e-3);
        assertThat(difference(engine.gradients.logitOpacities(), reference.logitsGradient))
                .isLessThan(2e-3);
        assertThat(difference(engine.gradients.sh(), reference.shGradient)).isLessThan(2e-4);
    }

    @ParameterizedTest
    @MethodSource("pathsAndScenes")
    void noticesAPlantedFault(CodePath codePath, int count, int width, int height, double size) {
        PinholeView view = RandomScene.view(width, height);
        Gaussians gaussians = RandomScene.gaussians(count, count, view, size);
        ReferenceSplatting reference = reference(gaussians, view);
        for (int i = 0; i < count; i++) {
            gaussians.logScales()[3 * i] += 0.02f;
        }
        EngineGradients engine = EngineGradients.of(codePath, gaussians, view, BACKGROUND, 7);
        assertThat(difference(engine.rgb, reference.rgb)).isGreaterThan(2e-4);
        assertThat(difference(engine.gradients.means(), reference.meansGradient))
                .isGreaterThan(2e-3);
        assertThat(difference(engine.gradients.logScales(), reference.logScalesGradient))
                .isGreaterThan(2e-3);
    }

    private static ReferenceSplatting reference(Gaussians gaussians, PinholeView view) {
        ReferenceSplatting reference = ReferenceSplatting.of(gaussians, view, BACKGROUND);
        int pixels = view.width() * view.height();
        reference.forward();
        reference.backward(
                RandomScene.weights(7, 3 * pixels),
                RandomScene.weights(8, pixels),
                RandomScene.weights(9, pixels),
                new double[0]);
        return reference;
    }

    /** Length of the difference, relative to the length of what was expected. */
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
