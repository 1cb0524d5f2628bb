package io.github.dinosplat.features;

import java.util.Optional;

/**
 * How photos are prepared for a network.
 *
 * @param normalisation mean and standard deviation that the network was trained with
 * @param longSide greatest long side in pixels of what the network sees; smaller photos are not enlarged by more than the
 *     rounding to whole patches
 * @param output name of the output with the patch tokens; empty to find it by shape
 */
public record DenseFeatureOptions(PixelNormalisation normalisation, int longSide, Optional<String> output) {

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if longSide is not between 32 and 16384
     */
    public DenseFeatureOptions {
        if (longSide < 32 || longSide > 16384) {
            throw new IllegalArgumentException("longSide must be 32 to 16384 but was " + longSide);
        }
    }

    /**
     * DINOv3's normalisation for web photos, long side 768, output found by shape.
     *
     * @return options
     */
    public static DenseFeatureOptions defaults() {
        return new DenseFeatureOptions(PixelNormalisation.IMAGENET, 768, Optional.empty());
    }

    /**
     * The same with another normalisation.
     *
     * @param newNormalisation mean and standard deviation of the network's family
     * @return new options
     */
    public DenseFeatureOptions withNormalisation(PixelNormalisation newNormalisation) {
        return new DenseFeatureOptions(newNormalisation, longSide, output);
    }

    /**
     * The same with another size.
     *
     * @param newLongSide greatest long side in pixels
     * @return new options
     */
    public DenseFeatureOptions withLongSide(int newLongSide) {
        return new DenseFeatureOptions(normalisation, newLongSide, output);
    }
}
