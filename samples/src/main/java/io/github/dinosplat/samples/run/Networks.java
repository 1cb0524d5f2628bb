package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.depth.network.DepthNetwork;
import io.github.dinosplat.features.DenseFeatureOptions;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.matching.keypoint.NetworkKeypointSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The networks of a run, opened before anything else, so that a file that cannot be used ends the run at once.
 *
 * @param features dense features
 * @param depth a depth network instead of the fitted head; empty for the head
 */
record Networks(DenseFeatures features, Optional<DepthNetwork> depth) implements AutoCloseable {

    /** Empty for the embedded features, and for no depth network. */
    static Networks open(Optional<Path> features, Optional<Path> depth) throws IOException {
        DenseFeatures dense = ModelFolder.open(features, DenseFeatureOptions.defaults());
        try {
            return new Networks(
                    dense, depth.isPresent() ? Optional.of(DepthNetwork.open(depth.get())) : Optional.empty());
        } catch (IOException | RuntimeException e) {
            dense.close();
            throw e;
        }
    }

    /** What the results depend on. */
    void putKey(ObjectNode key) {
        key.put("features", features.key());
        depth.ifPresent(network -> key.put("depth_model", network.sha256()));
    }

    /** The record of a network that finds keypoints, where one does. */
    static ArrayNode keypoints(SfmOptions options) {
        ArrayNode models = Json.array();
        options.keypointSource()
                .filter(NetworkKeypointSource.class::isInstance)
                .map(NetworkKeypointSource.class::cast)
                .ifPresent(source -> models.addObject()
                        .put("use", "keypoints")
                        .put("name", source.name())
                        .put("sha256", source.sha256()));
        return models;
    }

    /** The record of the models that were used. */
    ArrayNode record() {
        ArrayNode models = Json.array();
        models.addObject().put("use", "features").put("name", features.name()).put("sha256", features.sha256());
        depth.ifPresent(network -> models.addObject()
                .put("use", "depth")
                .put("name", network.name())
                .put("sha256", network.sha256()));
        return models;
    }

    @Override
    public void close() {
        features.close();
        depth.ifPresent(DepthNetwork::close);
    }
}
