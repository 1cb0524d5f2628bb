package io.github.dinosplat.splat;

/**
 * How Gaussians are rendered.
 *
 * @param shDegree the degree up to which spherical harmonics are used, 0 to 3; a lower degree than the Gaussians' leaves
 *     the higher coefficients out
 * @param background the colour behind everything
 */
public record RenderOptions(int shDegree, Colour background) {

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
     * All coefficients on a black background.
     *
     * @return the options
     */
    public static RenderOptions defaults() {
        return new RenderOptions(Gaussians.MAX_SH_DEGREE, Colour.BLACK);
    }
}
