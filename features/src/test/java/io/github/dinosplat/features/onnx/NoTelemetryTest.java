package io.github.dinosplat.features.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime keeps to itself: no reporting over the network, none of what came with it. */
class NoTelemetryTest {

    @ParameterizedTest
    @ValueSource(strings = {"linux-x64/libonnxruntime.so", "linux-aarch64/libonnxruntime.so"})
    void theLibraryKnowsNoServer(String file) throws IOException {
        String library = nativeLibrary(file);
        assertThat(library.contains("onnxruntime::InferenceSession")).isTrue();
        assertThat(library.contains("events.data.microsoft.com")).isFalse();
    }

    @Test
    void aLongCommandLineDoesNoHarm() throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx64m");
        command.add("-Dunused=" + "x".repeat(20_000));
        command.addAll(
                List.of("-cp", classPath(OrtEnvironment.class) + java.io.File.pathSeparator + classPath(Start.class)));
        command.add(Start.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** Starts ONNX Runtime and ends. */
    static final class Start {

        private Start() {}

        /** See the class. */
        public static void main(String[] args) {
            OrtEnvironment.getEnvironment();
        }
    }

    private static String nativeLibrary(String file) throws IOException {
        try (InputStream in = OrtEnvironment.class.getResourceAsStream("/ai/onnxruntime/native/" + file)) {
            assertThat(in).as(file).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static Path classPath(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
