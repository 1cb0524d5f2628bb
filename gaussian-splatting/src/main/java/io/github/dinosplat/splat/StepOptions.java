package io.github.dinosplat.splat;

/**
 * What one training step minimises and how far it goes.
 *
 * <p>The loss is {@code (1 - ssimWeight) * L1 + ssimWeight * (1 - SSIM) + opacityPenalty * mean opacity +
 * scalePenalty * mean scale + depthWeight * D}. D is the mean over all pixels of {@code weight |sum of w_i / (z_i + c) -
 * target|} of the view's {@link DepthTarget}, 0 without one (after the inverse-depth L1 of Kerbl et al., "A Hierarchical
 * 3D Gaussian Representation", 2024, section 4.2). The noise is that of 3DGS-MCMC (Kheradmand et al. 2024, eq. 8): after Adam's step every
 * centre moves by {@code rates.means * noise * sigmoid(-100 (opacity - 0.005)) * covariance * eta} with eta standard
 * normal, drawn from a hash of seed, iteration and index.
 *
 * @param render spherical-harmonics degree and background; coefficients above the degree are not touched
 * @param rates Adam's step sizes
 * @param ssimWeight weight of the structural part of the loss, 0 to 1
 * @param opacityPenalty weight of the mean opacity
 * @param scalePenalty weight of the mean scale, per scene unit
 * @param noise factor of the noise on the centres; 0 for none
 * @param seed seed of the noise and of the dropout
 * @param depthWeight weight of the depth term
 * @param dropout the share of Gaussians that this step leaves out, drawn from a hash of seed, iteration and index; the
 *     others are rendered with their opacity divided by {@code 1 - dropout} (Park et al. 2025, "DropGaussian"). 0 for
 *     none
 * @param absoluteGradients whether {@link TrainingState#gradientNormSums} adds up each pixel's gradient by its absolute
 *     value, so that pixels which pull a Gaussian to opposite sides do not cancel (Ye et al. 2024, "AbsGS", eq. 8)
 */
public record StepOptions(
        RenderOptions render,
        LearningRates rates,
        double ssimWeight,
        double opacityPenalty,
        double scalePenalty,
        double noise,
        long seed,
        double depthWeight,
        double dropout,
        boolean absoluteGradients) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the weight is outside of 0 to 1, or another value is negative or not finite
     */
    public StepOptions {
        if (!(ssimWeight >= 0 && ssimWeight <= 1)) {
            throw new IllegalArgumentException("ssimWeight must be 0 to 1 but was " + ssimWeight);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be at least 0 and below 1 but was " + dropout);
        }
        for (double value : new double[] {opacityPenalty, scalePenalty, noise, depthWeight}) {
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw new IllegalArgumentException("opacityPenalty, scalePenalty, noise and depthWeight must be finite"
                        + " and not negative but were " + opacityPenalty + ", " + scalePenalty + ", " + noise + ", "
                        + depthWeight);
            }
        }
    }

    /**
     * Plain optimisation: 0.8 L1 + 0.2 (1 - SSIM), no penalties, no noise.
     *
     * @param render spherical-harmonics degree and background
     * @param rates Adam's step sizes
     * @return the options
     */
    public static StepOptions plain(RenderOptions render, LearningRates rates) {
        return new StepOptions(render, rates, 0.2, 0, 0, 0, 0, 0, 0, false);
    }

    /**
     * With the penalties and noise of 3DGS-MCMC: 0.01, 0.01 and 5e5.
     *
     * @param render spherical-harmonics degree and background
     * @param rates Adam's step sizes
     * @param seed seed of the noise
     * @return the options
     */
    public static StepOptions mcmc(RenderOptions render, LearningRates rates, long seed) {
        return new StepOptions(render, rates, 0.2, 0.01, 0.01, 5e5, seed, 0, 0, false);
    }

    /**
     * With another weight of the depth term.
     *
     * @param value not negative
     * @return new options
     */
    public StepOptions withDepthWeight(double value) {
        return new StepOptions(
                render,
                rates,
                ssimWeight,
                opacityPenalty,
                scalePenalty,
                noise,
                seed,
                value,
                dropout,
                absoluteGradients);
    }

    /**
     * With another share of Gaussians left out.
     *
     * @param value at least 0 and below 1
     * @return new options
     */
    public StepOptions withDropout(double value) {
        return new StepOptions(
                render,
                rates,
                ssimWeight,
                opacityPenalty,
                scalePenalty,
                noise,
                seed,
                depthWeight,
                value,
                absoluteGradients);
    }

    /**
     * With other options of rendering.
     *
     * @param value degree, background, dimming, features
     * @return new options
     */
    public StepOptions withRender(RenderOptions value) {
        return new StepOptions(
                value,
                rates,
                ssimWeight,
                opacityPenalty,
                scalePenalty,
                noise,
                seed,
                depthWeight,
                dropout,
                absoluteGradients);
    }

    /**
     * With other step sizes.
     *
     * @param value of Adam
     * @return new options
     */
    public StepOptions withRates(LearningRates value) {
        return new StepOptions(
                render,
                value,
                ssimWeight,
                opacityPenalty,
                scalePenalty,
                noise,
                seed,
                depthWeight,
                dropout,
                absoluteGradients);
    }

    /**
     * With another factor of the noise.
     *
     * @param value not negative, 0 for none
     * @return new options
     */
    public StepOptions withNoise(double value) {
        return new StepOptions(
                render,
                rates,
                ssimWeight,
                opacityPenalty,
                scalePenalty,
                value,
                seed,
                depthWeight,
                dropout,
                absoluteGradients);
    }

    /**
     * With or without absolute values in the statistics.
     *
     * @param value whether pixels' gradients are added up by their absolute values
     * @return new options
     */
    public StepOptions withAbsoluteGradients(boolean value) {
        return new StepOptions(
                render, rates, ssimWeight, opacityPenalty, scalePenalty, noise, seed, depthWeight, dropout, value);
    }
}
