package io.github.dinosplat.features;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Mean and standard deviation of red, green and blue (0 to 1) that a family of networks expects to be taken out.
 *
 * @param meanRed mean of red
 * @param meanGreen mean of green
 * @param meanBlue mean of blue
 * @param deviationRed standard deviation of red, positive
 * @param deviationGreen standard deviation of green, positive
 * @param deviationBlue standard deviation of blue, positive
 */
public record PixelNormalisation(
        float meanRed, float meanGreen, float meanBlue, float deviationRed, float deviationGreen, float deviationBlue) {

    /** ImageNet's: DINOv2, DINOv3 on web photos (LVD-1689M) and most others. */
    public static final PixelNormalisation IMAGENET =
            new PixelNormalisation(0.485f, 0.456f, 0.406f, 0.229f, 0.224f, 0.225f);

    /** DINOv3's satellite weights (SAT-493M). */
    public static final PixelNormalisation SATELLITE =
            new PixelNormalisation(0.430f, 0.411f, 0.296f, 0.213f, 0.156f, 0.143f);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a mean is not finite or a deviation not positive
     */
    public PixelNormalisation {
        if (!Float.isFinite(meanRed + meanGreen + meanBlue)) {
            throw new IllegalArgumentException(
                    "means must be finite but were " + meanRed + ", " + meanGreen + ", " + meanBlue);
        }
        if (!(deviationRed > 0 && deviationGreen > 0 && deviationBlue > 0)) {
            throw new IllegalArgumentException("deviations must be positive but were " + deviationRed + ", "
                    + deviationGreen + ", " + deviationBlue);
        }
    }

    /**
     * What a model file expects: what a {@code preprocessor_config.json} beside it or above its folder {@code onnx} says,
     * else DINOv3's satellite values where its path names these weights, else ImageNet's.
     *
     * @param onnx model file
     * @return normalisation
     * @throws IOException if there is such a configuration and it cannot be read
     */
    public static PixelNormalisation of(Path onnx) throws IOException {
        return Preprocessing.normalisation(onnx);
    }

    /**
     * Mean of a channel.
     *
     * @param channel 0 red, 1 green, 2 blue
     * @return from 0 to 1
     */
    public float mean(int channel) {
        return channel == 0 ? meanRed : channel == 1 ? meanGreen : meanBlue;
    }

    /**
     * Standard deviation of a channel.
     *
     * @param channel 0 red, 1 green, 2 blue
     * @return of values from 0 to 1
     */
    public float deviation(int channel) {
        return channel == 0 ? deviationRed : channel == 1 ? deviationGreen : deviationBlue;
    }
}
