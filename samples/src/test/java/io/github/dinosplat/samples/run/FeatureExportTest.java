package io.github.dinosplat.samples.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureExportTest {

    @TempDir
    private Path temp;

    private Path photos() throws IOException {
        Path folder = temp.resolve("photos");
        for (int i = 0; i < 3; i++) {
            byte[] rgb = new byte[3 * 96 * 64];
            new Random(i).nextBytes(rgb);
            ImageFiles.writePng(new Image(96, 64, rgb), folder.resolve("p" + i + ".png"));
        }
        return folder;
    }

    private static RunSummary run(Path photos, Path out, boolean resume, Progress progress) throws IOException {
        RunTarget target = new RunTarget(out, resume, List.of("features"));
        return FeatureExport.run(photos, DenseFeatures.handCrafted(), target, 1, progress);
    }

    @Test
    void aStoppedRunGoesOnWithTheArraysThatAreMissing() throws IOException {
        Path photos = photos();
        Path whole = temp.resolve("whole");
        assertThat(run(photos, whole, false, Progress.NONE).lines()).anyMatch(l -> l.startsWith("photos    3, "));

        Path out = temp.resolve("stopped");
        Progress stop = (stage, done, total, item) -> {
            if (stage.equals("features") && done == 2) {
                throw new CancellationException("stopped");
            }
        };
        assertThatThrownBy(() -> run(photos, out, false, stop)).isInstanceOf(CancellationException.class);
        assertThat(out.resolve("features/p1.npy")).exists();
        assertThat(out.resolve("features/p2.npy")).doesNotExist();
        assertThat(out.resolve("features.json")).doesNotExist();
        assertThatThrownBy(() -> run(photos, out, false, Progress.NONE)).hasMessageContaining("--resume");

        var before = Files.getLastModifiedTime(out.resolve("features/p1.npy"));
        run(photos, out, true, Progress.NONE);
        assertThat(Files.getLastModifiedTime(out.resolve("features/p1.npy"))).isEqualTo(before);
        for (String file :
                List.of("features/p0.npy", "features/p2.npy", "features/p0.png", "features/p2.png", "features.json")) {
            assertThat(out.resolve(file)).hasBinaryContent(Files.readAllBytes(whole.resolve(file)));
        }
    }

    @Test
    void otherPhotosAreNotMixedIntoARun() throws IOException {
        Path photos = photos();
        Path out = temp.resolve("out");
        run(photos, out, false, Progress.NONE);
        Files.copy(photos.resolve("p0.png"), photos.resolve("p3.png"));
        assertThatThrownBy(() -> run(photos, out, true, Progress.NONE)).hasMessageContaining("p3.png is new in photos");
    }
}
