package io.github.dinosplat.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against outputs of the official DINOv3 implementation with random weights. */
class DinoGoldenTest {

    @ParameterizedTest
    @CsvSource({
        "mlp,16,5,64,96",
        "mlp,16,5,112,80",
        "swiglu,16,5,160,160",
        "swiglu64-noqkvbias,16,5,112,80",
        "convnext,32,1,64,96",
        "convnext,32,1,192,128"
    })
    void patchTokensAreTheOfficialOnes(String network, int patch, int prefix, int height, int width)
            throws IOException {
        Optional<Path> golden = RealData.folder("dinov3-golden");
        assumeTrue(golden.isPresent(), RealData.absence("dinov3-golden"));
        Path folder = golden.orElseThrow().resolve(network);
        float[] input = read(folder.resolve(height + "x" + width + ".input.f32"));
        float[] tokens = read(folder.resolve(height + "x" + width + ".last_hidden_state.f32"));
        try (OnnxFeatures features = OnnxFeatures.open(folder.resolve("model.onnx"), DenseFeatureOptions.defaults())) {
            assertThat(features.layout().patch()).isEqualTo(patch);
            assertThat(features.layout().prefix()).isEqualTo(prefix);
            FeatureMap map = features.patches(input, height, width, width, height);
            assertThat(map.rows() * map.columns()).isEqualTo(tokens.length / map.channels() - prefix);
            double most = 0;
            double scale = 0;
            float[] patchValues = new float[map.channels()];
            for (int p = 0; p < map.rows() * map.columns(); p++) {
                map.copyPatch(p / map.columns(), p % map.columns(), patchValues);
                for (int k = 0; k < map.channels(); k++) {
                    float want = tokens[(prefix + p) * map.channels() + k];
                    most = Math.max(most, Math.abs(patchValues[k] - want));
                    scale = Math.max(scale, Math.abs(want));
                }
            }
            assertThat(most).isLessThan(1e-4);
            assertThat(scale).as("the golden values are not all near zero").isGreaterThan(0.5);
        }
    }

    private static float[] read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(values);
        return values;
    }
}
