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
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against outputs of the official DINOv3 implementation with random weights. Observed differences are at most 1.8e-5. */
class DinoGoldenTest {

    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @CsvSource({
        "mlp,16,5,64,96",
        "mlp,16,5,112,80",
        "mlp,16,5,160,160",
        "swiglu,16,5,64,96",
        "swiglu,16,5,112,80",
        "swiglu,16,5,160,160",
        "swiglu64-noqkvbias,16,5,64,96",
        "swiglu64-noqkvbias,16,5,112,80",
        "swiglu64-noqkvbias,16,5,160,160",
        "convnext,32,1,64,96",
        "convnext,32,1,128,160",
        "convnext,32,1,192,128"
    })
    void patchTokensAreTheOfficialOnes(String network, int patch, int prefix, int height, int width)
            throws IOException {
        Path folder = golden().resolve(network);
        float[] input = read(folder, height, width, "input");
        float[] tokens = read(folder, height, width, "last_hidden_state");
        try (OnnxFeatures features = open(folder, Layer.FINAL)) {
            assertThat(features.layout().patch()).isEqualTo(patch);
            assertThat(features.layout().prefix()).isEqualTo(prefix);
            PhotoFeatures found = features.extract(new Planes(input, width, height), width, height);
            assertSame(found.patches(), tokens, prefix);
            assertThat(difference(found.classToken(), tokens)).isLessThan(TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mlp,4,64,96",
        "mlp,4,112,80",
        "mlp,4,160,160",
        "swiglu,3,64,96",
        "swiglu,3,112,80",
        "swiglu,3,160,160",
        "swiglu64-noqkvbias,2,64,96",
        "swiglu64-noqkvbias,2,112,80",
        "swiglu64-noqkvbias,2,160,160"
    })
    void everyBlockIsTheOfficialOneRawAndNormalised(String network, int depth, int height, int width)
            throws IOException {
        Path folder = golden().resolve(network);
        Planes picture = new Planes(read(folder, height, width, "input"), width, height);
        float[] raw = read(folder, height, width, "blocks_raw");
        float[] normalised = read(folder, height, width, "blocks_norm");
        int length = raw.length / depth;
        for (int block = 0; block < depth; block++) {
            float[] wantRaw = Arrays.copyOfRange(raw, block * length, (block + 1) * length);
            float[] wantNormalised = Arrays.copyOfRange(normalised, block * length, (block + 1) * length);
            try (OnnxFeatures features = open(folder, Layer.rawBlock(block))) {
                assertThat(features.depth()).isEqualTo(depth);
                assertSame(features.extract(picture, width, height).patches(), wantRaw, 5);
            }
            try (OnnxFeatures features = open(folder, Layer.block(block))) {
                PhotoFeatures found = features.extract(picture, width, height);
                assertSame(found.patches(), wantNormalised, 5);
                assertThat(difference(found.classToken(), wantNormalised)).isLessThan(TOLERANCE);
                // The comparison can tell layers apart.
                assertThat(difference(patch(found.patches()), Arrays.copyOfRange(wantRaw, 5 * 64, wantRaw.length)))
                        .isGreaterThan(100 * TOLERANCE);
            }
        }
    }

    /** Two pictures beside each other and a tile as large as one: each tile is the network's whole world. */
    @ParameterizedTest
    @CsvSource({"mlp,5", "swiglu,5", "swiglu64-noqkvbias,5"})
    void aTileIsWhatTheNetworkSeesAlone(String network, int prefix) throws IOException {
        Path folder = golden().resolve(network);
        int side = 160;
        float[] input = read(folder, side, side, "input");
        float[] tokens = read(folder, side, side, "last_hidden_state");
        float[] wide = new float[2 * input.length];
        for (int row = 0; row < 3 * side; row++) {
            System.arraycopy(input, row * side, wide, 2 * row * side, side);
            System.arraycopy(input, row * side, wide, (2 * row + 1) * side, side);
        }
        DenseFeatureOptions options =
                DenseFeatureOptions.defaults().withLayer(Layer.FINAL).withTile(side);
        try (OnnxFeatures features = OnnxFeatures.open(folder.resolve("model.onnx"), options)) {
            FeatureMap map = features.extract(new Planes(wide, 2 * side, side), 2 * side, side)
                    .patches();
            assertThat(map.columns()).isEqualTo(20);
            float[] patch = new float[map.channels()];
            for (int row = 0; row < 10; row++) {
                // The first tile counts alone up to the third's begin: 20 columns, tiles of 10, two at each seam off.
                for (int column : new int[] {0, 1, 2, 17, 18, 19}) {
                    map.copyPatch(row, column, patch);
                    int token = prefix + row * 10 + column % 10;
                    float[] want = Arrays.copyOfRange(tokens, token * map.channels(), (token + 1) * map.channels());
                    assertThat(difference(patch, want)).isLessThan(TOLERANCE);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0-raw,4,16", "1-raw,8,32", "2-raw,16,48", "3-raw,32,64", "3,32,64"})
    void stagesOfTheConvolutionalNetworkAreFound(String layer, int stride, int channels) throws IOException {
        Path folder = golden().resolve("convnext");
        Planes picture = new Planes(read(folder, 192, 128, "input"), 128, 192);
        try (OnnxFeatures features = open(folder, Layer.parse(layer))) {
            FeatureMap map = features.extract(picture, 128, 192).patches();
            assertThat(features.layout().patch()).isEqualTo(stride);
            assertThat(new int[] {map.rows(), map.columns(), map.channels()})
                    .containsExactly(192 / stride, 128 / stride, channels);
            if (layer.equals("3")) {
                assertSame(map, read(folder, 192, 128, "last_hidden_state"), 1);
            }
        }
    }

    private static OnnxFeatures open(Path folder, Layer layer) throws IOException {
        return OnnxFeatures.open(
                folder.resolve("model.onnx"), DenseFeatureOptions.defaults().withLayer(layer));
    }

    private static Path golden() {
        Optional<Path> golden = RealData.folder("dinov3-golden");
        assumeTrue(golden.isPresent(), RealData.absence("dinov3-golden"));
        return golden.orElseThrow();
    }

    private static void assertSame(FeatureMap map, float[] tokens, int prefix) {
        float[] want = Arrays.copyOfRange(tokens, prefix * map.channels(), tokens.length);
        float[] found = patch(map);
        assertThat(found).hasSameSizeAs(want);
        assertThat(difference(found, want)).isLessThan(TOLERANCE);
        double scale = 0;
        for (float w : want) {
            scale = Math.max(scale, Math.abs(w));
        }
        assertThat(scale).as("the golden values are not all near zero").isGreaterThan(0.5);
    }

    private static float[] patch(FeatureMap map) {
        float[] all = new float[map.rows() * map.columns() * map.channels()];
        float[] one = new float[map.channels()];
        for (int p = 0; p < map.rows() * map.columns(); p++) {
            map.copyPatch(p / map.columns(), p % map.columns(), one);
            System.arraycopy(one, 0, all, p * one.length, one.length);
        }
        return all;
    }

    /** Greatest difference over the shorter of two arrays. */
    private static double difference(float[] a, float[] b) {
        double most = 0;
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    private static float[] read(Path folder, int height, int width, String what) throws IOException {
        byte[] file = Files.readAllBytes(folder.resolve(height + "x" + width + "." + what + ".f32"));
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(values);
        return values;
    }
}
