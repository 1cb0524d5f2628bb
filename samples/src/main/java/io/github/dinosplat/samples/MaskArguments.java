package io.github.dinosplat.samples;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What parts of the photos do not count. */
final class MaskArguments {

    @Option(
            names = "--masks",
            paramLabel = "DIR",
            description = "Folder with masks, NAME.png or PHOTO.jpg.png for each photo that has one; black is ignored.")
    private @Nullable Path masks;

    Optional<Path> folder() {
        return Optional.ofNullable(masks);
    }
}
