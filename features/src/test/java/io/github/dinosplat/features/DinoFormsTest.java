package io.github.dinosplat.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.features.onnx.ExecutionProvider;
import io.github.dinosplat.features.onnx.OnnxGraph;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.io.Sha256;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiny networks in every form that people have them in, against a reference in double precision. */
class DinoFormsTest {

    @TempDir
    Path folder;

    /** The oracle itself: against the official implementation. Observed: 1.5e-5, of its 32 bits. */
    @ParameterizedTest
    @ValueSource(strings = {"mlp", "swiglu", "swiglu64-noqkvbias"})
    void theReferenceIsTheOfficialNetwork(String network) throws IOException {
        Optional<Path> golden = RealData.folder("dinov3-golden");
        assumeTrue(golden.isPresent(), RealData.absence("dinov3-golden"));
        Path data = golden.orElseThrow().resolve(network);
        DinoWeights weights = DinoWeights.golden(data);
        float[] input = floats(data.resolve("112x80.input.f32"));
        for (boolean normalised : new boolean[] {false, true}) {
            float[] want = floats(data.resolve("112x80.blocks_" + (normalised ? "norm" : "raw") + ".f32"));
            double[][] blocks = ReferenceDino.blocks(weights, input, 112, 80, normalised);
            double most = 0;
            for (int i = 0; i < want.length; i++) {
                most = Math.max(most, Math.abs(want[i] - blocks[i / blocks[0].length][i % blocks[0].length]));
            }
            assertThat(most).isLessThan(5e-5);
        }
    }

    /**
     * Tolerances: observed 6e-6 in 32 bits, 0.010 in 16, 5e-6 for 4-bit weights, 0.11 where the activations too are
     * rounded to 8 bits; a wrong layer is off by more than 1.
     */
    @ParameterizedTest
    @CsvSource({
        "FLOAT,false,1e-4",
        "FLOAT,true,1e-4",
        "EXTERNAL,false,1e-4",
        "EXTERNAL,true,1e-4",
        "HALF,false,0.03",
        "HALF,true,0.03",
        "DYNAMIC_INT8,false,0.3",
        "INT4_BLOCKS,false,1e-3",
        "INT4_BLOCKS,true,1e-3"
    })
    void everyFormGivesEveryBlock(DinoGraph.Form form, boolean swiglu, double tolerance) throws IOException {
        DinoWeights weights = DinoWeights.random(64, 3, 2, 96, swiglu, 16, 4);
        Path file = DinoGraph.write(weights, form, folder.resolve("model.onnx"), "height", "width");
        float[] input = noise(3 * 64 * 96);
        double[][] raw = ReferenceDino.blocks(Quantised.of(weights, form), input, 64, 96, false);
        double[][] normalised = ReferenceDino.blocks(Quantised.of(weights, form), input, 64, 96, true);
        assertSame(file, Layer.FINAL, input, normalised[2], tolerance);
        for (int block = 0; block < 3; block++) {
            assertSame(file, Layer.rawBlock(block), input, raw[block], tolerance);
            assertSame(file, Layer.block(block), input, normalised[block], tolerance);
        }
        assertThat(difference(raw[1], normalised[2])).isGreaterThan(1);
    }

    @Test
    void theUsersFolderIsNeverWrittenTo() throws IOException {
        DinoWeights weights = DinoWeights.random(64, 2, 2, 96, false, 16, 4);
        Path file = DinoGraph.write(weights, DinoGraph.Form.EXTERNAL, folder.resolve("model.onnx"), "h", "w");
        String before = listing();
        try (DenseFeatures features = DenseFeatures.open(file, options(Layer.block(0)))) {
            features.extract(photo());
            assertThat(features.description().weights()).singleElement().satisfies(w -> {
                assertThat(w.name()).isEqualTo("model.onnx_data");
                assertThat(w.sha256()).isEqualTo(Sha256.of(folder.resolve("model.onnx_data")));
            });
            assertThat(features.description().layer()).isEqualTo("0");
        }
        assertThat(listing()).isEqualTo(before);
    }

    @Test
    void aMissingWeightsFileIsNamed() throws IOException {
        DinoWeights weights = DinoWeights.random(64, 1, 2, 96, false, 16, 4);
        Path file = DinoGraph.write(weights, DinoGraph.Form.EXTERNAL, folder.resolve("model.onnx"), "h", "w");
        Files.delete(folder.resolve("model.onnx_data"));
        assertThatIOException()
                .isThrownBy(() -> DenseFeatures.open(file, options(Layer.FINAL)))
                .withMessageContaining("model.onnx keeps its weights in this file, and it is missing");
    }

    /** DINOv2's patch size and class token alone; fixed size as torch exports it. */
    @ParameterizedTest
    @CsvSource({"14,0,112,84", "16,4,96,64"})
    void aFixedSizeIsDoneInTilesOfThatSize(int patch, int registers, int height, int width) throws IOException {
        DinoWeights weights = DinoWeights.random(64, 2, 2, 96, false, patch, registers);
        Path any = DinoGraph.write(weights, DinoGraph.Form.FLOAT, folder.resolve("any.onnx"), "h", "w");
        Path fixed = DinoGraph.write(weights, DinoGraph.Form.FLOAT, folder.resolve("fixed.onnx"), height, width);
        float[] input = noise(3 * height * width);
        try (OnnxFeatures a = OnnxFeatures.open(any, options(Layer.FINAL));
                OnnxFeatures b = OnnxFeatures.open(fixed, options(Layer.FINAL))) {
            assertThat(a.layout().patch()).isEqualTo(patch);
            assertThat(b.layout().fixedHeight()).isEqualTo(height);
            Planes picture = new Planes(input, width, height);
            assertThat(difference(
                            values(a.extract(picture, 1, 1).patches()),
                            values(b.extract(picture, 1, 1).patches())))
                    .isLessThan(1e-5);
            // A larger photo: its corner tile is what the network gives for that corner alone.
            Image photo = photo();
            FeatureMap map = b.extract(photo);
            assertThat(map.columns()).isEqualTo(Math.round(320f / patch));
            float[] corner = new float[3 * height * width];
            new ResampledPhoto(photo, map.columns() * patch, map.rows() * patch, PixelNormalisation.IMAGENET)
                    .window(0, 0, width, height, corner);
            FeatureMap alone = a.patches(corner, height, width, 1, 1);
            float[] one = new float[64];
            float[] other = new float[64];
            map.copyPatch(1, 1, one);
            alone.copyPatch(1, 1, other);
            assertThat(difference(one, other)).isLessThan(1e-4);
        }
    }

    /** A network without positions and attention over nothing else would not care; this one gets finer, aligned cells. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void shiftedRunsGiveTheMeanOfThePatchesThatCoverACell(int parts) throws IOException {
        DinoWeights weights = DinoWeights.random(64, 1, 2, 96, false, 16, 4);
        Path file = DinoGraph.write(weights, DinoGraph.Form.FLOAT, folder.resolve("net.onnx"), "h", "w");
        float[] input = noise(3 * 64 * 48);
        Planes picture = new Planes(input, 48, 64);
        try (OnnxFeatures fine = OnnxFeatures.open(file, options(Layer.FINAL).withSubdivision(parts))) {
            FeatureMap map = fine.extract(picture, 48, 64).patches();
            assertThat(map.rows()).isEqualTo(4 * parts);
            assertThat(map.columns()).isEqualTo(3 * parts);
            int row = 2 * parts;
            int column = parts;
            double[] want = new double[64];
            float[] window = new float[3 * 80 * 64];
            for (int down = 0; down < parts; down++) {
                for (int right = 0; right < parts; right++) {
                    picture.window(-right * 16 / parts, -down * 16 / parts, 64, 80, window);
                    FeatureMap run = fine.patches(window, 80, 64, 1, 1);
                    for (int k = 0; k < 64; k++) {
                        // The patch that holds the cell's first pixel, 16 * row / parts, in the shifted picture.
                        want[k] += run.value((row + down) / parts, (column + right) / parts, k) / (parts * parts);
                    }
                }
            }
            for (int k = 0; k < 64; k++) {
                assertThat((double) map.value(row, column, k))
                        .isCloseTo(want[k], org.assertj.core.api.Assertions.offset(1e-5));
            }
        }
    }

    /** Patch means plus a vector for each place; what is left differs from the patch means by one constant. */
    @Test
    void thePositionalPartIsTakenOut() throws IOException {
        Path file = folder.resolve("net.onnx");
        float[] places = new float[16 * 16 * 3];
        for (int p = 0; p < 256; p++) {
            places[3 * p] = p / 16 / 8f;
            places[3 * p + 1] = p % 16 / 8f;
            places[3 * p + 2] = (float) Math.sin(p / 16 / 4.0) * 2;
        }
        Files.write(file, meansAndPlaces(places));
        Image photo = squarePhoto();
        DenseFeatureOptions options = options(Layer.FINAL).withTile(128);
        try (OnnxFeatures with = OnnxFeatures.open(file, options);
                OnnxFeatures without = OnnxFeatures.open(file, options.withoutPosition(true))) {
            float[] a = values(with.extract(photo));
            float[] b = values(without.extract(photo));
            double[] plain = spread(a, places);
            double[] left = spread(b, places);
            for (int k = 0; k < 3; k++) {
                assertThat(plain[k]).isLessThan(0.05);
                assertThat(left[k]).isBetween(0.9, 1.1);
            }
        }
    }

    /** How much of the places' vectors is missing from features, by regression: 0 none, 1 all. */
    private static double[] spread(float[] features, float[] places) {
        double[] missing = new double[3];
        for (int k = 0; k < 3; k++) {
            double meanPlace = 0;
            for (int p = 0; p < 256; p++) {
                meanPlace += places[3 * p + k] / 256;
            }
            double product = 0;
            double square = 0;
            for (int p = 0; p < 256; p++) {
                double place = places[3 * p + k] - meanPlace;
                product += place * features[3 * p + k];
                square += place * place;
            }
            missing[k] = 1 - product / square;
        }
        return missing;
    }

    private static byte[] meansAndPlaces(float[] places) {
        float[] kernel = new float[3 * 3 * 64];
        for (int c = 0; c < 3; c++) {
            java.util.Arrays.fill(kernel, (c * 3 + c) * 64, (c * 3 + c + 1) * 64, 1f / 64);
        }
        return new OnnxGraph("places")
                .input("picture", 1, 3, 128, 128)
                .output("tokens", 1, 256, 3)
                .floats("kernel", kernel, 3, 3, 8, 8)
                .floats("places", places, 1, 256, 3)
                .longs("flat", 1, 3, -1)
                .node("Conv", List.of("picture", "kernel"), List.of("grid"), Map.of("strides", new long[] {8, 8}))
                .node("Reshape", List.of("grid", "flat"), List.of("channels"), Map.of())
                .node("Transpose", List.of("channels"), List.of("means"), Map.of("perm", new long[] {0, 2, 1}))
                .node("Add", List.of("means", "places"), List.of("tokens"), Map.of())
                .toByteArray();
    }

    @Test
    void theLayersThatTheNotesRecommend() {
        assertThat(Layer.FITTING.resolved(12)).isEqualTo(Layer.block(8));
        assertThat(Layer.FITTING.resolved(24)).isEqualTo(Layer.block(17));
        assertThat(Layer.FITTING.resolved(32)).isEqualTo(Layer.block(23));
        assertThat(Layer.FITTING.resolved(40)).isEqualTo(Layer.block(29));
        assertThat(Layer.FITTING.resolved(4)).isEqualTo(Layer.FINAL);
        assertThat(Layer.parse("8-raw")).isEqualTo(Layer.rawBlock(8));
        assertThat(Layer.parse("auto")).isEqualTo(Layer.FITTING);
    }

    @Test
    void aBlockThatIsNotThereIsRefused() throws IOException {
        DinoWeights weights = DinoWeights.random(64, 2, 2, 96, false, 16, 4);
        Path file = DinoGraph.write(weights, DinoGraph.Form.FLOAT, folder.resolve("net.onnx"), "h", "w");
        assertThatIOException()
                .isThrownBy(() -> DenseFeatures.open(file, options(Layer.block(2))))
                .withMessageContaining("has 2 attention blocks, 0 to 1; layer 2 is none of them");
    }

    @Test
    void aProviderThatIsNotThereIsPassedOver() throws IOException {
        DinoWeights weights = DinoWeights.random(64, 1, 2, 96, false, 16, 4);
        Path file = DinoGraph.write(weights, DinoGraph.Form.FLOAT, folder.resolve("net.onnx"), "h", "w");
        List<ExecutionProvider> wanted = ExecutionProvider.parse("webgpu,CPU");
        try (DenseFeatures features =
                DenseFeatures.open(file, options(Layer.FINAL).withProviders(wanted))) {
            assertThat(features.description().provider()).isEqualTo("cpu");
        }
        assertThatIOException()
                .isThrownBy(() ->
                        DenseFeatures.open(file, options(Layer.FINAL).withProviders(List.of(ExecutionProvider.WEBGPU))))
                .withMessageContaining("webgpu is not in this build of ONNX Runtime; add cpu to the providers");
    }

    private void assertSame(Path file, Layer layer, float[] input, double[] want, double tolerance) throws IOException {
        try (OnnxFeatures features = OnnxFeatures.open(file, options(layer))) {
            PhotoFeatures found = features.extract(new Planes(input, 96, 64), 96, 64);
            float[] values = values(found.patches());
            double[] patches = java.util.Arrays.copyOfRange(want, 5 * 64, want.length);
            assertThat(values).hasSize(patches.length);
            double most = 0;
            for (int i = 0; i < values.length; i++) {
                most = Math.max(most, Math.abs(values[i] - patches[i]));
            }
            assertThat(most).as(file.getFileName() + " layer " + layer).isLessThan(tolerance);
            assertThat(Math.abs(found.classToken()[3] - want[3])).isLessThan(tolerance);
        }
    }

    private static DenseFeatureOptions options(Layer layer) {
        return DenseFeatureOptions.defaults().withLayer(layer);
    }

    private String listing() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path f : files.sorted().toList()) {
                text.append(f.getFileName()).append(' ').append(Sha256.of(f)).append('\n');
            }
        }
        return text.toString();
    }

    private static Image photo() {
        byte[] rgb = new byte[3 * 320 * 240];
        new Random(5).nextBytes(rgb);
        return new Image(320, 240, rgb);
    }

    private static Image squarePhoto() {
        byte[] rgb = new byte[3 * 128 * 128];
        new Random(6).nextBytes(rgb);
        return new Image(128, 128, rgb);
    }

    private static float[] noise(int length) {
        Random random = new Random(3);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] values(FeatureMap map) {
        float[] all = new float[map.rows() * map.columns() * map.channels()];
        float[] one = new float[map.channels()];
        for (int p = 0; p < map.rows() * map.columns(); p++) {
            map.copyPatch(p / map.columns(), p % map.columns(), one);
            System.arraycopy(one, 0, all, p * one.length, one.length);
        }
        return all;
    }

    private static double difference(float[] a, float[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    private static double difference(double[] a, double[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    private static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(values);
        return values;
    }
}
