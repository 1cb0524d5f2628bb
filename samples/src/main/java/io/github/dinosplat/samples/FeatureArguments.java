package io.github.dinosplat.samples;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network makes the dense features. */
final class FeatureArguments {

    @Option(
            names = "--model",
            paramLabel = "FILE.onnx",
            description = "Network for dense features, as an ONNX file (default: dinosplat-small, which is inside).")
    private @Nullable Path model;

    Optional<Path> model() {
        return Optional.ofNullable(model);
    }
}
