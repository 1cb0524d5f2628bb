package io.github.dinosplat.depth.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import io.github.dinosplat.features.onnx.OnnxGraph;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DepthNetworkTest {

    private static final int WIDTH = 112;
    private static final int HEIGHT = 56;
    private static final Camera CAMERA = new Camera(CameraModel.PINHOLE, WIDTH, HEIGHT, 80, 80, 56, 28);

    @TempDir
    Path folder;

    @Test
    void inverseDepthDepthAndLogarithmsComeToOneForm() throws IOException {
        try (DepthNetwork inverse = DepthNetwork.open(DepthGraphs.depthAnything2(folder));
                DepthNetwork depth = DepthNetwork.open(DepthGraphs.depthAnything3(folder));
                DepthNetwork log = DepthNetwork.open(DepthGraphs.logarithm(folder))) {
            assertThat(inverse.kinds()).containsExactly(DepthOutput.INVERSE, DepthOutput.DEPTH, DepthOutput.LOG);
            assertThat(inverse.name()).isEqualTo("depth-anything-v2.onnx");
            assertThat(inverse.sha256()).hasSize(64);
            FeatureMap a = inverse.guess(ramp(HEIGHT, WIDTH)).logInverseDepth(DepthOutput.INVERSE, CAMERA);
            FeatureMap b = depth.guess(ramp(HEIGHT, WIDTH)).logInverseDepth(DepthOutput.DEPTH, CAMERA);
            FeatureMap c = log.guess(ramp(HEIGHT, WIDTH)).logInverseDepth(DepthOutput.LOG, CAMERA);
            assertThat(a.columns()).isEqualTo(27 * 28);
            for (double x : new double[] {20, 50, 90}) {
                double red = red(x);
                assertThat(at(a, x)).isCloseTo(Math.log(40 * red + 3), offset(0.01));
                assertThat(at(b, x) - at(b, 56)).isCloseTo(Math.log(red / red(56)), offset(0.01));
                assertThat(at(c, x) - at(c, 56)).isCloseTo(Math.log(red / red(56)), offset(0.01));
            }
        }
    }

    @Test
    void aNetworkOfOneSizeSeesThePhotoWithAMarginThatIsTakenOffAgain() throws IOException {
        try (DepthNetwork network = DepthNetwork.open(DepthGraphs.metric3d(folder, 84, 84))) {
            DepthGuess guess = network.guess(ramp(HEIGHT, WIDTH));
            assertThat(guess.rows()).isEqualTo(42);
            assertThat(guess.columns()).isEqualTo(84);
            FeatureMap map = guess.logInverseDepth(DepthOutput.DEPTH, CAMERA);
            for (double y : new double[] {1, 55}) {
                float[] value = new float[1];
                map.sample(56, y, value);
                assertThat((double) value[0]).isCloseTo(Math.log(red(56) / 2), offset(0.02));
            }
            assertThat(guess.normal(3, 7).orElseThrow()).containsExactly(0, 0, -1);
        }
    }

    @Test
    void pointsFindTheirShiftByTheCameraAndWhatIsUnknownIsFar() throws IOException {
        try (DepthNetwork network = DepthNetwork.open(DepthGraphs.moge2(folder, HEIGHT, WIDTH, 80, 0.7f))) {
            assertThat(network.kinds()).containsExactly(DepthOutput.POINTS);
            Image photo = ramp(HEIGHT, WIDTH);
            for (int y = 0; y < 10; y++) {
                for (int x = 0; x < 10; x++) {
                    photo.rgb()[3 * (y * WIDTH + x)] = 0;
                }
            }
            DepthGuess guess = network.guess(photo);
            FeatureMap map = guess.logInverseDepth(DepthOutput.POINTS, CAMERA);
            for (double x : new double[] {20, 50, 90}) {
                assertThat(at(map, x)).isCloseTo(Math.log(red(x)), offset(0.01));
            }
            float least = Float.POSITIVE_INFINITY;
            for (int i = 0; i < HEIGHT * WIDTH; i++) {
                least = Math.min(least, map.value(i / WIDTH, i % WIDTH, 0));
            }
            assertThat(map.value(3, 3, 0)).isEqualTo(least);
            assertThat((double) guess.normal(28, 56).orElseThrow()[2]).isCloseTo(1, offset(1e-3));
            // With another focal length the shift is another one.
            Camera wrong = new Camera(CameraModel.PINHOLE, WIDTH, HEIGHT, 120, 120, 56, 28);
            FeatureMap off = guess.logInverseDepth(DepthOutput.POINTS, wrong);
            assertThat(at(off, 90) - at(off, 20)).isNotCloseTo(Math.log(red(90) / red(20)), offset(0.1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> guess.logInverseDepth(DepthOutput.DEPTH, CAMERA))
                    .withMessageContaining("POINTS");
        }
    }

    @Test
    void otherNetworksAreRefusedWithWhatTheyHave() throws IOException {
        Path file = folder.resolve("other.onnx");
        Files.write(
                file,
                new OnnxGraph("other")
                        .input("text", 1, 8)
                        .node("Identity", List.of("text"), List.of("logits"), Map.of())
                        .output("logits", 1, 8)
                        .toByteArray());
        assertThatIOException()
                .isThrownBy(() -> DepthNetwork.open(file))
                .withMessageContaining("other.onnx is no depth network")
                .withMessageContaining("text")
                .withMessageContaining("logits");
    }

    /** Red grows to the right; green and blue must not matter. */
    private static Image ramp(int height, int width) {
        byte[] rgb = new byte[3 * height * width];
        for (int i = 0; i < height * width; i++) {
            rgb[3 * i] = (byte) Math.round(255 * red(i % width + 0.5));
            rgb[3 * i + 1] = (byte) (i * 7);
            rgb[3 * i + 2] = (byte) (i * 13);
        }
        return new Image(width, height, rgb);
    }

    private static double red(double x) {
        return 0.2 + 0.6 * x / WIDTH;
    }

    private static double at(FeatureMap map, double x) {
        float[] value = new float[1];
        map.sample(x, 28, value);
        return value[0];
    }
}
