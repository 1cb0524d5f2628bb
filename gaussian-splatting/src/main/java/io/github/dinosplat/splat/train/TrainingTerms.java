package io.github.dinosplat.splat.train;

import java.util.function.Consumer;

/**
 * What training asks of the splats besides looking like the photos, and what it starts from. Weights of zero switch a
 * term off. What each is worth where photos are few stands in the module's README. The shape, the normals, the features
 * and the Gram matrix are terms of {@link io.github.dinosplat.splat.ViewPriors}.
 *
 * @param stereo whether dense stereo of the training photos gives seeds and depths
 * @param depth weight, at the start of the run, of the difference of rendered and known nearness (see
 *     {@link io.github.dinosplat.splat.DepthTarget}); it falls to a hundredth, as the next terms' weights do
 * @param patchDepth whether the network's patches, matched between the photos, give seeds and depths where stereo confirms
 *     nothing (see {@link io.github.dinosplat.splat.stereo.PatchDepth})
 * @param priorSeeds whether seeds also lie where {@link PhotoPriors#depth} alone knows the depth
 * @param priorDepth how much its depths count in the depth term where stereo confirmed nothing, by their confidence; 1 is as
 *     much as what two photos confirm
 * @param shape weight of the correlation of rendered nearness with that of {@link PhotoPriors#depth}
 * @param normals weight of the angle between normals of the rendered surface and those of {@link PhotoPriors#depth}
 * @param features weight of the angle between rendered features and {@link PhotoPriors#features}
 * @param gram weight of the difference between the Gram matrix of the rendered features and the network's
 * @param smoothness the part of the way, 0 to 1, by which each refinement draws opacity and colour of a Gaussian towards those
 *     of its neighbours with similar {@link PhotoPriors#features}
 * @param transients whether pixels are left out whose {@link PhotoPriors#features} disagree with those of the other photos
 * @param dropout the share of Gaussians that each step leaves out
 */
public record TrainingTerms(
        boolean stereo,
        double depth,
        boolean patchDepth,
        boolean priorSeeds,
        double priorDepth,
        double shape,
        double normals,
        double features,
        double gram,
        double smoothness,
        boolean transients,
        double dropout) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a weight is negative or not finite, smoothness above 1 or dropout not below 1
     */
    public TrainingTerms {
        notNegative("depth", depth);
        notNegative("priorDepth", priorDepth);
        notNegative("shape", shape);
        notNegative("normals", normals);
        notNegative("features", features);
        notNegative("gram", gram);
        notNegative("smoothness", smoothness);
        notNegative("dropout", dropout);
        if (smoothness > 1 || dropout >= 1) {
            throw new IllegalArgumentException(
                    "smoothness must be at most 1 and dropout below 1 but were " + smoothness + " and " + dropout);
        }
    }

    private static void notNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be finite and not negative but was " + value);
        }
    }

    /**
     * The terms that help.
     *
     * @return the preset
     */
    public static TrainingTerms defaults() {
        return none().withStereo(true).withDepth(0.1);
    }

    /**
     * Photos and sparse points alone.
     *
     * @return all terms off
     */
    public static TrainingTerms none() {
        return new TrainingTerms(false, 0, false, false, 0, 0, 0, 0, 0, 0, false, 0);
    }

    /** Whether the Gaussians carry features that are trained. */
    boolean trainsFeatures() {
        return features > 0 || gram > 0;
    }

    /** Whether any term needs the photos' features. */
    boolean usesFeatures() {
        return trainsFeatures() || smoothness > 0 || transients;
    }

    /**
     * With another {@link #stereo}.
     *
     * @param value whether it is on
     * @return new terms
     */
    public TrainingTerms withStereo(boolean value) {
        return with(draft -> draft.stereo = value);
    }

    /**
     * With another {@link #depth}.
     *
     * @param value not negative, 0 switches it off
     * @return new terms
     */
    public TrainingTerms withDepth(double value) {
        return with(draft -> draft.depth = value);
    }

    /**
     * With another {@link #patchDepth}.
     *
     * @param value whether it is on
     * @return new terms
     */
    public TrainingTerms withPatchDepth(boolean value) {
        return with(draft -> draft.patchDepth = value);
    }

    /**
     * With another {@link #priorSeeds}.
     *
     * @param value whether it is on
     * @return new terms
     */
    public TrainingTerms withPriorSeeds(boolean value) {
        return with(draft -> draft.priorSeeds = value);
    }

    /**
     * With another {@link #priorDepth}.
     *
     * @param value not negative, 0 switches it off
     * @return new terms
     */
    public TrainingTerms withPriorDepth(double value) {
        return with(draft -> draft.priorDepth = value);
    }

    /**
     * With another {@link #shape}.
     *
     * @param value not negative, 0 switches it off
     * @return new terms
     */
    public TrainingTerms withShape(double value) {
        return with(draft -> draft.shape = value);
    }

    /**
     * With another {@link #normals}.
     *
     * @param value not negative, 0 switches it off
     * @return new terms
     */
    public TrainingTerms withNormals(double value) {
        return with(draft -> draft.normals = value);
    }

    /**
     * With another {@link #features}.
     *
     * @param value not negative, 0 switches it off
     * @return new terms
     */
    public TrainingTerms withFeatures(double value) {
        return with(draft -> draft.features = value);
    }

    /**
     * With another {@link #gram}.
     *
     * @param value not negative, 0 switches it off
     * @return new terms
     */
    public TrainingTerms withGram(double value) {
        return with(draft -> draft.gram = value);
    }

    /**
     * With another {@link #smoothness}.
     *
     * @param value not negative, 0 switches it off
     * @return new terms
     */
    public TrainingTerms withSmoothness(double value) {
        return with(draft -> draft.smoothness = value);
    }

    /**
     * With another {@link #transients}.
     *
     * @param value whether it is on
     * @return new terms
     */
    public TrainingTerms withTransients(boolean value) {
        return with(draft -> draft.transients = value);
    }

    /**
     * With another {@link #dropout}.
     *
     * @param value not negative, 0 switches it off
     * @return new terms
     */
    public TrainingTerms withDropout(double value) {
        return with(draft -> draft.dropout = value);
    }

    private TrainingTerms with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finished();
    }

    /** The components while a changed copy is made: the one place besides the record itself that names all of them. */
    private static final class Draft {
        private boolean stereo;
        private double depth;
        private boolean patchDepth;
        private boolean priorSeeds;
        private double priorDepth;
        private double shape;
        private double normals;
        private double features;
        private double gram;
        private double smoothness;
        private boolean transients;
        private double dropout;

        Draft(TrainingTerms from) {
            stereo = from.stereo;
            depth = from.depth;
            patchDepth = from.patchDepth;
            priorSeeds = from.priorSeeds;
            priorDepth = from.priorDepth;
            shape = from.shape;
            normals = from.normals;
            features = from.features;
            gram = from.gram;
            smoothness = from.smoothness;
            transients = from.transients;
            dropout = from.dropout;
        }

        TrainingTerms finished() {
            return new TrainingTerms(
                    stereo,
                    depth,
                    patchDepth,
                    priorSeeds,
                    priorDepth,
                    shape,
                    normals,
                    features,
                    gram,
                    smoothness,
                    transients,
                    dropout);
        }
    }
}
