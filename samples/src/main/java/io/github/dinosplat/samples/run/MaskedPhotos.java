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

    /**
     * Pixels and masks of the photos' files.
     *
     * @throws IOException if the masks are not for these photos
     */
    static PhotoSource source(List<Photo> photos, Optional<MaskFolder> masks) throws IOException {
        PhotoSource source = ImageFiles.source(photos);
        if (masks.isEmpty()) {
            return source;
        }
        masks.get().requireFor(photos);
        return source.withMasks(masks.get().of(photos));
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
