package io.github.dinosplat.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --keypoints} with XFeat's real weights on real photos. */
class KeypointNetworkRunTest {

    private static final String SET = "strecha-fountain-p11";
    private static final String MODEL = "../models/xfeat";

    @TempDir
    Path temp;

    @Test
    void camerasAndMatchesComeFromTheNetworksKeypoints() throws IOException {
        Optional<Path> data = RealData.folder(SET);
        assumeTrue(data.isPresent(), RealData.absence(SET));
        Optional<Path> models = RealData.folder(MODEL);
        assumeTrue(models.isPresent(), RealData.absence(MODEL));
        Path photos = Files.createDirectories(temp.resolve("photos"));
        for (String name : List.of("0004.jpg", "0005.jpg", "0006.jpg")) {
            Files.copy(data.orElseThrow().resolve("images").resolve(name), photos.resolve(name));
        }
        Path network = models.orElseThrow().resolve("xfeat_640x640.onnx");
        Path out = temp.resolve("out");
        run("sfm", photos, "-o", out, "--keypoints", network, "--threads", "2", "--quiet");
        ObjectMapper json = new ObjectMapper();
        JsonNode metrics = json.readTree(out.resolve("metrics.json").toFile());
        assertThat(metrics.at("/photos/registered").asInt()).isEqualTo(3);
        assertThat(metrics.at("/sfm/mean_reprojection_error_px").asDouble()).isLessThan(1);
        assertThat(json.readTree(out.resolve("run.json").toFile()).path("models"))
                .anyMatch(model -> model.path("use").asText().equals("keypoints")
                        && model.path("name").asText().equals("XFeat")
                        && model.path("sha256").asText().startsWith("55a50801d21564c3"));
        StringWriter text = new StringWriter();
        assertThat(Dinosplat.commandLine().setOut(new PrintWriter(text)).execute("models", network.toString()))
                .isZero();
        assertThat(text.toString()).contains("keypoints, XFeat", "SHA-256 55a50801d21564c3");
        Path pair = temp.resolve("pair");
        run(
                "match",
                photos.resolve("0004.jpg"),
                photos.resolve("0005.jpg"),
                "-o",
                pair,
                "--no-guidance",
                "--keypoints",
                network,
                "--quiet");
        // SIFT finds more than twice as many.
        assertThat(Files.readAllLines(pair.resolve("matches.csv"))).hasSizeBetween(900, 2500);
    }

    private static void run(Object... arguments) {
        String[] texts = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
        assertThat(Dinosplat.commandLine().execute(texts)).isZero();
    }
}
