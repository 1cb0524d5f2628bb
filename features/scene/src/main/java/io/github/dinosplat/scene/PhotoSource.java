package io.github.dinosplat.scene;

import java.io.IOException;
import java.util.Optional;

/** Where the pixels of photos come from, by name: files, an archive, or a synthetic world. Safe for several threads. */
@FunctionalInterface
public interface PhotoSource {

    /**
     * Reads a photo in its stored pixel grid: no EXIF orientation is applied.
     *
     * @param name name of the photo as in {@link Photo#name()} and {@link View#name()}
     * @return the picture
     * @throws IOException if there is no such photo or it can't be read; the message names the file
     */
    Image read(String name) throws IOException;

    /**
     * Which pixels of a photo count.
     *
     * @param name name of the photo
     * @return a mask of the photo's size; empty where all of it counts
     * @throws IOException if there is a mask that can't be read; the message names the file
     */
    default Optional<Mask> mask(String name) throws IOException {
        return Optional.empty();
    }

    /**
     * The same photos with masks.
     *
     * @param masks gives the mask of a photo by its name
     * @return photos of this source, masks of the other
     */
    default PhotoSource withMasks(Masks masks) {
        PhotoSource photos = this;
        return new PhotoSource() {

            @Override
            public Image read(String name) throws IOException {
                return photos.read(name);
            }

            @Override
            public Optional<Mask> mask(String name) throws IOException {
                return masks.mask(name);
            }
        };
    }

    /** Where masks come from, by the names of their photos. Safe for several threads. */
    @FunctionalInterface
    interface Masks {

        /**
         * The mask of a photo.
         *
         * @param name name of the photo
         * @return a mask of the photo's size; empty where all of it counts
         * @throws IOException if there is a mask that can't be read; the message names the file
         */
        Optional<Mask> mask(String name) throws IOException;
    }
}
