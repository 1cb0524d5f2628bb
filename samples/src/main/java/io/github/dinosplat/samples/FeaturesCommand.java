package io.github.dinosplat.samples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.features.DenseFeatureOptions;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.features.Layer;
import io.github.dinosplat.features.onnx.ExecutionProvider;
import io.github.dinosplat.samples.run.FeatureExport;
import io.github.dinosplat.samples.run.ModelFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code features PHOTOS -o OUT}. */
@Command(
        name = "features",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Dense features of photos, as arrays and as pictures.")
final class FeaturesCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Mixin
    private final PhotosArgument photos = new PhotosArgument();

    @Option(names = "-o", required = true, paramLabel = "OUT", description = "Output folder, new or empty.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

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

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        DenseFeatureOptions options = options();
        Optional<Path> model = features.model();
        try (ConsoleSession session = new ConsoleSession(common, spec);
                DenseFeatures network = ModelFolder.open(model, options);
                DenseFeatures used = cache == null ? network : network.cached(cache)) {
            ObjectNode record = FeatureExport.run(photos.folder(), used, out, common.threads, session.progress());
            session.result(record, lines(record));
        }
        return 0;
    }

    private List<String> lines(JsonNode record) {
        List<String> lines = new ArrayList<>();
        lines.add("photos    %d, %s, layer %s, on %s"
                .formatted(
                        record.path("photos").size(),
                        record.path("model").asText(),
                        record.path("layer").asText(),
                        record.path("provider").asText()));
        for (JsonNode skipped : record.path("skipped")) {
            lines.add("skipped   " + skipped.path("name").asText() + ": "
                    + skipped.path("reason").asText());
        }
        lines.add("features  " + out.resolve("features"));
        return lines;
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
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
