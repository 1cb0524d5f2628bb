package io.github.dinosplat.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.GeoPosition;
import io.github.dinosplat.scene.Geodesy;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The committed photos are real ones, whole, and still say where and with what focal length they were taken. */
class CommittedPhotosTest {

    static Path folder() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(CommittedPhotosTest.class.getResource("/caliterra-640"))
                .toURI());
    }

    @Test
    void photosHaveFocalLengthAndGps() throws IOException, URISyntaxException {
        PhotoFolder read = PhotoFolder.read(folder());
        assertThat(read.photos()).hasSize(8);
        assertThat(read.skipped()).isEmpty();
        GeoPosition first = read.photos().get(0).metadata().position().orElseThrow();
        for (Photo photo : read.photos()) {
            assertThat(photo.metadata().focalPixels().orElseThrow()).isCloseTo(464.7, within(0.1));
            assertThat(photo.metadata().cameraKey()).contains("SX260");
            GeoPosition p = photo.metadata().position().orElseThrow();
            assertThat(Geodesy.enu(p, first).length()).isLessThan(60);
            assertThat(ImageFiles.read(photo.path()).width()).isEqualTo(640);
        }
    }
}
