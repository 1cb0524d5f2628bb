package io.github.dinosplat.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.samples.run.Reconstruction;
import io.github.dinosplat.samples.run.ReconstructionOptions;
import io.github.dinosplat.samples.run.RunSummary;
import io.github.dinosplat.samples.run.RunTarget;
import io.github.dinosplat.samples.run.SceneDepth;
import io.github.dinosplat.samples.run.SplatPictures;
import io.github.dinosplat.samples.run.SplatSelection;
import io.github.dinosplat.samples.run.SplatViewer;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.Metrics;
import io.github.dinosplat.splat.io.PlyFiles;
import io.github.dinosplat.splat.train.EngineChoice;
import io.github.dinosplat.splat.train.Holdout;
import io.github.dinosplat.splat.train.TrainOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole way on the eight CC0 photos in the repository, small and short. */
class SmallReconstructionTest {

    private static final Path PHOTOS =
            Path.of(System.getProperty("dinosplat.root"), "src/test/resources/caliterra-640");

    @TempDir
    private static Path temp;

    private static Path out;
    private static RunSummary summary;

    @BeforeAll
    static void reconstruct() throws IOException {
        out = temp.resolve("whole");
        summary = run(out, false, 2, Progress.NONE);
    }

    private static RunSummary run(Path folder, boolean resume, int threads, Progress progress) throws IOException {
        TrainOptions training = TrainOptions.defaults()
                .withIterations(60)
                .withMaxSize(240)
                .withMaxGaussians(4_000)
                .withCheckpointEvery(20)
                .withHoldout(Holdout.every(4))
                .withThreads(threads);
        ReconstructionOptions options = new ReconstructionOptions(
                PHOTOS,
                SfmOptions.defaults().withThreads(threads),
                Optional.empty(),
                Optional.empty(),
                DepthOptions.defaults().withMaxSize(160).withThreads(threads),
                training,
                0,
                threads);
        return Reconstruction.run(options, new RunTarget(folder, resume, List.of("reconstruct", "test")), progress);
    }

    private static JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(out.resolve(file).toFile());
    }

    /** SHA-256 of the files that must not depend on stops, threads or time. */
    private static Map<String, String> results(Path folder) throws Exception {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (name.startsWith("sparse/")
                        || name.matches("(splats|dense)\\.ply")
                        || name.matches("depth/.*\\.tif")) {
                    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                    hashes.put(name, HexFormat.of().formatHex(digest));
                }
            }
        }
        return hashes;
    }

    @Test
    void everyFileOfTheContractIsThere() throws IOException {
        assertThat(out)
                .isDirectoryContaining("glob:**/metrics.json")
                .isDirectoryContaining("glob:**/report.html")
                .isDirectoryContaining("glob:**/viewer.html")
                .isDirectoryContaining("glob:**/run.json")
                .isDirectoryContaining("glob:**/splats.ply")
                .isDirectoryContaining("glob:**/dense.ply");
        Scene scene = ColmapModel.read(out.resolve("sparse/0"));
        assertThat(scene.views()).hasSizeGreaterThanOrEqualTo(7);
        for (var view : scene.views()) {
            String stem = view.name().replace(".jpg", "");
            assertThat(out.resolve("depth/" + stem + ".tif")).exists();
            assertThat(out.resolve("depth/" + stem + ".png")).exists();
            assertThat(out.resolve("undistorted/images/" + view.name())).exists();
        }
        assertThat(ColmapModel.read(out.resolve("undistorted/sparse/0")).cameras())
                .allMatch(c -> c.model().isPinhole());
        try (Stream<Path> files = Files.walk(out)) {
            assertThat(files).noneMatch(f -> f.toString().endsWith(".tmp"));
        }
    }

    @Test
    void depthOfTheRunsCamerasAloneGivesTheSameMapsAndCloud() throws Exception {
        Path alone = temp.resolve("depth-alone");
        RunSummary depth = depthAlone(alone, false);
        assertThat(depth.metrics().at("/depth/maps"))
                .isEqualTo(json("metrics.json").at("/depth/maps"));
        assertThat(depth.metrics().has("splats")).isFalse();
        Map<String, String> expected = results(out);
        expected.keySet().removeIf(name -> !name.startsWith("depth/") && !name.equals("dense.ply"));
        assertThat(results(alone)).containsAllEntriesOf(expected);
        assertThat(Files.size(alone.resolve("dense.ply"))).isGreaterThan(27 * 10_000);
        assertThatThrownBy(() -> depthAlone(alone, false)).hasMessageContaining("--resume");
        depthAlone(alone, true);
        assertThat(results(alone)).containsAllEntriesOf(expected);
    }

    private static RunSummary depthAlone(Path folder, boolean resume) throws IOException {
        return SceneDepth.run(
                out,
                Optional.of(PHOTOS),
                Optional.empty(),
                Optional.empty(),
                DepthOptions.defaults().withMaxSize(160).withThreads(1),
                new RunTarget(folder, resume, List.of("depth", "test")),
                Progress.NONE);
    }

    @Test
    void metricsAreTrueAndHaveTheContractsKeys() throws IOException {
        JsonNode metrics = json("metrics.json");
        assertThat(metrics)
                .isEqualTo(new ObjectMapper().readTree(summary.metrics().toString()));
        Scene scene = ColmapModel.read(out.resolve("sparse/0"));
        assertThat(metrics.at("/photos/total").asInt()).isEqualTo(8);
        assertThat(metrics.at("/photos/registered").asInt())
                .isEqualTo(scene.views().size());
        assertThat(metrics.at("/photos/models/0").asInt())
                .isEqualTo(scene.views().size());
        assertThat(metrics.at("/photos/unregistered").isArray()).isTrue();
        assertThat(metrics.at("/sfm/points").asInt()).isEqualTo(scene.points().count());
        assertThat(metrics.at("/sfm/observations").asInt()).isEqualTo(scene.observationCount());
        assertThat(metrics.at("/sfm/mean_reprojection_error_px").asDouble())
                .isCloseTo(scene.meanReprojectionError(), within(1e-6));
        assertThat(metrics.at("/sfm/mean_track_length").asDouble()).isGreaterThan(2);
        for (String key : List.of("seconds", "cpu_seconds")) {
            assertThat(metrics.at("/sfm/" + key).asDouble()).isPositive();
        }
        assertThat(metrics.at("/depth/maps").asInt()).isEqualTo(scene.views().size());
        assertThat(metrics.at("/depth/features").asText()).isEqualTo("dinosplat-small");
        assertThat(metrics.at("/depth/abs_rel_held_out_points").asDouble()).isBetween(0.0, 0.2);
        assertThat(metrics.at("/depth/abs_rel_held_out_blocks").isNumber()).isTrue();
        assertThat(metrics.at("/splats/count").asInt())
                .isEqualTo(PlyFiles.read(out.resolve("splats.ply")).count())
                .isLessThanOrEqualTo(4_000);
        assertThat(metrics.at("/splats/iterations").asInt()).isEqualTo(60);
        assertThat(metrics.at("/splats/engine").asText()).isEqualTo("jvm");
        assertThat(metrics.at("/splats/ms_per_iteration").asDouble()).isPositive();
        assertThat(metrics.at("/splats/cpu_ms_per_iteration").asDouble()).isPositive();
        assertThat(metrics.at("/splats/train/psnr").asDouble()).isGreaterThan(10);
        assertThat(metrics.path("stages")).hasSizeGreaterThanOrEqualTo(6);
        assertThat(metrics.path("peak_memory_bytes").asLong()).isGreaterThan(1 << 26);
    }

    @Test
    void heldOutFiguresFollowFromThePictures() throws IOException {
        double sum = 0;
        List<Path> renders;
        try (Stream<Path> list = Files.list(out.resolve("renders"))) {
            renders = list.sorted().toList();
        }
        for (Path render : renders) {
            sum += Metrics.psnr(
                    ImageFiles.read(render),
                    ImageFiles.read(out.resolve("truth").resolve(render.getFileName())));
        }
        JsonNode held = json("metrics.json").at("/splats/held_out");
        assertThat(held.path("photos").asInt()).isEqualTo(renders.size()).isPositive();
        assertThat(held.path("psnr").asDouble()).isCloseTo(sum / renders.size(), within(1e-6));
        // Aerial photos with much overlap: what can be found again is most of a photo, and renders better than the
        // rest.
        assertThat(held.path("seen_share").asDouble()).isBetween(0.5, 1.0);
        assertThat(held.path("seen_psnr").asDouble())
                .isGreaterThan(held.path("psnr").asDouble());
    }

    /**
     * From the run's own undistorted pictures, and from the photos as taken. Training renders before its numbers are rounded
     * to the world's units: 2e-5 dB were seen.
     */
    @Test
    void evaluatingTheSplatsGivesTheFiguresOfTheRun() throws IOException {
        JsonNode heldOut = json("cache/stages/splats.json").path("held_out_photos");
        assertThat(heldOut).isNotEmpty();
        SplatPictures pictures =
                new SplatPictures(out.resolve("splats.ply"), out, Optional.empty(), EngineChoice.JVM, 1, Progress.NONE);
        for (Optional<Path> photos : List.of(Optional.<Path>empty(), Optional.of(PHOTOS))) {
            JsonNode result = pictures.evaluate(photos);
            assertThat(result.path("photos"))
                    .hasSize(ColmapModel.read(out.resolve("sparse/0")).views().size());
            for (JsonNode expected : heldOut) {
                JsonNode found = StreamSupport.stream(result.path("photos").spliterator(), false)
                        .filter(p -> p.path("name").equals(expected.path("name")))
                        .findFirst()
                        .orElseThrow();
                assertThat(found.path("psnr").asDouble())
                        .isCloseTo(expected.path("psnr").asDouble(), within(1e-3));
                assertThat(found.path("ssim").asDouble())
                        .isCloseTo(expected.path("ssim").asDouble(), within(1e-5));
            }
            double sum = 0;
            for (JsonNode photo : result.path("photos")) {
                sum += photo.path("psnr").asDouble();
            }
            assertThat(result.at("/mean/psnr").asDouble())
                    .isCloseTo(sum / result.path("photos").size(), within(1e-9));
        }
    }

    @Test
    void renderingTheSplatsGivesThePicturesOfTheRun() throws IOException {
        Path again = temp.resolve("rendered");
        RunSummary rendered = new SplatPictures(
                        out.resolve("splats.ply"), out, Optional.empty(), EngineChoice.JVM, 1, Progress.NONE)
                .render(new RunTarget(again, false, List.of("render")));
        assertThat(rendered.metrics().path("pictures").asInt())
                .isEqualTo(ColmapModel.read(out.resolve("sparse/0")).views().size());
        try (Stream<Path> renders = Files.list(out.resolve("renders"))) {
            for (Path render : renders.toList()) {
                Image found = ImageFiles.read(again.resolve(render.getFileName()));
                assertThat(Metrics.psnr(found, ImageFiles.read(render))).isGreaterThan(60);
            }
        }
    }

    @Test
    void theViewerIsTheSameEachTimeAndIsLinked() throws IOException {
        String page = Files.readString(out.resolve("viewer.html"));
        assertThat(page).contains("\"name\":\"IMG_9388.jpg\"", "<title>whole</title>");
        Path again = temp.resolve("again.html");
        SplatViewer.export(out.resolve("splats.ply"), Optional.empty(), Optional.empty(), again);
        assertThat(Files.readString(again).replace("splats.ply", "whole")).isEqualTo(page);
        assertThat(Files.readString(out.resolve("report.html"))).contains("href=\"viewer.html\"");
        assertThat(summary.lines()).anyMatch(l -> l.startsWith("viewer ") && l.endsWith("viewer.html"));
    }

    @Test
    void theSplatsKnowWhatIsAlike() throws IOException {
        assertThat(Files.readString(out.resolve("report.html"))).contains("What the splats know");
        Path part = temp.resolve("part.ply");
        Scene scene = ColmapModel.read(out.resolve("sparse/0"));
        View view = scene.views().get(0);
        Camera camera = scene.cameraOf(view);
        SplatSelection shown = new SplatSelection(view.name(), 0, 0, camera.width(), camera.height());
        int picked = SplatViewer.export(out.resolve("splats.ply"), Optional.empty(), Optional.of(shown), part);
        assertThat(PlyFiles.read(part).count())
                .isEqualTo(picked)
                .isPositive()
                .isLessThan(PlyFiles.read(out.resolve("splats.ply")).count());
    }

    /** These photos' GPS is off by 8 m where they stand 17 m from their mean: no reason to call the result metres. */
    @Test
    void gpsAsCoarseAsThePhotosAreSpreadIsNotUsed() {
        assertThat(out.resolve("georef.json")).doesNotExist();
    }

    @Test
    void matchingSaysThatDenseFeaturesDoNotGuideIt() throws IOException {
        String words = "SIFT keypoints, dense-feature guidance off";
        assertThat(summary.lines()).anyMatch(l -> l.matches("matching \\d+ of \\d+ pairs verified, " + words));
        assertThat(json("run.json").at("/notes/0").asText()).isEqualTo("matching: " + words);
        assertThat(Files.readString(out.resolve("report.html"))).contains(words);
    }

    @Test
    void runJsonHasTheHashesOfAllResults() throws Exception {
        JsonNode run = json("run.json");
        assertThat(run.path("version").asText()).isNotEmpty();
        assertThat(run.path("inputs")).hasSize(8);
        assertThat(run.at("/models/0/sha256").asText()).hasSize(64);
        results(out)
                .forEach((name, hash) -> assertThat(
                                run.path("outputs").path(name).asText())
                        .as(name)
                        .isEqualTo(hash));
        assertThat(run.path("outputs").has("report.html")).isTrue();
    }

    @Test
    void theReportIsOneFileThatNeedsNothingElse() throws IOException {
        String html = Files.readString(out.resolve("report.html"));
        assertThat(html)
                .contains("<svg", "data:image/jpeg;base64", "IMG_9388.jpg")
                .doesNotContain("<script");
        assertThat(html.replaceAll("data:image/[^\"]*", "")).doesNotContain("http://", "https://", "src=\"/");
    }

    /** A run that is stopped in any stage goes on to the very same bits, with another number of threads too. */
    @ParameterizedTest
    @CsvSource({"keypoints, 4", "mapping, 3", "depth, 9", "splats, 45"})
    void stoppedAndResumedRunsEndAlike(String stage, int done) throws Exception {
        Path folder = temp.resolve("stopped-in-" + stage);
        Progress stopping = new Progress() {
            private volatile boolean stop;

            @Override
            public void update(String name, long count, long total, String detail) {
                stop |= name.equals(stage) && count >= done;
            }

            @Override
            public boolean isCancelled() {
                return stop;
            }
        };
        assertThatThrownBy(() -> run(folder, false, 1, stopping)).isInstanceOf(CancellationException.class);
        assertThat(folder.resolve("metrics.json")).doesNotExist();
        run(folder, true, 3, Progress.NONE);
        assertThat(results(folder)).isEqualTo(results(out));
    }

    @Test
    void resumingAFinishedRunChangesNothing() throws Exception {
        Map<String, String> before = results(out);
        run(out, true, 2, Progress.NONE);
        assertThat(results(out)).isEqualTo(before);
    }
}
