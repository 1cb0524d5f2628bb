package io.github.dinosplat.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("acceptance")
class DepthOnRealPhotosTest {

    @Test
    void fountainBeatsTheSimpleMeans() throws IOException {
        Path folder = folder("fountain-colmap");
        judge(ColmapModel.read(folder), folder.resolve("images"), 0.0036, 0.020);
    }

    @Test
    void sceauxBeatsTheSimpleMeans() throws IOException {
        Path folder = folder("sceaux-castle");
        judge(ColmapModel.read(folder.resolve("reference-models/colmap-bin")), folder.resolve("images"), 0.0036, 0.025);
    }

    private static void judge(Scene scene, Path photos, double mostAtPoints, double mostInBlocks) throws IOException {
        DepthResult result = DepthPrior.estimate(
                scene,
                ImageFiles.source(photos),
                DenseFeatures.handCrafted(),
                DepthOptions.defaults().withThreads(2),
                (view, map) -> {},
                Progress.NONE);
        assertThat(result.maps()).isEqualTo(scene.views().size());
        DepthResult.HeldOut points = result.points().orElseThrow();
        assertThat(points.head().absRel())
                .isLessThan(mostAtPoints)
                .isLessThan(points.nearest().absRel());
        assertThat(points.head().absRel())
                .isLessThan(points.rgbPosition().absRel())
                .isLessThan(points.constant().absRel());
        DepthResult.HeldOut blocks = result.blocks().orElseThrow();
        assertThat(blocks.head().absRel())
                .isLessThan(mostInBlocks)
                .isLessThan(blocks.nearest().absRel());
        assertThat(blocks.head().absRel())
                .isLessThan(blocks.rgbPosition().absRel())
                .isLessThan(blocks.constant().absRel());
    }

    private static Path folder(String set) {
        Optional<Path> folder = RealData.folder(set);
        assumeTrue(folder.isPresent(), RealData.absence(set));
        return folder.orElseThrow();
    }
}
