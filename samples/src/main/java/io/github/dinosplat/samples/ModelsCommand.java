package io.github.dinosplat.samples;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.features.DenseFeatureOptions;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.features.FeatureDescription;
import io.github.dinosplat.features.KnownModel;
import io.github.dinosplat.features.keypoints.KeypointNetwork;
import io.github.dinosplat.features.onnx.ExecutionProvider;
import io.github.dinosplat.samples.run.ModelFolder;
import io.github.dinosplat.scene.io.Sha256;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code models [FILE.onnx|NAME]}. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Which networks for features, depth and keypoints are known, which are on disk, how to get and verify one. Nothing"
                        + " is downloaded.")
final class ModelsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE.onnx|NAME",
            description =
                    "A model on disk: says what it is, its SHA-256, and whether it can be used for features or keypoints.")
    private @Nullable String model;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws IOException {
        ModelFolder folder = ModelFolder.standard();
        PrintWriter out = spec.commandLine().getOut();
        if (model != null) {
            examine(folder.resolve(model), out);
        } else if (common.json) {
            out.println(json(folder));
        } else {
            list(folder, out);
        }
        out.flush();
        return 0;
    }

    private static void list(ModelFolder folder, PrintWriter out) throws IOException {
        try (DenseFeatures standard = ModelFolder.open(Optional.empty(), DenseFeatureOptions.defaults())) {
            out.println("Built in, used without --model: " + standard.name()
                    + ", 1.75 M parameters, 3.6 MB, patch 16, Apache-2.0, SHA-256 " + standard.sha256());
        }
        out.println("Looked for in " + folder.folder() + " (DINOSPLAT_MODELS names another folder):");
        for (KnownModel known : KnownModel.ALL) {
            out.printf(
                    Locale.ROOT,
                    "%-24s %-9s %5d M parameters, %6d MB%s, %s%n",
                    known.name(),
                    known.use(),
                    known.millions(),
                    known.megabytes(),
                    known.patch() > 0 ? ", patch " + known.patch() : "",
                    known.licence());
            Optional<Path> file = folder.find(known.name());
            if (file.isPresent()) {
                out.println("    on disk: " + file.get() + verdict(known, file.get()));
            } else {
                out.println("    get it: " + known.source());
                if (!known.hash().isEmpty()) {
                    out.println("    verify: SHA-256 of the file begins with " + known.hash()
                            + (known.dataHash().isEmpty() ? "" : ", of model.onnx_data with " + known.dataHash()));
                }
            }
        }
        out.println(
                "To use one: --model, --depth-model or --keypoints with NAME or FILE.onnx; to look at one: dinosplat models FILE.onnx");
    }

    private static String verdict(KnownModel known, Path file) throws IOException {
        if (known.hash().isEmpty()) {
            return " (no published hash to compare with)";
        }
        return Sha256.of(file).startsWith(known.hash())
                ? " (hash as published)"
                : " (not the published 32-bit file: its hash begins otherwise)";
    }

    private static ObjectNode json(ModelFolder folder) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("folder", folder.folder().toString());
        ArrayNode models = node.putArray("models");
        for (KnownModel known : KnownModel.ALL) {
            ObjectNode entry = models.addObject()
                    .put("name", known.name())
                    .put("use", known.use())
                    .put("million_parameters", known.millions())
                    .put("megabytes", known.megabytes())
                    .put("licence", known.licence())
                    .put("source", known.source());
            if (known.patch() > 0) {
                entry.put("patch_size", known.patch());
            }
            folder.find(known.name()).ifPresent(f -> entry.put("file", f.toString()));
        }
        return node;
    }

    private static void examine(Path file, PrintWriter out) throws IOException {
        try (KeypointNetwork network = KeypointNetwork.open(file, List.of(ExecutionProvider.CPU))) {
            out.println(file + ": keypoints, " + network.kind());
            out.println("    SHA-256 " + network.sha256());
            return;
        } catch (IOException e) {
            // What is no keypoint network either is refused below, with what it has.
        }
        try (DenseFeatures features = DenseFeatures.open(file, DenseFeatureOptions.defaults())) {
            FeatureDescription d = features.description();
            out.println(file + ": " + d.model());
            out.println("    SHA-256 " + d.sha256());
            d.weights().forEach(w -> out.println("    " + w.name() + " SHA-256 " + w.sha256()));
            out.println("    patches of " + d.patch() + " pixels, layer " + d.layer() + ", on " + d.provider());
        }
    }
}
