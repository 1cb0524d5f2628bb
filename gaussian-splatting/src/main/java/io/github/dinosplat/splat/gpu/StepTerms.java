package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.FeatureTarget;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.splat.ViewPriors;

/**
 * Which stages a step has besides those that every step has.
 *
 * @param knownDepths whether the rendered nearness is held to a known one
 * @param predictedDepths whether it is held to a predicted one, by shape or normals
 * @param shape whether by its shape
 * @param normals whether by its normals
 * @param channels of the features that are trained; 0 for none
 * @param patchRows rows of patches of the features' target; 0 without one
 * @param patchColumns columns of patches
 * @param absolute whether statistics are of absolute gradients
 * @param learnsColours whether the photo's colour map is learnt
 * @param learnsPose whether its pose is
 * @param learnsBackground whether the colour behind everything is
 */
record StepTerms(
        boolean knownDepths,
        boolean predictedDepths,
        boolean shape,
        boolean normals,
        int channels,
        int patchRows,
        int patchColumns,
        boolean absolute,
        boolean learnsColours,
        boolean learnsPose,
        boolean learnsBackground) {

    /** Sums of a hit that every step takes: {@code HIT_VALUES} of {@code shared/splat.glsl}. */
    static final int HIT_VALUES = 10;

    /** What a step on a photo asks for, with Gaussians of so many feature channels. */
    static StepTerms of(TrainingView view, StepOptions options, int featureChannels) {
        ViewPriors priors = view.priors();
        LearningRates rates = options.rates();
        int channels = options.render().features() ? featureChannels : 0;
        boolean predicted = priors.asksForDepth();
        boolean patches = channels > 0 && priors.asksForFeatures();
        if (patches) {
            requireChannels(priors.features().orElseThrow(), channels);
        }
        return new StepTerms(
                view.depth().isPresent() && options.depthWeight() > 0,
                predicted,
                predicted && priors.shapeWeight() > 0,
                predicted && priors.normalWeight() > 0 && view.view() instanceof PinholeView,
                channels,
                patches ? priors.features().orElseThrow().rows() : 0,
                patches ? priors.features().orElseThrow().columns() : 0,
                options.absoluteGradients(),
                view.photo().isPresent() && rates.colours() > 0,
                view.photo().isPresent() && rates.poses() > 0,
                rates.background() > 0);
    }

    private static void requireChannels(FeatureTarget target, int channels) {
        if (target.channels() != channels) {
            throw new IllegalArgumentException(
                    "the target must have " + channels + " channels, as the Gaussians, but had " + target.channels());
        }
    }

    /** Whether the depth plane adds up nearness rather than depth. */
    boolean nearness() {
        return knownDepths || predictedDepths;
    }

    /** Whether features are trained. */
    boolean features() {
        return channels > 0;
    }

    int patches() {
        return patchRows * patchColumns;
    }

    /** Whether anything is learnt about this photo alone. */
    boolean learnsPhoto() {
        return learnsColours || learnsPose;
    }

    /** Whether anything is learnt besides the Gaussians. */
    boolean learns() {
        return learnsPhoto() || learnsBackground;
    }

    /** How many sums are taken of each hit. */
    int hitValues() {
        return HIT_VALUES + (absolute ? 2 : 0) + channels;
    }
}
