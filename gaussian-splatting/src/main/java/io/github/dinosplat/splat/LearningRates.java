package io.github.dinosplat.splat;

/**
 * Adam's step sizes by kind of parameter.
 *
 * @param means of the centres, in scene units (already scaled by the size of the scene)
 * @param logScales of the logarithms of the scales
 * @param quaternions of the rotations
 * @param logitOpacities of the logits of the opacities
 * @param shBase of the first spherical-harmonics coefficient (the plain colour)
 * @param shRest of the other coefficients
 * @param colours of the photos' colour maps, see {@link PhotoParameters}; 0 leaves them alone
 * @param poses of the photos' poses, radians and scene units; 0 leaves them alone
 * @param features of the features; 0 leaves them alone
 * @param background of the background's colour; with 0 the background is that of the {@link RenderOptions}
 */
public record LearningRates(
        double means,
        double logScales,
        double quaternions,
        double logitOpacities,
        double shBase,
        double shRest,
        double colours,
        double poses,
        double features,
        double background) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a rate is negative or not finite
     */
    public LearningRates {
        for (double rate : new double[] {
            means, logScales, quaternions, logitOpacities, shBase, shRest, colours, poses, features, background
        }) {
            if (!(rate >= 0) || Double.isInfinite(rate)) {
                throw new IllegalArgumentException("a learning rate must be finite and not negative but was " + rate);
            }
        }
    }

    /**
     * Rates that leave features and background alone.
     *
     * @param means of the centres, in scene units
     * @param logScales of the logarithms of the scales
     * @param quaternions of the rotations
     * @param logitOpacities of the logits of the opacities
     * @param shBase of the first spherical-harmonics coefficient
     * @param shRest of the other coefficients
     * @param colours of the photos' colour maps
     * @param poses of the photos' poses, radians and scene units
     */
    public LearningRates(
            double means,
            double logScales,
            double quaternions,
            double logitOpacities,
            double shBase,
            double shRest,
            double colours,
            double poses) {
        this(means, logScales, quaternions, logitOpacities, shBase, shRest, colours, poses, 0, 0);
    }

    /**
     * The usual rates (Kerbl et al. 2023 and its reference settings).
     *
     * @param sceneExtent radius of the camera positions, in scene units; scales the rate of the centres
     * @return 1.6e-4 times the extent, 5e-3, 1e-3, 0.05, 2.5e-3 and a twentieth of that; 0 for features and the photos' own
     *     parameters
     */
    public static LearningRates defaults(double sceneExtent) {
        return new LearningRates(1.6e-4 * sceneExtent, 5e-3, 1e-3, 0.05, 2.5e-3, 2.5e-3 / 20, 0, 0);
    }

    /**
     * The same rates but for the centres.
     *
     * @param newMeans rate of the centres in scene units
     * @return new rates
     */
    public LearningRates withMeans(double newMeans) {
        return new LearningRates(
                newMeans, logScales, quaternions, logitOpacities, shBase, shRest, colours, poses, features, background);
    }

    /**
     * The same rates but for the features.
     *
     * @param newFeatures rate of the features
     * @return new rates
     */
    public LearningRates withFeatures(double newFeatures) {
        return new LearningRates(
                means, logScales, quaternions, logitOpacities, shBase, shRest, colours, poses, newFeatures, background);
    }

    /**
     * The same rates but for what is learnt besides the Gaussians.
     *
     * @param newColours rate of the photos' colour maps; 0 leaves them alone
     * @param newPoses rate of the photos' poses, radians and scene units; 0 leaves them alone
     * @param newBackground rate of the background's colour; 0 leaves it alone
     * @return new rates
     */
    public LearningRates withPhotos(double newColours, double newPoses, double newBackground) {
        return new LearningRates(
                means,
                logScales,
                quaternions,
                logitOpacities,
                shBase,
                shRest,
                newColours,
                newPoses,
                features,
                newBackground);
    }
}
