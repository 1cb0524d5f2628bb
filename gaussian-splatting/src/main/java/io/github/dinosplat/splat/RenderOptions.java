package io.github.dinosplat.splat;

/**
 * How Gaussians are rendered.
 *
 * @param shDegree the degree up to which spherical harmonics are used, 0 to 3; a lower degree than the Gaussians' leaves
 *     the higher coefficients out
 * @param background the colour behind everything
 * @param mip whether the low-pass that keeps every Gaussian at least a pixel wide dims it in return, so that its light
 *     stays the same at every distance (Yu et al. 2024, "Mip-Splatting", eq. 9)
 * @param features whether the Gaussians' features are rendered, and trained in a step
 */
public record RenderOptions(int shDegree, Colour background, boolean mip, boolean features) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the degree is out of range
     */
    public RenderOptions {
        if (shDegree < 0 || shDegree > Gaussians.MAX_SH_DEGREE) {
            throw new IllegalArgumentException("shDegree must be 0 to 3 but was " + shDegree);
        }
    }

    /**
     * Colour, depth and opacity as in the original method.
     *
     * @param shDegree degree of the colours, 0 to 3
     * @param background the colour behind everything
     */
    public RenderOptions(int shDegree, Colour background) {
        this(shDegree, background, false, false);
    }

    /**
     * All coefficients on a black background.
     *
     * @return the options
     */
    public static RenderOptions defaults() {
        return new RenderOptions(Gaussians.MAX_SH_DEGREE, Colour.BLACK);
    }

    /**
     * The same on another background.
     *
     * @param newBackground the colour behind everything
     * @return the options
     */
    public RenderOptions withBackground(Colour newBackground) {
        return new RenderOptions(shDegree, newBackground, mip, features);
    }

    /**
     * The same with or without the dimming of {@link #mip}.
     *
     * @param newMip whether small Gaussians are dimmed
     * @return the options
     */
    public RenderOptions withMip(boolean newMip) {
        return new RenderOptions(shDegree, background, newMip, features);
    }

    /**
     * The same with or without features.
     *
     * @param newFeatures whether features are rendered and trained
     * @return the options
     */
    public RenderOptions withFeatures(boolean newFeatures) {
        return new RenderOptions(shDegree, background, mip, newFeatures);
    }
}
