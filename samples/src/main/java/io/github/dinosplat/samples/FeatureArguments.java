package io.github.dinosplat.samples;

import io.github.dinosplat.samples.run.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network makes the dense features. */
final class FeatureArguments {

    @Option(
            names = "--model",
            paramLabel = "FILE.onnx|NAME",
            description =
                    "Network for dense features, as an ONNX file or the name of one that is on disk, see dinosplat models"
                            + " (default: dinosplat-small, which is inside).")
    private @Nullable String model;

    boolean isGiven() {
        return model != null;
    }

    /** The file that was asked for. */
    Optional<Path> model() throws IOException {
        return ModelFolder.standard().resolve(Optional.ofNullable(model));
    }
}
