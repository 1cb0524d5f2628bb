package io.github.dinosplat.features;

import java.util.List;

/**
 * Where features come from, as files and reports say it.
 *
 * @param model name of the network or method
 * @param sha256 SHA-256 of the model file, or of the name and version of a method that has no file
 * @param weights files beside the model that hold its weights
 * @param patch side of a patch in pixels of what the network sees
 * @param layer the layer: {@code "final"}, or the index of a block, with {@code "-raw"} if without the final normalisation
 * @param provider what computes it, e.g. {@code "cpu"}
 */
public record FeatureDescription(
        String model, String sha256, List<WeightsFile> weights, int patch, String layer, String provider) {

    /**
     * A file with weights.
     *
     * @param name name of the file
     * @param sha256 its SHA-256
     */
    public record WeightsFile(String name, String sha256) {}

    /** Copies the list. */
    public FeatureDescription {
        weights = List.copyOf(weights);
    }
}
