package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PhotoParameters;

/** Adam's update of what is learnt about one photo: a few numbers, which the host moves whatever the engine is. */
public final class PhotoUpdate {

    private PhotoUpdate() {}

    /**
     * Moves the colour map of a photo, and all maps so that their mean stays the identity.
     *
     * @param photos parameters, changed in place
     * @param photo which photo
     * @param gradient [12] loss gradient by the map
     * @param rates step sizes
     */
    public static void colours(PhotoParameters photos, int photo, double[] gradient, LearningRates rates) {
        int steps = ++photos.steps()[photo];
        float[] values = new float[PhotoParameters.COLOUR_VALUES];
        for (int k = 0; k < values.length; k++) {
            values[k] = (float) gradient[k];
        }
        new Adam(steps)
                .move(
                        photos.values(),
                        photos.firstMoments(),
                        photos.secondMoments(),
                        photo * PhotoParameters.STRIDE + PhotoParameters.COLOUR,
                        values,
                        values.length,
                        (float) rates.colours());
        photos.centreColours();
    }
}
