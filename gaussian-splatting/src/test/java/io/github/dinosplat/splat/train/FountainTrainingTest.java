package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Real photos, at the protocol of OpenSplat 1.1.5's figures on the same COLMAP model: 384x256 pixels, 1,000 steps, photos
 * 0002, 0005 and 0008 held out, 23,087 Gaussians at the end: 26.87 dB, SSIM 0.858 there.
 */
@Tag("acceptance")
class FountainTrainingTest {

    private static final String SET = "fountain-colmap";

    @Test
    void rendersHeldOutPhotosAsWellAsOpenSplat() throws IOException {
        Optional<Path> folder = RealData.folder(SET);
        assumeTrue(folder.isPresent(), RealData.absence(SET));
        Scene scene = ColmapModel.read(folder.get().resolve("sparse/0"));
        Path photos = folder.get().resolve("images");
        TrainResult result = SplatTrainer.train(
                scene,
                name -> ImageFiles.read(photos.resolve(name)),
                TrainOptions.defaults()
                        .withMaxSize(384)
                        .withIterations(1000)
                        .withMaxGaussians(23_087)
                        .withHoldout(Holdout.named(List.of("0002.jpg", "0005.jpg", "0008.jpg")))
                        .withEvaluations(4),
                Optional.empty(),
                Progress.NONE);
        assertThat(result.heldOutPsnr()).isGreaterThan(26.87);
        assertThat(result.heldOutSsim()).isGreaterThan(0.858).isGreaterThan(result.heldOutBlurredSsim());
        assertThat(result.gaussians().count()).isEqualTo(23_087);
    }
}
