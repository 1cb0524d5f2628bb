package io.github.dinosplat.features;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The network that comes with the library, as a file, because a network is judged by its file. */
final class EmbeddedModel {

    /** Name of the network; its card lies beside it. */
    static final String NAME = "dinosplat-small";

    /** Long side of its training photos. On the WxBS and EVD pairs 27.7 % of points are found at 512, 23.7 % at 768. */
    static final int LONG_SIDE = 512;

    private EmbeddedModel() {}

    static DenseFeatures open(DenseFeatureOptions options) throws IOException {
        Path folder = Files.createTempDirectory("dinosplat-model");
        Path file = folder.resolve(NAME + ".onnx");
        try (InputStream in = EmbeddedModel.class.getResourceAsStream(NAME + ".onnx")) {
            if (in == null) {
                throw new IOException("the library's own network " + NAME + ".onnx is missing from its jar;"
                        + " take the jar as published, or give another model file");
            }
            Files.copy(in, file);
            DenseFeatures features = DenseFeatures.open(file, options);
            // A file's hash is taken when it is first asked for; this file is about to go.
            features.description();
            return features;
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }
}
