package io.github.dinosplat.splat;

/**
 * An sRGB colour.
 *
 * @param red red, 0 to 1
 * @param green green, 0 to 1
 * @param blue blue, 0 to 1
 */
public record Colour(float red, float green, float blue) {

    /** Black, the usual background. */
    public static final Colour BLACK = new Colour(0, 0, 0);

    /** White. */
    public static final Colour WHITE = new Colour(1, 1, 1);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is not finite
     */
    public Colour {
        if (!Float.isFinite(red) || !Float.isFinite(green) || !Float.isFinite(blue)) {
            throw new IllegalArgumentException("colour must be finite but was " + red + ", " + green + ", " + blue);
        }
    }
}
