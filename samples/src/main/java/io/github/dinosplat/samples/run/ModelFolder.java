package io.github.dinosplat.samples.run;

import io.github.dinosplat.features.DenseFeatureOptions;
import io.github.dinosplat.features.DenseFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where models lie that are asked for by name: {@code NAME.onnx}, {@code NAME/model.onnx} or, as Hugging Face's repositories
 * have it, {@code NAME/onnx/model.onnx}.
 *
 * @param folder the folder; need not exist
 */
public record ModelFolder(Path folder) {

    /**
     * The folder of the environment variable {@code DINOSPLAT_MODELS}, else {@code .dinosplat/models} in the user's home.
     *
     * @return folder
     */
    public static ModelFolder standard() {
        String named = System.getenv("DINOSPLAT_MODELS");
        return new ModelFolder(
                named == null || named.isEmpty()
                        ? Path.of(System.getProperty("user.home", "."), ".dinosplat", "models")
                        : Path.of(named));
    }

    /**
     * The file of a model.
     *
     * @param name its name
     * @return an existing file, or empty
     */
    public Optional<Path> find(String name) {
        return List.of(name + ".onnx", name + "/model.onnx", name + "/onnx/model.onnx").stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /**
     * The file that a model was asked for by.
     *
     * @param text a path of an {@code .onnx} file, or a name
     * @return the file
     * @throws IOException if there is no model of that name; the message says where it was looked for
     */
    public Path resolve(String text) throws IOException {
        if (text.endsWith(".onnx") || Files.isRegularFile(Path.of(text))) {
            return Path.of(text);
        }
        return find(text)
                .orElseThrow(() -> new IOException("no model " + text + " in " + folder
                        + ": give the path of an .onnx file, or see dinosplat models for how to get one"));
    }

    /**
     * The file that a model was asked for by, if any was.
     *
     * @param text a path of an {@code .onnx} file, or a name
     * @return the file
     * @throws IOException as {@link #resolve(String)}
     */
    public Optional<Path> resolve(Optional<String> text) throws IOException {
        return text.isPresent() ? Optional.of(resolve(text.get())) : Optional.empty();
    }

    /**
     * The features of a model, or of the embedded one.
     *
     * @param model the file; empty for the embedded model
     * @param options how photos are prepared
     * @return features, to be closed
     * @throws IOException if the file cannot be used; the message says why
     */
    public static DenseFeatures open(Optional<Path> model, DenseFeatureOptions options) throws IOException {
        return model.isPresent() ? DenseFeatures.open(model.get(), options) : DenseFeatures.embedded(options);
    }
}
