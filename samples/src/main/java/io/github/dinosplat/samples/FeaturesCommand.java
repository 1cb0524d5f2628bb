package io.github.dinosplat.samples;

import io.github.dinosplat.features.DenseFeatureOptions;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.features.Layer;
import io.github.dinosplat.features.onnx.ExecutionProvider;
import io.github.dinosplat.samples.run.FeatureExport;
import io.github.dinosplat.samples.run.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code features PHOTOS -o OUT}. */
@Command(
        name = "features",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Dense features of photos, as arrays and as pictures.")
final class FeaturesCommand extends RunCommand {

    @Mixin
    private final PhotosArgument photos = new PhotosArgument();

    @Mixin
    private final FeatureArguments features = new FeatureArguments();

    @Option(
            names = "--max-size",
            paramLabel = "PX",
            defaultValue = "768",
            description = "Long side of what the network sees (default ${DEFAULT-VALUE}).")
    private int maxSize;

    @Option(
            names = "--layer",
            paramLabel = "LAYER",
            defaultValue = "auto",
            description =
                    "Block of the network: its number from 0, with -raw for without the final normalisation; final; or auto,"
                            + " three quarters of the depth (default).")
    private String layer = "auto";

    @Option(
            names = "--subdivision",
            paramLabel = "N",
            defaultValue = "1",
            description = "1, 2 or 4 vectors for each patch along each axis, from 1, 4 or 16 shifted runs.")
    private int subdivision;

    @Option(
            names = "--without-position",
            description = "Take out the part of the features that depends on the place in the picture alone.")
    private boolean withoutPosition;

    @Option(
            names = "--provider",
            paramLabel = "NAME,NAME",
            defaultValue = "cpu",
            description =
                    "What computes the network, the preferred first: cpu, cuda, tensorrt, coreml, directml, webgpu, openvino,"
                            + " xnnpack (default ${DEFAULT-VALUE}).")
    private String provider = "cpu";

    @Option(names = "--cache", paramLabel = "DIR", description = "Folder to keep features in, for all runs.")
    private @Nullable Path cache;

    @Override
    Run prepare(CommonOptions common) throws IOException {
        DenseFeatureOptions options = options();
        Optional<Path> model = features.model();
        return (target, progress) -> {
            try (DenseFeatures network = ModelFolder.open(model, options);
                    DenseFeatures used = cache == null ? network : network.cached(cache)) {
                return FeatureExport.run(photos.folder(), used, target, common.threads, progress);
            }
        };
    }

    private DenseFeatureOptions options() {
        try {
            return DenseFeatureOptions.defaults()
                    .withLongSide(maxSize)
                    .withLayer(Layer.parse(layer))
                    .withSubdivision(subdivision)
                    .withoutPosition(withoutPosition)
                    .withProviders(ExecutionProvider.parse(provider));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()).replace("longSide", "--max-size"));
        }
    }
}
