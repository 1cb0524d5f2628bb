package io.github.dinosplat.scene.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Mask;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskFolderTest {

    @TempDir
    Path folder;

    private Photo photo(String name, int width, int height) {
        return new Photo(name, folder.resolve("photos").resolve(name), width, height, PhotoMetadata.NONE);
    }

    /** The left third black, the rest nearly black. */
    private static Image picture(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            rgb[3 * i + 1] = (byte) (3 * (i % width) < width ? 0 : 1);
        }
        return new Image(width, height, rgb);
    }

    @Test
    void masksGoByBothNamesAndAreBroughtToThePhotosSize() throws IOException {
        ImageFiles.writePng(picture(6, 4), folder.resolve("masks/sub/a.jpg.png"));
        ImageFiles.writePng(picture(12, 8), folder.resolve("masks/b.png"));
        List<Photo> photos = List.of(photo("sub/a.jpg", 6, 4), photo("b.jpg", 6, 4), photo("c.jpg", 6, 4));
        MaskFolder masks = new MaskFolder(folder.resolve("masks"));
        masks.requireFor(photos);
        for (int i = 0; i < 2; i++) {
            Mask mask = masks.mask(photos.get(i)).orElseThrow();
            assertThat(mask.width()).isEqualTo(6);
            assertThat(mask.ignoredShare()).isCloseTo(1 / 3.0, within(1e-12));
            assertThat(mask.keeps(1.99, 3)).isFalse();
            assertThat(mask.keeps(2.01, 3)).isTrue();
            assertThat(mask.keeps(-5, 100)).isFalse();
        }
        assertThat(masks.mask(photos.get(2))).isEmpty();
    }

    @Test
    void masksThatDoNotFitAreRefused() throws IOException {
        List<Photo> photos = List.of(photo("a.jpg", 6, 4));
        assertThatThrownBy(() -> new MaskFolder(folder.resolve("masks")).requireFor(photos))
                .hasMessageContaining("not a folder");
        ImageFiles.writePng(picture(6, 4), folder.resolve("masks/other.png"));
        assertThatThrownBy(() -> new MaskFolder(folder.resolve("masks")).requireFor(photos))
                .hasMessageContaining("a.jpg.png");
        ImageFiles.writePng(picture(4, 6), folder.resolve("masks/a.png"));
        assertThatThrownBy(() -> new MaskFolder(folder.resolve("masks")).requireFor(photos))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not the same shape");
    }

    @Test
    void berlinsMasksAreRead() throws IOException {
        Optional<Path> berlin = RealData.folder("opensfm-berlin");
        assumeTrue(berlin.isPresent(), RealData.absence("opensfm-berlin"));
        List<Photo> photos =
                PhotoFolder.read(berlin.orElseThrow().resolve("images")).photos();
        MaskFolder masks = new MaskFolder(berlin.orElseThrow().resolve("masks"));
        masks.requireFor(photos);
        double[] shares = new double[3];
        for (int i = 0; i < 3; i++) {
            shares[i] = masks.mask(photos.get(i)).orElseThrow().ignoredShare();
        }
        // Counted once with another program: black pixels of 3264 x 2448.
        assertThat(shares).containsExactly(134_492.0 / 7_990_272, 383_767.0 / 7_990_272, 3.0 / 7_990_272);
    }
}
