package io.github.dinosplat.samples;

import io.github.dinosplat.samples.run.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network tells the depth of photos. */
final class DepthArguments {

    @Option(
            names = "--depth-model",
            paramLabel = "FILE.onnx|NAME",
            description =
                    "Depth network, as an ONNX file or the name of one that is on disk, see dinosplat models (default: a head"
                            + " on the dense features that is fitted to the scene's own points).")
    private @Nullable String model;

    /** The file that was asked for. */
    Optional<Path> model() throws IOException {
        return ModelFolder.standard().resolve(Optional.ofNullable(model));
    }
}
