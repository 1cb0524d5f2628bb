package io.github.dinosplat.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import io.github.dinosplat.features.onnx.OnnxGraph;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On tiny networks written here: patch embedding whose channels are the patch's mean red, green and blue. */
class OnnxFeaturesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"16,5", "14,1", "8,0", "32,1", "16,3"})
    void findsPatchSizeAndPrefixTokens(int patch, int prefix) throws IOException {
        try (OnnxFeatures features =
                OnnxFeatures.open(write(tokens(patch, prefix, "h", "w")), DenseFeatureOptions.defaults())) {
            assertThat(features.layout())
                    .isEqualTo(new TokenLayout("picture", List.of(), "tokens", false, patch, prefix, 0, 0));
        }
    }

    @ParameterizedTest
    @CsvSource({"16,5,224,224", "14,1,224,224", "16,0,192,256", "32,1,96,64"})
    void findsThemInAGraphOfFixedSize(int patch, int prefix, int height, int width) throws IOException {
        try (OnnxFeatures features =
                OnnxFeatures.open(write(tokens(patch, prefix, height, width)), DenseFeatureOptions.defaults())) {
            assertThat(features.layout())
                    .isEqualTo(new TokenLayout("picture", List.of(), "tokens", false, patch, prefix, height, width));
            FeatureMap map = features.extract(halves(300, 200));
            // The photo keeps its size and is seen in tiles of the network's.
            assertThat(map.rows()).isEqualTo(Math.round(200f / patch));
            assertThat(map.columns()).isEqualTo(Math.round(300f / patch));
            assertThat(map.value(0, 0, 0)).isCloseTo((200 / 255f - 0.485f) / 0.229f, offset(1e-4f));
            assertThat(map.value(0, map.columns() - 1, 0)).isCloseTo(-0.485f / 0.229f, offset(1e-4f));
        }
    }

    @Test
    void thePatchesAreThoseOfThePhoto() throws IOException {
        DenseFeatureOptions options = DenseFeatureOptions.defaults().withLongSide(160);
        try (DenseFeatures features = DenseFeatures.open(write(tokens(16, 5, "h", "w")), options)) {
            FeatureMap map = features.extract(halves(640, 300));
            assertThat(map.columns()).isEqualTo(10);
            assertThat(map.rows()).isEqualTo(5);
            assertThat(map.channels()).isEqualTo(3);
            assertThat(map.photoWidth()).isEqualTo(640);
            assertThat(map.photoHeight()).isEqualTo(300);
            // Left half (200, 100, 50), right half black, ImageNet's mean and deviation taken out.
            assertThat(map.value(2, 1, 0)).isCloseTo((200 / 255f - 0.485f) / 0.229f, offset(1e-4f));
            assertThat(map.value(4, 3, 2)).isCloseTo((50 / 255f - 0.406f) / 0.225f, offset(1e-4f));
            assertThat(map.value(0, 6, 1)).isCloseTo(-0.456f / 0.224f, offset(1e-4f));
            assertThat(features.sha256()).matches("[0-9a-f]{64}");
            assertThat(features.name()).isEqualTo("net");
        }
    }

    @Test
    void satelliteWeightsHaveTheirOwnNormalisation() throws IOException {
        DenseFeatureOptions options = DenseFeatureOptions.defaults().withNormalisation(PixelNormalisation.SATELLITE);
        try (DenseFeatures features = DenseFeatures.open(write(tokens(16, 5, "h", "w")), options)) {
            float red = features.extract(halves(64, 64)).value(0, 0, 0);
            assertThat(red).isCloseTo((200 / 255f - 0.430f) / 0.213f, offset(1e-4f));
        }
    }

    @Test
    void smallPhotosAreNotEnlarged() throws IOException {
        try (DenseFeatures features =
                DenseFeatures.open(write(tokens(16, 5, "h", "w")), DenseFeatureOptions.defaults())) {
            assertThat(features.extract(halves(100, 50)).columns()).isEqualTo(6);
            assertThat(features.extract(halves(5, 3)).columns()).isEqualTo(1);
        }
    }

    @Test
    void aFileThatIsNoModelIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("net.onnx"), "these are not the bytes of a model");
        assertThatIOException()
                .isThrownBy(() -> DenseFeatures.open(file, DenseFeatureOptions.defaults()))
                .withMessageContaining("net.onnx is not an ONNX model");
        assertThatIOException()
                .isThrownBy(() -> DenseFeatures.open(folder.resolve("none.onnx"), DenseFeatureOptions.defaults()))
                .withMessageContaining("no such model file");
    }

    @Test
    void aNetworkWithoutPatchTokensIsRefusedWithWhatItHas() throws IOException {
        byte[] classifier = new OnnxGraph("classifier")
                .input("picture", 1, 3, "h", "w")
                .output("logits", 1, 3, 1, 1)
                .node("GlobalAveragePool", List.of("picture"), List.of("logits"), Map.of())
                .toByteArray();
        assertThatIOException()
                .isThrownBy(() -> DenseFeatures.open(write(classifier), DenseFeatureOptions.defaults()))
                .withMessageContaining("no patch tokens")
                .withMessageContaining("logits [1, 3, 1, 1]");
    }

    @Test
    void aNetworkThatTakesNoPictureIsRefusedWithWhatItTakes() throws IOException {
        byte[] text = new OnnxGraph("text")
                .input("words", 1, "n")
                .output("out", 1, "n")
                .node("Relu", List.of("words"), List.of("out"), Map.of())
                .toByteArray();
        assertThatIOException()
                .isThrownBy(() -> DenseFeatures.open(write(text), DenseFeatureOptions.defaults()))
                .withMessageContaining("its inputs are [words FLOAT [1, -1]]");
    }

    @Test
    void anOutputCanBeNamedAndAWrongNameIsRefused() throws IOException {
        Path file = write(tokens(16, 5, "h", "w"));
        DenseFeatureOptions named = DenseFeatureOptions.defaults().withOutput("tokens");
        DenseFeatures.open(file, named).close();
        DenseFeatureOptions wrong = DenseFeatureOptions.defaults().withOutput("other");
        assertThatIOException()
                .isThrownBy(() -> DenseFeatures.open(file, wrong))
                .withMessageContaining("no float output named other");
    }

    @Test
    void optionsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DenseFeatureOptions.defaults().withLongSide(10))
                .withMessageContaining("longSide must be 32 to 16384 but was 10");
    }

    /** Patch embedding by a strided convolution, flattened to tokens, constant prefix tokens before them. */
    private static byte[] tokens(int patch, int prefix, Object height, Object width) {
        float[] mean = new float[3 * 3 * patch * patch];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < patch * patch; i++) {
                mean[(c * 3 + c) * patch * patch + i] = 1f / (patch * patch);
            }
        }
        OnnxGraph graph = new OnnxGraph("tokens")
                .input("picture", 1, 3, height, width)
                .output("pooled", 1, 3, 1, 1)
                .output("tokens", 1, "n", 3)
                .floats("kernel", mean, 3, 3, patch, patch)
                .longs("flat", 1, 3, -1)
                .node("Conv", List.of("picture", "kernel"), List.of("grid"), Map.of("strides", new long[] {patch, patch
                }))
                .node("GlobalAveragePool", List.of("grid"), List.of("pooled"), Map.of())
                .node("Reshape", List.of("grid", "flat"), List.of("channels"), Map.of());
        if (prefix == 0) {
            graph.node("Transpose", List.of("channels"), List.of("tokens"), Map.of("perm", new long[] {0, 2, 1}));
        } else {
            graph.floats("prefix", new float[prefix * 3], 1, prefix, 3)
                    .node("Transpose", List.of("channels"), List.of("patches"), Map.of("perm", new long[] {0, 2, 1}))
                    .node("Concat", List.of("prefix", "patches"), List.of("tokens"), Map.of("axis", 1));
        }
        return graph.toByteArray();
    }

    private Path write(byte[] model) throws IOException {
        return Files.write(folder.resolve("net.onnx"), model);
    }

    private static Image halves(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width / 2; x++) {
                int i = 3 * (y * width + x);
                rgb[i] = (byte) 200;
                rgb[i + 1] = 100;
                rgb[i + 2] = 50;
            }
        }
        return new Image(width, height, rgb);
    }
}
