package io.github.dinosplat.splat.train;

import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;

/**
 * Which of the known variants of 3D Gaussian splatting a run uses.
 *
 * @param refinement how Gaussians are moved, added and removed
 * @param background what lies behind the Gaussians
 * @param mip whether Gaussians smaller than a pixel are dimmed, see {@link RenderOptions#mip}; the splats then ask
 *     for a viewer that does so too
 * @param exposure whether an affine colour map is learnt for each photo, see {@link PhotoParameters}; the splats then look like
 *     the average photo, and photos that were held out are judged as {@link PhotoColours} says
 * @param poses whether the training photos' poses are refined together with the Gaussians
 */
public record TrainingMethod(
        Refinement refinement, Background background, boolean mip, Exposure exposure, boolean poses) {

    /** MCMC on black, with colour maps where photos are few and nothing else learnt. */
    public static final TrainingMethod DEFAULT =
            new TrainingMethod(Refinement.MCMC, Background.BLACK, false, Exposure.AUTO, false);

    /** Of the colour maps: a photo's turn comes every few dozen steps. */
    private static final double EXPOSURE_RATE = 5e-3;

    /** Of the poses at the start, radians and camera radii; falls to {@link #LAST_POSE_PART} of it. */
    private static final double POSE_RATE = 1e-3;

    private static final double LAST_POSE_PART = 0.01;
    private static final double BACKGROUND_RATE = 1e-2;
    private static final long BACKGROUND_STREAM = 0x6261636b67726eL;

    /** How Gaussians are moved, added and removed. */
    public enum Refinement {
        /** Markov chain Monte Carlo (Kheradmand et al. 2024): relocation of faded ones, noise, growth up to a cap. */
        MCMC,
        /**
         * Adaptive density control (Kerbl et al. 2023, section 5.2) by absolute gradients (Ye et al. 2024, "AbsGS"): where
         * pixels pull strongly at a Gaussian it is doubled or split; faded ones are removed.
         */
        ADC
    }

    /** What lies behind the Gaussians. */
    public enum Background {
        /**
         * Black, behind a shell of far Gaussians that stands for sky and distance: for scenes that fill the photos. Cut-out
         * photos, those with transparent pixels, are learnt as with {@link #RANDOM} instead.
         */
        BLACK,
        /** White: for things photographed before it, or cut out. */
        WHITE,
        /** Another colour in every step, so that nothing of the scene can be left to the background; rendered on black. */
        RANDOM,
        /** One colour that is learnt. */
        LEARNED
    }

    /** Whether the colour maps of photos are learnt. */
    public enum Exposure {
        /** Photos are taken as they are. */
        OFF,
        /** Each photo has a map. */
        ON,
        /**
         * On for so few training photos that the colours of a Gaussian have at least as many coefficients: how these change
         * with the direction can then explain each photo's exposure on its own, whatever lies between. More photos keep each other in order.
         */
        AUTO
    }

    /** This method for a number of training photos, with colour maps on or off. */
    TrainingMethod forPhotos(int count) {
        boolean on = exposure == Exposure.ON || exposure == Exposure.AUTO && count <= Gaussians.SH_COEFFICIENTS;
        return new TrainingMethod(refinement, background, mip, on ? Exposure.ON : Exposure.OFF, poses);
    }

    /**
     * This method for cut-out photos, whose transparent pixels say that nothing is there: before one known colour things of that
     * colour might be there all the same.
     *
     * @throws IllegalArgumentException if the background is to be learnt, of which such photos show nothing
     */
    TrainingMethod forTransparentPhotos() {
        return switch (background) {
            case LEARNED ->
                throw new IllegalArgumentException(
                        "photos with transparent pixels show no background to learn; use random or white");
            case BLACK -> new TrainingMethod(refinement, Background.RANDOM, mip, exposure, poses);
            case WHITE, RANDOM -> this;
        };
    }

    /** Whether training starts with {@link Surroundings}: with any other background it is this that lies behind. */
    boolean hasSurroundings() {
        return background == Background.BLACK;
    }

    /** The colour behind a step's picture; of no meaning where it is learnt. */
    Colour background(long seed, int iteration) {
        return switch (background) {
            case BLACK, LEARNED -> Colour.BLACK;
            case WHITE -> Colour.WHITE;
            case RANDOM -> {
                // Colours that bytes hold exactly, for transparent photos put onto them.
                long bits = Hash.bits(seed, BACKGROUND_STREAM, iteration);
                yield new Colour((bits & 255) / 255f, (bits >>> 8 & 255) / 255f, (bits >>> 16 & 255) / 255f);
            }
        };
    }

    /** A step of the plain schedule as this method asks for, at some part of the run. */
    StepOptions applied(StepOptions plain, double part) {
        boolean adc = refinement == Refinement.ADC;
        return plain.withRender(plain.render().withMip(mip))
                .withRates(plain.rates()
                        .withPhotos(
                                exposure == Exposure.ON ? EXPOSURE_RATE : 0,
                                poses ? POSE_RATE * Math.pow(LAST_POSE_PART, part) : 0,
                                background == Background.LEARNED ? BACKGROUND_RATE : 0))
                .withNoise(adc ? 0 : plain.noise())
                .withAbsoluteGradients(adc);
    }

    /** How the splats are looked at in the end. */
    RenderOptions rendering(PhotoParameters learnt) {
        Colour colour = switch (background) {
            case BLACK, RANDOM -> Colour.BLACK;
            case WHITE -> Colour.WHITE;
            case LEARNED -> learnt.background();
        };
        return RenderOptions.defaults().withBackground(colour).withMip(mip);
    }
}
