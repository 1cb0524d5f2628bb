package io.github.dinosplat.splat;

/**
 * What one training step minimises and how far it goes.
 *
 * <p>The loss is {@code (1 - ssimWeight) * L1 + ssimWeight * (1 - SSIM) + opacityPenalty * mean opacity +
 * scalePenalty * mean scale}. The noise is that of 3DGS-MCMC (Kheradmand et al. 2024, eq. 8): after Adam's step every
 * centre moves by {@code rates.means * noise * sigmoid(-100 (opacity - 0.005)) * covariance * eta} with eta standard
 * normal, drawn from a hash of seed, iteration and index.
 *
 * @param render spherical-harmonics degree and background; coefficients above the degree are not touched
 * @param rates Adam's step sizes
 * @param ssimWeight weight of the structural part of the loss, 0 to 1
 * @param opacityPenalty weight of the mean opacity
 * @param scalePenalty weight of the mean scale, per scene unit
 * @param noise factor of the noise on the centres; 0 for none
 * @param seed seed of the noise
 */
public record StepOptions(
        RenderOptions render,
        LearningRates rates,
        double ssimWeight,
        double opacityPenalty,
        double scalePenalty,
        double noise,
        long seed) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the weight is outside of 0 to 1, or another value is negative or not finite
     */
    public StepOptions {
        if (!(ssimWeight >= 0 && ssimWeight <= 1)) {
            throw new IllegalArgumentException("ssimWeight must be 0 to 1 but was " + ssimWeight);
        }
        for (double value : new double[] {opacityPenalty, scalePenalty, noise}) {
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw new IllegalArgumentException(
                        "opacityPenalty, scalePenalty and noise must be finite and not negative but were "
                                + opacityPenalty + ", " + scalePenalty + ", " + noise);
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
        return new StepOptions(render, rates, 0.2, 0, 0, 0, 0);
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
        return new StepOptions(render, rates, 0.2, 0.01, 0.01, 5e5, seed);
    }
}
