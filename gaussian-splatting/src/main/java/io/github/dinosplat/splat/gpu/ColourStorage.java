package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.Gaussians;

/** In how many bits the Vulkan engine keeps the coefficients of colours, and each of their moments, on the device. */
public enum ColourStorage {

    /** As the other parameters: 716 bytes a Gaussian in all. */
    BITS_32(Packing.FLOATS, Packing.FLOATS),

    /**
     * Coefficients as halves, moments as the upper halves of floats, rounded by chance so that small steps are not lost;
     * 428 bytes a Gaussian in all. Results differ a little from those of 32 bits, and are as reproducible.
     */
    BITS_16(Packing.HALVES, Packing.UPPER_HALVES);

    private final Packing coefficients;
    private final Packing moments;

    ColourStorage(Packing coefficients, Packing moments) {
        this.coefficients = coefficients;
        this.moments = moments;
    }

    Packing ofCoefficients() {
        return coefficients;
    }

    Packing ofMoments() {
        return moments;
    }

    /** Words in which the coefficients of a Gaussian lie. */
    int words() {
        return 3 * Gaussians.SH_COEFFICIENTS * coefficients.bytes() / 4;
    }

    /**
     * What a training state takes on the device.
     *
     * @return bytes of a Gaussian: parameters, two moments of each, two statistics
     */
    public int bytesPerGaussian() {
        return 4 * (3 * (11 + words()) + 2);
    }
}
