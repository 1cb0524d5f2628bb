package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import java.io.IOException;
import java.util.Optional;

/**
 * What networks say about the training photos. Asked for training photos only, each once; what is given must not come
 * from held-out photos.
 */
public interface PhotoPriors {

    /** Nothing is known. */
    PhotoPriors NONE = new PhotoPriors() {};

    /**
     * How far away a photo's pixels are.
     *
     * @param photo name of the photo
     * @return depths in scene units over the whole photo, with confidence; empty where unknown
     * @throws IOException if it can't be read
     */
    default Optional<DepthMap> depth(String photo) throws IOException {
        return Optional.empty();
    }

    /**
     * What a photo's patches look like.
     *
     * @param photo name of the photo
     * @return features about zero on the whole, in the same few channels for all photos; empty where unknown
     * @throws IOException if it can't be read
     */
    default Optional<FeatureMap> features(String photo) throws IOException {
        return Optional.empty();
    }

    /**
     * The network's own features of a photo's patches, of which {@link #features} are the main part.
     *
     * @param photo name of the photo
     * @return features about zero on the whole, in as many channels as the network has; empty where unknown
     * @throws IOException if it can't be read
     */
    default Optional<FeatureMap> patches(String photo) throws IOException {
        return Optional.empty();
    }
}
