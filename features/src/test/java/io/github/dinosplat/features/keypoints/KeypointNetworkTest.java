package io.github.dinosplat.features.keypoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.features.onnx.ExecutionProvider;
import io.github.dinosplat.features.onnx.OnnxGraph;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeypointNetworkTest {

    @TempDir
    Path folder;

    /** The same texture twice, moved by whole pixels: keypoints and descriptors move with it, over the seams of windows. */
    @ParameterizedTest
    @ValueSource(strings = {"aliked-t16/aliked-t16-top1k-tum.onnx", "xfeat/xfeat_640x640.onnx"})
    void movedPhotosHaveMovedKeypoints(String file) throws IOException {
        Optional<Path> models = RealData.folder("../models");
        assumeTrue(models.isPresent(), RealData.absence("../models"));
        try (KeypointNetwork network =
                KeypointNetwork.open(models.orElseThrow().resolve(file), List.of(ExecutionProvider.CPU))) {
            assertThat(network.descriptorSize()).isEqualTo(64);
            NetworkKeypoints a = network.detect(texture(900, 480, 0, 0), 900, 600);
            NetworkKeypoints b = network.detect(texture(900, 480, 24, 16), 900, 600);
            assertThat(a.count()).isGreaterThan(300);
            assertThat(matches(a, b, 24, 16)).isGreaterThan(0.7);
            assertThat(matches(a, b, 0, 0)).as("negative control").isLessThan(0.05);
        }
    }

    /** Share of mutual nearest neighbours that lie within 1.5 pixels of where the motion takes them. */
    private static double matches(NetworkKeypoints a, NetworkKeypoints b, double dx, double dy) {
        int all = 0;
        int right = 0;
        for (int i = 0; i < a.count(); i++) {
            int j = nearest(a, i, b);
            if (nearest(b, j, a) == i) {
                all++;
                double ex = a.x(i) - dx - b.x(j);
                double ey = a.y(i) - dy - b.y(j);
                right += ex * ex + ey * ey < 2.25 ? 1 : 0;
            }
        }
        assertThat(all).isGreaterThan(100);
        return (double) right / all;
    }

    private static int nearest(NetworkKeypoints from, int i, NetworkKeypoints to) {
        int d = from.descriptorSize();
        int best = 0;
        float most = -2;
        for (int j = 0; j < to.count(); j++) {
            float dot = 0;
            for (int k = 0; k < d; k++) {
                dot += from.descriptors()[i * d + k] * to.descriptors()[j * d + k];
            }
            if (dot > most) {
                most = dot;
                best = j;
            }
        }
        return best;
    }

    /** Random rectangles of many sizes, seen through a window. */
    private static Image texture(int width, int height, int left, int top) {
        Random random = new Random(11);
        int w = width + 64;
        int h = height + 64;
        byte[] all = new byte[3 * w * h];
        for (int n = 0; n < 900; n++) {
            int size = 6 + (int) (60 * Math.pow(random.nextDouble(), 3));
            int x0 = random.nextInt(w);
            int y0 = random.nextInt(h);
            byte[] colour = new byte[3];
            random.nextBytes(colour);
            int wide = size + random.nextInt(size);
            for (int y = y0; y < Math.min(h, y0 + size); y++) {
                for (int x = x0; x < Math.min(w, x0 + wide); x++) {
                    System.arraycopy(colour, 0, all, 3 * (y * w + x), 3);
                }
            }
        }
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            System.arraycopy(all, 3 * ((y + top) * w + left), rgb, 3 * y * width, 3 * width);
        }
        return new Image(width, height, rgb);
    }

    @Test
    void anotherNetworkIsRefusedWithWhatItHas() throws IOException {
        Path file = Files.write(
                folder.resolve("net.onnx"),
                new OnnxGraph("net")
                        .input("picture", 1, 3, 64, 64)
                        .output("out", 1, 3, 64, 64)
                        .node("Relu", List.of("picture"), List.of("out"), Map.of())
                        .toByteArray());
        assertThatIOException()
                .isThrownBy(() -> KeypointNetwork.open(file, List.of(ExecutionProvider.CPU)))
                .withMessageContaining("net.onnx is not a keypoint network that is known")
                .withMessageContaining("out FLOAT [1, 3, 64, 64]");
    }
}
