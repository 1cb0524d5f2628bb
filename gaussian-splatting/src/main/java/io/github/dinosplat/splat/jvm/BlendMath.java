package io.github.dinosplat.splat.jvm;

/** Constants of blending, and alpha from its exponent. */
final class BlendMath {

    static final float MIN_ALPHA = 1f / 255;
    static final float MAX_ALPHA = 0.99f;

    /** A pixel is finished before the Gaussian that would bring its transmittance here. */
    static final float MIN_TRANSMITTANCE = 1e-4f;

    /** The exponent of {@link #MIN_ALPHA}: an eighth of its logarithm to base 2. */
    static final float MIN_EXPONENT = (float) (-Math.log(255) / Math.log(2) / 8);

    /** From natural logarithms to exponents. */
    static final float EXPONENT_PER_NATURAL_LOG = (float) (1 / Math.log(2) / 8);

    // 2^x for x from -1 to 0, fitted for the least largest relative error (7.5e-8 before rounding).
    static final float P0 = 0.99999994f;
    static final float P1 = 0.69314224f;
    static final float P2 = 0.24017219f;
    static final float P3 = 0.055279724f;
    static final float P4 = 0.009188612f;
    static final float P5 = 0.0009387883f;

    private BlendMath() {}

    /** Two to the power of eight times the exponent, for exponents from -1 to 0. */
    static float alpha(float exponent) {
        float root = ((((P5 * exponent + P4) * exponent + P3) * exponent + P2) * exponent + P1) * exponent + P0;
        float square = root * root;
        float fourth = square * square;
        return fourth * fourth;
    }
}
