package io.github.dinosplat.features.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphFileTest {

    private static final long SEED = Long.getLong("tests.seed", 42);

    @TempDir
    Path folder;

    /** x + Relu(x), twice; no attention, so one stage. */
    private static byte[] residual() {
        return new OnnxGraph("residual")
                .input("x", 1, "n")
                .output("y", 1, "n")
                .floats("w", new float[] {2}, 1)
                .node("Relu", List.of("x"), List.of("a"), Map.of())
                .node("Add", List.of("a", "x"), List.of("s"), Map.of())
                .node("Mul", List.of("s", "w"), List.of("b"), Map.of())
                .node("Add", List.of("s", "b"), List.of("t"), Map.of())
                .node("Neg", List.of("t"), List.of("y"), Map.of())
                .toByteArray();
    }

    @Test
    void theStreamIsFoundAndTheOutputTaken() throws IOException {
        Path file = Files.write(folder.resolve("net.onnx"), residual());
        Trunk trunk = GraphFile.read(file).trunk("y");
        assertThat(trunk.blocks()).isEqualTo(1);
        assertThat(trunk.isTransformer()).isFalse();
        List<ExecutionProvider> cpu = List.of(ExecutionProvider.CPU);
        for (boolean finished : new boolean[] {false, true}) {
            try (OnnxModel model = OnnxModel.openBlock(trunk, 0, finished, cpu)) {
                float[] y = model.run("x", new float[] {1, -1}, new long[] {1, 2}, List.of(Trunk.OUTPUT))
                        .get(0)
                        .values();
                assertThat(y).containsExactly(finished ? new float[] {-6, 3} : new float[] {6, -3});
            }
        }
    }

    @Test
    void weightsOutsideOfTheFolderAreRefused() throws IOException {
        for (String location : new String[] {"../secret", "/etc/hostname"}) {
            byte[] model = new OnnxGraph("net")
                    .input("x", 1)
                    .output("y", 1)
                    .externalFloats("w", location, 0, 1)
                    .node("Add", List.of("x", "w"), List.of("y"), Map.of())
                    .toByteArray();
            GraphFile graph = GraphFile.read(Files.write(folder.resolve("net.onnx"), model));
            assertThatIOException()
                    .isThrownBy(graph::externalFiles)
                    .withMessageContaining("outside of its folder, " + location);
        }
    }

    @Test
    void graphsInsideGraphsWithoutEndAreRefused() throws IOException {
        ProtobufWriter node = new ProtobufWriter().string(4, "If");
        for (int i = 0; i < 40; i++) {
            ProtobufWriter attribute = new ProtobufWriter().message(6, new ProtobufWriter().message(1, node));
            node = new ProtobufWriter().string(4, "If").message(5, attribute);
        }
        byte[] model = new ProtobufWriter()
                .message(7, new ProtobufWriter().message(1, node))
                .toByteArray();
        Path file = Files.write(folder.resolve("deep.onnx"), model);
        assertThatIOException().isThrownBy(() -> GraphFile.read(file)).withMessageContaining("go deeper than 16");
    }

    /** Whatever bytes: a graph or an IOException, in little time and memory. */
    @Test
    void damagedFilesAreRefusedWithASentence() throws IOException {
        Random random = new Random(SEED);
        byte[] good = residual();
        int refused = 0;
        for (int round = 0; round < 800; round++) {
            byte[] bytes = good.clone();
            switch (round % 4) {
                case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
                case 1 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                case 2 -> {
                    for (int i = 0; i < 8; i++) {
                        bytes[random.nextInt(bytes.length)] = (byte) (0x80 | random.nextInt());
                    }
                }
                default -> {
                    bytes = new byte[random.nextInt(200)];
                    random.nextBytes(bytes);
                }
            }
            Path file = Files.write(folder.resolve("fuzz.onnx"), bytes);
            try {
                GraphFile graph = GraphFile.read(file);
                graph.externalFiles();
                Trunk trunk = graph.trunk("y");
                for (int b = 0; b < trunk.blocks(); b++) {
                    trunk.cut(b, true);
                }
            } catch (IOException e) {
                refused++;
                assertThat(e.getMessage()).contains("fuzz.onnx");
            } catch (UncheckedIOException e) {
                fail("seed " + SEED + " round " + round, e);
            }
        }
        assertThat(refused).isGreaterThan(250);
    }
}
