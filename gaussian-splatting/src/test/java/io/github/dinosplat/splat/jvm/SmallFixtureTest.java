package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Oracle and engine against committed numbers; see {@link SmallFixture}. */
class SmallFixtureTest {

    @ParameterizedTest
    @ValueSource(strings = {"pinhole", "parallel"})
    void theOracleIsWhatItWas(String kind) throws IOException {
        SmallFixture fixture = SmallFixture.read();
        for (Map.Entry<String, double[]> result :
                SmallFixture.results(fixture.reference(kind)).entrySet()) {
            assertThat(difference(result.getValue(), fixture.get(kind + "." + result.getKey())))
                    .as(result.getKey())
                    .isLessThan(1e-9);
        }
        ReferenceSplatting moved = fixture.reference(kind);
        moved.means[0] += 1e-6;
        moved.forward();
        assertThat(difference(
                        Objects.requireNonNull(SmallFixture.results(moved).get("rgb")), fixture.get(kind + ".rgb")))
                .isGreaterThan(1e-9);
    }

    static Stream<Arguments> pathsAndKinds() {
        return Stream.of(CodePath.values())
                .flatMap(path -> Stream.of("pinhole", "parallel").map(kind -> Arguments.of(path, kind)));
    }

    @ParameterizedTest
    @MethodSource("pathsAndKinds")
    void theEngineAgrees(CodePath path, String kind) throws IOException {
        SmallFixture fixture = SmallFixture.read();
        int pixels = SmallFixture.WIDTH * SmallFixture.HEIGHT;
        EngineGradients engine = new EngineGradients(
                path,
                2,
                fixture.gaussians(),
                SmallFixture.view(kind),
                SmallFixture.options(),
                SmallFixture.weights(3 * pixels, 1),
                SmallFixture.weights(pixels, 2),
                SmallFixture.weights(pixels, 3),
                SmallFixture.weights(2 * pixels, 4));
        assertAgrees(engine.gradients.means(), fixture.get(kind + ".meansGradient"));
        assertAgrees(engine.gradients.logScales(), fixture.get(kind + ".logScalesGradient"));
        assertAgrees(engine.gradients.quaternions(), fixture.get(kind + ".quaternionsGradient"));
        assertAgrees(engine.gradients.logitOpacities(), fixture.get(kind + ".logitsGradient"));
        assertAgrees(engine.gradients.sh(), fixture.get(kind + ".shGradient"));
        assertAgrees(engine.gradients.features(), fixture.get(kind + ".featuresGradient"));
        assertThat(difference(engine.pose, fixture.get(kind + ".poseGradient"))).isLessThan(1e-4);

        // Negative control: the other camera's gradients are others.
        String other = kind.equals("pinhole") ? "parallel" : "pinhole";
        assertThatThrownBy(() -> assertAgrees(engine.gradients.means(), fixture.get(other + ".meansGradient")))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertAgrees(engine.gradients.sh(), fixture.get(other + ".shGradient")))
                .isInstanceOf(AssertionError.class);
    }

    private static void assertAgrees(float[] actual, double[] expected) {
        double[] values = new double[actual.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = actual[i];
        }
        assertThat(difference(values, expected)).isLessThan(1e-4);
    }

    private static double difference(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
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
