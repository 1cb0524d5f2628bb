package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.io.MaskFolder;
import io.github.dinosplat.scene.io.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A run's photos with the masks that the user gave. */
final class MaskedPhotos {

    private MaskedPhotos() {}

    /** Pixels and masks of the photos' files. */
    static PhotoSource source(List<Photo> photos, Optional<MaskFolder> masks) {
        PhotoSource source = ImageFiles.source(photos);
        return masks.map(m -> source.withMasks(m.of(photos))).orElse(source);
    }

    /** Adds the masks' contents to what identifies a run. */
    static void putKey(ObjectNode key, List<Photo> photos, Optional<MaskFolder> masks) throws IOException {
        if (masks.isPresent()) {
            ObjectNode hashes = key.putObject("masks");
            for (Photo photo : photos) {
                Optional<Path> file = masks.get().file(photo);
                if (file.isPresent()) {
                    hashes.put(photo.name(), Sha256.of(file.get()));
                }
            }
        }
    }
}
