package io.github.dinosplat.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.testing.RealData;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The graph of DINOv3 ViT-B/16 as it is published, with generated weights instead of Meta's. */
@Tag("acceptance")
class PublishedGraphTest {

    private static final long WEIGHTS = 342_622_208;

    @TempDir
    Path folder;

    @Test
    void itsTokensAndBlocksAreFound() throws IOException {
        Optional<Path> models = RealData.folder("../models/dinov3-vitb16-graph");
        assumeTrue(models.isPresent(), RealData.absence("../models/dinov3-vitb16-graph"));
        Path file = Files.copy(models.orElseThrow().resolve("dinov3.onnx"), folder.resolve("dinov3.onnx"));
        writeWeights(folder.resolve("dinov3.onnx.data"));
        byte[] rgb = new byte[3 * 224 * 224];
        new Random(1).nextBytes(rgb);
        Image photo = new Image(224, 224, rgb);
        FeatureMap last;
        try (OnnxFeatures features = open(file, Layer.FINAL)) {
            assertThat(features.layout().patch()).isEqualTo(16);
            assertThat(features.layout().prefix()).isEqualTo(5);
            assertThat(features.layout().fixedWidth()).isEqualTo(224);
            assertThat(features.depth()).isEqualTo(12);
            last = features.extract(photo);
            assertThat(last.rows() * last.columns()).isEqualTo(196);
            assertThat(last.channels()).isEqualTo(768);
        }
        try (OnnxFeatures features = open(file, Layer.block(11))) {
            assertThat(difference(features.extract(photo), last)).isLessThan(1e-5);
        }
        try (OnnxFeatures features = open(file, Layer.FITTING)) {
            assertThat(features.layer()).isEqualTo(Layer.block(8));
            assertThat(difference(features.extract(photo), last)).isGreaterThan(0.01);
        }
    }

    private static OnnxFeatures open(Path file, Layer layer) throws IOException {
        return OnnxFeatures.open(file, DenseFeatureOptions.defaults().withLayer(layer));
    }

    private static double difference(FeatureMap a, FeatureMap b) {
        double most = 0;
        for (int r = 0; r < a.rows(); r++) {
            for (int c = 0; c < a.columns(); c++) {
                for (int k = 0; k < a.channels(); k++) {
                    most = Math.max(most, Math.abs(a.value(r, c, k) - b.value(r, c, k)));
                }
            }
        }
        return most;
    }

    /** Uniform values small enough that twelve blocks of them stay finite. */
    private static void writeWeights(Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (long left = WEIGHTS; left > 0; left -= chunk.limit()) {
                chunk.clear().limit((int) Math.min(left, chunk.capacity()));
                while (chunk.hasRemaining()) {
                    chunk.putFloat((float) (0.6 * random.nextDouble() - 0.3));
                }
                out.write(chunk.array(), 0, chunk.limit());
            }
        }
    }
}
