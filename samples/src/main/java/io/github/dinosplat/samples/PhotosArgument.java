package io.github.dinosplat.samples;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The folder with the photos that a command is about. */
final class PhotosArgument {

    @Parameters(paramLabel = "PHOTOS", description = "Folder with the photos.")
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private Path photos;

    Path folder() {
        return photos;
    }
}
