package io.github.dinosplat.features;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the normalisation that a model expects, which its graph does not say. */
final class Preprocessing {

    private static final String FILE = "preprocessor_config.json";
    private static final long MOST_BYTES = 1 << 20;

    private Preprocessing() {}

    /** From Hugging Face's file in the model's folder or the one above (models lie in {@code onnx/}), else from the name. */
    static PixelNormalisation normalisation(Path onnx) throws IOException {
        Path absolute = onnx.toAbsolutePath().normalize();
        for (Path config : List.of(absolute.resolveSibling(FILE), absolute.resolveSibling("../" + FILE))) {
            boolean above = config.toString().contains("..");
            if (Files.isRegularFile(config)
                    && (!above || absolute.resolveSibling("").endsWith("onnx"))) {
                Optional<PixelNormalisation> found = read(config);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        String name = absolute.toString().toLowerCase(Locale.ROOT);
        return name.contains("sat493m") || name.contains("sat-493m") || name.contains("sat_493m")
                ? PixelNormalisation.SATELLITE
                : PixelNormalisation.IMAGENET;
    }

    private static Optional<PixelNormalisation> read(Path config) throws IOException {
        if (Files.size(config) > MOST_BYTES) {
            throw new IOException(config + " is too large for what it should be: remove it or download it again");
        }
        try {
            JsonNode node = new ObjectMapper().readTree(Files.readAllBytes(config));
            JsonNode mean = node.path("image_mean");
            JsonNode deviation = node.path("image_std");
            if (mean.size() != 3 || deviation.size() != 3) {
                return Optional.empty();
            }
            return Optional.of(new PixelNormalisation(
                    mean.get(0).floatValue(),
                    mean.get(1).floatValue(),
                    mean.get(2).floatValue(),
                    deviation.get(0).floatValue(),
                    deviation.get(1).floatValue(),
                    deviation.get(2).floatValue()));
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    config + " does not say how pictures are normalised (" + e.getMessage()
                            + "): download it again, or give the normalisation",
                    e);
        }
    }
}
