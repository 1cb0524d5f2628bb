package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.PoseGradient;
import java.util.Arrays;

/** Adam's update of what is learnt besides the Gaussians. */
final class PhotoUpdate {

    private PhotoUpdate() {}

    /**
     * Moves what is learnt about one photo, as far as its rate is above 0: the colour map, and all maps so that their mean
     * stays the identity; the pose.
     *
     * @param photos parameters, changed in place
     * @param photo which photo
     * @param colours [12] loss gradient by the colour map; not read with a rate of 0
     * @param pose loss gradient by the pose; likewise
     * @param rates step sizes
     */
    static void photo(PhotoParameters photos, int photo, double[] colours, PoseGradient pose, LearningRates rates) {
        Adam adam = new Adam(++photos.steps()[photo]);
        int at = photo * PhotoParameters.STRIDE;
        if (rates.colours() > 0) {
            adam.move(
                    photos.values(),
                    photos.firstMoments(),
                    photos.secondMoments(),
                    at + PhotoParameters.COLOUR,
                    floats(colours),
                    PhotoParameters.COLOUR_VALUES,
                    (float) rates.colours());
            photos.centreColours();
        }
        if (rates.poses() > 0) {
            pose(photos, photo, at + PhotoParameters.POSE, pose, adam, (float) rates.poses());
        }
    }

    /** The gradient is that by a further motion, so Adam's step is one, too. */
    private static void pose(PhotoParameters photos, int photo, int at, PoseGradient pose, Adam adam, float rate) {
        double[] gradient = {pose.wx(), pose.wy(), pose.wz(), pose.vx(), pose.vy(), pose.vz()};
        float[] step = new float[6];
        float[] first = Arrays.copyOfRange(photos.firstMoments(), at, at + 6);
        float[] second = Arrays.copyOfRange(photos.secondMoments(), at, at + 6);
        adam.move(step, first, second, 0, floats(gradient), 6, rate);
        System.arraycopy(first, 0, photos.firstMoments(), at, 6);
        System.arraycopy(second, 0, photos.secondMoments(), at, 6);
        photos.move(photo, new double[] {step[0], step[1], step[2], step[3], step[4], step[5]});
    }

    /**
     * Moves the colour of the background.
     *
     * @param photos parameters, changed in place
     * @param gradient [3] loss gradient by the colour
     * @param iteration number of the step, from 1
     * @param rate step size
     */
    static void background(PhotoParameters photos, double[] gradient, long iteration, double rate) {
        float[] values = photos.backgroundValues();
        float[] first = Arrays.copyOfRange(values, 3, 6);
        float[] second = Arrays.copyOfRange(values, 6, 9);
        new Adam(iteration).move(values, first, second, 0, floats(gradient), 3, (float) rate);
        System.arraycopy(first, 0, values, 3, 3);
        System.arraycopy(second, 0, values, 6, 3);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int k = 0; k < floats.length; k++) {
            floats[k] = (float) values[k];
        }
        return floats;
    }
}
