package io.github.dinosplat.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.samples.run.Reconstruction;
import io.github.dinosplat.samples.run.ReconstructionOptions;
import io.github.dinosplat.samples.run.RunTarget;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.testing.RealData;
import io.github.dinosplat.splat.Metrics;
import io.github.dinosplat.splat.io.PlyFiles;
import io.github.dinosplat.splat.train.TrainOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs on real photo sets with the settings that a user gets who gives none. */
@Tag("acceptance")
class RealSetsTest {

    private static final int THREADS = 2;

    /** As the report's: what a render has to be more like the photo than. */
    private static final double FOG_SIGMA = 4;

    @TempDir
    private Path out;

    private static Path photosOf(String set) {
        Optional<Path> folder = RealData.folder(set);
        assumeTrue(folder.isPresent(), RealData.absence(set));
        return folder.get().resolve("images");
    }

    /**
     * Counts, files and pictures of one set.
     *
     * @param total photos of the set
     * @param registered how many of them must be in the largest model
     * @param psnr held-out PSNR to exceed, in dB; 0 where the set has no limit
     * @param seenPsnr the same over the pixels that stereo finds again in a training photo
     * @param georeferenced whether the photos have GPS that can tell metres
     */
    @ParameterizedTest
    @CsvSource({
        "strecha-fountain-p11, 11, 11, 24, 26, false",
        "strecha-herz-jesu-p8,  8,  8,  0,  0, false",
        // The held-out 100_7100 shows a near tree that no training photo does: with all that they do show perfect it
        // has
        // 8.6 dB, the mean of both 15.8 (in the report), so 20 cannot be reached. Judged is what they show, where lens
        // flare costs 100_7108 most.
        "sceaux-castle,        11, 11,  0, 19, false",
        "ngp-fox,              50, 48, 22, 24, false",
        "odm-caliterra,        75, 70,  0,  0, true",
        "odm-copr,             41, 35,  0,  0, false"
    })
    void aSetIsReconstructed(String set, int total, int registered, double psnr, double seenPsnr, boolean georeferenced)
            throws IOException {
        reconstruct(photosOf(set));
        JsonNode metrics =
                new ObjectMapper().readTree(out.resolve("metrics.json").toFile());
        Scene scene = ColmapModel.read(out.resolve("sparse/0"));
        assertThat(metrics.at("/photos/total").asInt()).isEqualTo(total);
        assertThat(metrics.at("/photos/registered").asInt())
                .isEqualTo(scene.views().size())
                .isGreaterThanOrEqualTo(registered);
        assertThat(metrics.at("/photos/models/0").asInt())
                .isEqualTo(scene.views().size());
        assertThat(metrics.at("/photos/unregistered"))
                .hasSize(total - scene.views().size());
        assertThat(metrics.at("/sfm/points").asInt()).isEqualTo(scene.points().count());
        assertThat(metrics.at("/depth/maps").asInt()).isEqualTo(scene.views().size());
        assertThat(metrics.at("/splats/iterations").asInt()).isEqualTo(3000);
        assertThat(metrics.at("/splats/count").asInt())
                .isEqualTo(PlyFiles.read(out.resolve("splats.ply")).count())
                .isLessThanOrEqualTo(100_000);
        filesOfTheContract(scene);
        if (georeferenced) {
            assertThat(out.resolve("georef.json")).isNotEmptyFile();
        }
        depthBeatsSimplerAnswers();
        heldOutPhotos(metrics.at("/splats/held_out"), psnr, seenPsnr);
    }

    /** At points that were held out from all photos at once; the nearest point is beaten in whole blocks, not everywhere at single ones. */
    private void depthBeatsSimplerAnswers() throws IOException {
        JsonNode depth = new ObjectMapper()
                .readTree(out.resolve("cache/stages/depth.json").toFile());
        for (String kind : List.of("points", "blocks")) {
            double head = depth.path("abs_rel_held_out_" + kind).asDouble();
            JsonNode simpler = depth.path("simpler_" + kind);
            assertThat(head)
                    .isPositive()
                    .isLessThan(simpler.path("constant").asDouble())
                    .isLessThan(simpler.path("rgb_position").asDouble());
            assertThat(depth.path("delta1_held_out_" + kind).asDouble()).isGreaterThan(0.95);
        }
        assertThat(depth.path("abs_rel_held_out_blocks").asDouble())
                .isLessThan(depth.at("/simpler_blocks/nearest").asDouble());
        JsonNode calibration = depth.path("calibration_blocks");
        assertThat(calibration.get(9).path("median_error").asDouble())
                .isLessThan(0.5 * calibration.get(0).path("median_error").asDouble());
    }

    private void reconstruct(Path photos) throws IOException {
        ReconstructionOptions options = new ReconstructionOptions(
                photos,
                SfmOptions.defaults().withThreads(THREADS),
                Optional.empty(),
                Optional.empty(),
                DepthOptions.defaults().withThreads(THREADS),
                TrainOptions.defaults().withThreads(THREADS),
                0,
                THREADS);
        Reconstruction.run(
                options, new RunTarget(out, false, List.of("reconstruct", photos.toString())), Progress.NONE);
    }

    private void filesOfTheContract(Scene scene) throws IOException {
        for (String file : List.of(
                "sparse/0/cameras.bin",
                "sparse/0/images.bin",
                "sparse/0/points3D.bin",
                "splats.ply",
                "metrics.json",
                "report.html",
                "run.json")) {
            assertThat(out.resolve(file)).isNotEmptyFile();
        }
        boolean distorted = scene.cameras().stream().anyMatch(c -> !c.model().isPinhole());
        for (View view : scene.views()) {
            assertThat(out.resolve("depth/" + Photo.stem(view.name()) + ".tif")).isNotEmptyFile();
            assertThat(out.resolve("depth/" + Photo.stem(view.name()) + ".png")).isNotEmptyFile();
            if (distorted) {
                assertThat(out.resolve("undistorted/images/" + view.name())).isNotEmptyFile();
            }
        }
        if (distorted) {
            assertThat(ColmapModel.read(out.resolve("undistorted/sparse/0")).cameras())
                    .allMatch(c -> c.model().isPinhole());
        }
    }

    /** From the pictures, not from the figures: those must follow from these. */
    private void heldOutPhotos(JsonNode figures, double leastPsnr, double leastSeenPsnr) throws IOException {
        List<Path> renders;
        try (Stream<Path> tree = Files.walk(out.resolve("renders"))) {
            renders = tree.filter(Files::isRegularFile).sorted().toList();
        }
        double psnr = 0;
        double ssim = 0;
        double fogSsim = 0;
        for (Path file : renders) {
            Image render = ImageFiles.read(file);
            Image truth = ImageFiles.read(
                    out.resolve("truth").resolve(out.resolve("renders").relativize(file)));
            psnr += Metrics.psnr(render, truth) / renders.size();
            ssim += Metrics.ssim(render, truth) / renders.size();
            fogSsim += Metrics.ssim(Metrics.blurred(truth, FOG_SIGMA), truth) / renders.size();
        }
        assertThat(figures.path("photos").asInt()).isEqualTo(renders.size()).isPositive();
        assertThat(figures.path("psnr").asDouble()).isCloseTo(psnr, within(1e-4));
        assertThat(figures.path("ssim").asDouble()).isCloseTo(ssim, within(1e-4));
        if (leastSeenPsnr > 0) {
            assertThat(psnr).isGreaterThan(leastPsnr);
            assertThat(figures.path("seen_psnr").asDouble()).isGreaterThan(leastSeenPsnr);
            assertThat(ssim).isGreaterThan(fogSsim);
        }
    }
}
