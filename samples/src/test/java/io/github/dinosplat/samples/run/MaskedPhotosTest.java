package io.github.dinosplat.samples.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.io.MaskFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskedPhotosTest {

    @TempDir
    Path folder;

    @Test
    void masksComeWithThePhotosAndTheirContentsIdentifyTheRun() throws IOException {
        List<Photo> photos = List.of(photo("a.png"), photo("b.png"));
        Optional<MaskFolder> masks = Optional.of(new MaskFolder(folder.resolve("masks")));
        ImageFiles.writePng(new Image(4, 2, new byte[24]), folder.resolve("masks/a.png.png"));
        PhotoSource source = MaskedPhotos.source(photos, masks);
        assertThat(source.mask("a.png").orElseThrow().ignoredShare()).isEqualTo(1);
        assertThat(source.mask("b.png")).isEmpty();
        assertThat(MaskedPhotos.source(photos, Optional.empty()).mask("a.png")).isEmpty();

        ObjectNode before = key(photos, masks);
        byte[] brighter = new byte[24];
        brighter[0] = 1;
        ImageFiles.writePng(new Image(4, 2, brighter), folder.resolve("masks/a.png.png"));
        assertThat(key(photos, masks)).isNotEqualTo(before);
        assertThat(key(photos, Optional.empty())).isEmpty();
    }

    private static ObjectNode key(List<Photo> photos, Optional<MaskFolder> masks) throws IOException {
        ObjectNode key = Json.object();
        MaskedPhotos.putKey(key, photos, masks);
        return key;
    }

    private Photo photo(String name) {
        return new Photo(name, folder.resolve(name), 4, 2, PhotoMetadata.NONE);
    }
}
