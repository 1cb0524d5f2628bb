package io.github.dinosplat.splat;

import java.util.Optional;

/**
 * What a step asks of the rendering of a photo besides its colours and known depths, from networks:
 *
 * <ul>
 *   <li>shape: {@code 1 - r}, r the correlation of rendered and predicted nearness within blocks of a third of the
 *       picture, by the prediction's weights; free of scale and offset (after Zhu et al. 2024, "FSGS", eq. 7)
 *   <li>normals: {@code 1 - cos} of the angle between the normals of rendered and predicted surface, mean over the pixels
 *       by the prediction's weights
 *   <li>features: {@code 1 - cos} of the angle between rendered and predicted features, mean over patches
 *   <li>Gram: the mean over pairs of patches of the squared difference between the cosine of their rendered features and
 *       that of the network's own
 * </ul>
 *
 * @param depth predicted nearness, with the offset of the view's {@link DepthTarget} where it has one
 * @param shapeWeight weight of the shape
 * @param normalWeight weight of the normals
 * @param features predicted features; they count where the step's options render features
 * @param featureWeight weight of the features
 * @param gramWeight weight of the Gram matrix
 */
public record ViewPriors(
        Optional<DepthTarget> depth,
        double shapeWeight,
        double normalWeight,
        Optional<FeatureTarget> features,
        double featureWeight,
        double gramWeight) {

    /** Nothing is asked. */
    public static final ViewPriors NONE = new ViewPriors(Optional.empty(), 0, 0, Optional.empty(), 0, 0);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a weight is negative or not finite
     */
    public ViewPriors {
        for (double weight : new double[] {shapeWeight, normalWeight, featureWeight, gramWeight}) {
            if (!(weight >= 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("weights must be finite and not negative but were " + shapeWeight
                        + ", " + normalWeight + ", " + featureWeight + ", " + gramWeight);
            }
        }
    }

    /**
     * Whether anything is asked of the depths.
     *
     * @return true if a depth term counts
     */
    public boolean asksForDepth() {
        return depth.isPresent() && shapeWeight + normalWeight > 0;
    }

    /**
     * Whether anything is asked of the features.
     *
     * @return true if a feature term counts
     */
    public boolean asksForFeatures() {
        return features.isPresent() && featureWeight + gramWeight > 0;
    }
}
