package io.github.dinosplat.scene;

import java.io.IOException;

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
}
