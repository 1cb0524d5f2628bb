package io.github.dinosplat.samples;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A scene with known cameras, and where its photos are. */
final class SceneArguments {

    @Parameters(
            paramLabel = "SCENE",
            description = "Folder with a COLMAP model (in sparse/0, sparse or the folder itself) and images/, with"
                    + " transforms.json, OpenSfM's reconstruction.json, .camera files or a Middlebury _par.txt; or one of"
                    + " these files.")
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private Path scene;

    @Option(names = "--images", paramLabel = "DIR", description = "Folder with the photos, where SCENE has no images/.")
    private @Nullable Path images;

    Path path() {
        return scene;
    }

    Optional<Path> images() {
        return Optional.ofNullable(images);
    }
}
