package io.github.dinosplat.features;

import io.github.dinosplat.features.onnx.ExecutionProvider;
import java.util.List;
import java.util.Optional;

/**
 * How photos are prepared for a network, and what is taken from it.
 *
 * @param normalisation mean and standard deviation that the network was trained with; empty to take them from a
 *     {@code preprocessor_config.json} beside the model or one folder up, else DINOv3's satellite values where the name
 *     says so ({@code sat493m}), else ImageNet's
 * @param longSide greatest long side in pixels of what the network sees of a photo; smaller photos are not enlarged by more
 *     than the rounding to whole patches
 * @param output name of the output with the patch tokens; empty to find it by shape
 * @param layer which block's tokens are taken
 * @param subdivision 1 for one vector for each patch; 2 or 4 for a grid so many times finer along both axes, each vector the
 *     mean over networks runs on the picture shifted by parts of a patch (4 or 16 runs)
 * @param tile greatest long side in pixels of what the network sees at once; larger pictures are done in overlapping tiles
 *     of one shape
 * @param withoutPosition whether the part of the features that depends on the place in the picture alone is taken out
 * @param providers what may compute the network, the preferred first
 */
public record DenseFeatureOptions(
        Optional<PixelNormalisation> normalisation,
        int longSide,
        Optional<String> output,
        Layer layer,
        int subdivision,
        int tile,
        boolean withoutPosition,
        List<ExecutionProvider> providers) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if longSide is not between 32 and 16384, tile not between 128 and 4096, subdivision
     *     not 1, 2 or 4, or there is no provider
     */
    public DenseFeatureOptions {
        if (longSide < 32 || longSide > 16384) {
            throw new IllegalArgumentException("longSide must be 32 to 16384 but was " + longSide);
        }
        if (subdivision != 1 && subdivision != 2 && subdivision != 4) {
            throw new IllegalArgumentException("subdivision must be 1, 2 or 4 but was " + subdivision);
        }
        if (tile < 128 || tile > 4096) {
            throw new IllegalArgumentException("tile must be 128 to 4096 but was " + tile);
        }
        if (providers.isEmpty()) {
            throw new IllegalArgumentException("providers must name at least one");
        }
        providers = List.copyOf(providers);
    }

    /**
     * Long side 768, normalisation and output found, {@link Layer#FITTING}, one vector for each patch, tiles of 1024, on the
     * processor.
     *
     * @return options
     */
    public static DenseFeatureOptions defaults() {
        return new DenseFeatureOptions(
                Optional.empty(), 768, Optional.empty(), Layer.FITTING, 1, 1024, false, List.of(ExecutionProvider.CPU));
    }

    /**
     * The same with a given normalisation.
     *
     * @param newNormalisation mean and standard deviation of the network's family
     * @return new options
     */
    public DenseFeatureOptions withNormalisation(PixelNormalisation newNormalisation) {
        return new DenseFeatureOptions(
                Optional.of(newNormalisation), longSide, output, layer, subdivision, tile, withoutPosition, providers);
    }

    /**
     * The same with another size.
     *
     * @param newLongSide greatest long side in pixels
     * @return new options
     */
    public DenseFeatureOptions withLongSide(int newLongSide) {
        return new DenseFeatureOptions(
                normalisation, newLongSide, output, layer, subdivision, tile, withoutPosition, providers);
    }

    /**
     * The same with another layer.
     *
     * @param newLayer which block's tokens are taken
     * @return new options
     */
    public DenseFeatureOptions withLayer(Layer newLayer) {
        return new DenseFeatureOptions(
                normalisation, longSide, output, newLayer, subdivision, tile, withoutPosition, providers);
    }

    /**
     * The same with a named output.
     *
     * @param name name of the output with the patch tokens
     * @return new options
     */
    public DenseFeatureOptions withOutput(String name) {
        return new DenseFeatureOptions(
                normalisation, longSide, Optional.of(name), layer, subdivision, tile, withoutPosition, providers);
    }

    /**
     * The same with a finer or coarser grid.
     *
     * @param parts 1, 2 or 4 vectors for each patch along each axis
     * @return new options
     */
    public DenseFeatureOptions withSubdivision(int parts) {
        return new DenseFeatureOptions(normalisation, longSide, output, layer, parts, tile, withoutPosition, providers);
    }

    /**
     * The same with another limit on what the network sees at once.
     *
     * @param newTile greatest long side in pixels
     * @return new options
     */
    public DenseFeatureOptions withTile(int newTile) {
        return new DenseFeatureOptions(
                normalisation, longSide, output, layer, subdivision, newTile, withoutPosition, providers);
    }

    /**
     * The same with or without the part that depends on the place alone.
     *
     * @param removed whether it is taken out
     * @return new options
     */
    public DenseFeatureOptions withoutPosition(boolean removed) {
        return new DenseFeatureOptions(normalisation, longSide, output, layer, subdivision, tile, removed, providers);
    }

    /**
     * The same on other providers.
     *
     * @param newProviders what may compute the network, the preferred first
     * @return new options
     */
    public DenseFeatureOptions withProviders(List<ExecutionProvider> newProviders) {
        return new DenseFeatureOptions(
                normalisation, longSide, output, layer, subdivision, tile, withoutPosition, newProviders);
    }
}
