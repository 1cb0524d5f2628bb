package io.github.dinosplat.matching.keypoint;

import io.github.dinosplat.features.keypoints.KeypointNetwork;
import io.github.dinosplat.features.keypoints.NetworkKeypoints;
import io.github.dinosplat.scene.Image;

/**
 * Keypoints of a network (ALIKED, XFeat) instead of SIFT's.
 *
 * <p>Networks of these kinds give no orientation, so all have the same, and hold for photos turned by less than about 45
 * degrees. Descriptors shorter than SIFT's are filled up with zeros, which changes neither their lengths nor their products.
 */
public final class NetworkKeypointSource implements KeypointSource {

    /** Radius in the network's pixels that stands for a keypoint's scale: ALIKED's and XFeat's maxima are over 5 pixels. */
    private static final float SCALE = 2;

    private final KeypointNetwork network;
    private final KeypointOptions options;

    /**
     * A source.
     *
     * @param network the network; stays the caller's to close
     * @param options of which the size and the number of keypoints count
     * @throws IllegalArgumentException if the network's descriptors are longer than SIFT's
     */
    public NetworkKeypointSource(KeypointNetwork network, KeypointOptions options) {
        if (network.descriptorSize() > Keypoints.DESCRIPTOR_SIZE) {
            throw new IllegalArgumentException("descriptors must have at most " + Keypoints.DESCRIPTOR_SIZE
                    + " values but have " + network.descriptorSize());
        }
        this.network = network;
        this.options = options;
    }

    @Override
    public Keypoints detect(Image photo) {
        NetworkKeypoints found = network.detect(photo, options.maxLongSide(), options.maxKeypoints());
        int n = found.count();
        float[] x = new float[n];
        float[] y = new float[n];
        float[] scale = new float[n];
        float[] descriptors = new float[n * Keypoints.DESCRIPTOR_SIZE];
        for (int i = 0; i < n; i++) {
            x[i] = found.x(i);
            y[i] = found.y(i);
            scale[i] = (float) (SCALE * found.pixel());
            System.arraycopy(
                    found.descriptors(),
                    i * found.descriptorSize(),
                    descriptors,
                    i * Keypoints.DESCRIPTOR_SIZE,
                    found.descriptorSize());
        }
        return new Keypoints(x, y, scale, new float[n], descriptors);
    }

    @Override
    public String name() {
        return network.kind();
    }

    /**
     * SHA-256 of the network's file.
     *
     * @return lower-case hexadecimal
     */
    public String sha256() {
        return network.sha256();
    }

    @Override
    public String key() {
        return network.sha256() + " " + options;
    }
}
