package io.github.dinosplat.splat;

import java.util.Arrays;

/**
 * What is learnt about each training photo besides the Gaussians, with Adam's two moments: an affine map of colours that
 * takes what the Gaussians look like to how this photo was exposed, and a small motion of its camera.
 *
 * <p>A photo has {@link #STRIDE} values. From {@link #COLOUR} on: a 3x4 matrix [A | b], row-major, identity at the start;
 * the loss sees {@code A c + b} instead of the rendered colour c (the 2024 addition to the reference code of Kerbl et al.
 * 2023). The mean of the maps over all photos is kept at the identity, so that renders without a map look like the
 * average photo. From {@link #POSE} on: a rotation vector in radians and a translation in scene units, both 0 at the
 * start; the photo is rendered with {@code x_cam = exp(rotation) (R x + t) + translation}.
 *
 * <p>The arrays are shared and mutable; lengths never change.
 */
public final class PhotoParameters {

    /** Values of a photo. */
    public static final int STRIDE = 18;

    /** Where the 3x4 colour matrix begins. */
    public static final int COLOUR = 0;

    /** How many values the colour matrix has. */
    public static final int COLOUR_VALUES = 12;

    /** Where rotation vector and translation begin. */
    public static final int POSE = 12;

    /**
     * How strongly the colour map is drawn to the identity: the loss has this times half the squared distance of the
     * matrix to the identity.
     */
    public static final double COLOUR_PENALTY = 0.01;

    private final int count;
    private final float[] values;
    private final float[] firstMoments;
    private final float[] secondMoments;
    private final int[] steps;

    /**
     * Parameters on given arrays, which are not copied.
     *
     * @param values [P, 18] parameters
     * @param firstMoments [P, 18] Adam's running mean of the gradients
     * @param secondMoments [P, 18] Adam's running mean of the squared gradients
     * @param steps [P] how many steps were done on each photo; Adam's bias correction counts from here
     * @throws IllegalArgumentException if the lengths do not fit
     */
    public PhotoParameters(float[] values, float[] firstMoments, float[] secondMoments, int[] steps) {
        long expected = (long) STRIDE * steps.length;
        if (values.length != expected || firstMoments.length != expected || secondMoments.length != expected) {
            throw new IllegalArgumentException("expected values and moments [P=" + steps.length + ", " + STRIDE
                    + "] but lengths were " + values.length + ", " + firstMoments.length + ", "
                    + secondMoments.length);
        }
        this.count = steps.length;
        this.values = values;
        this.firstMoments = firstMoments;
        this.secondMoments = secondMoments;
        this.steps = steps;
    }

    /**
     * The start: photos as they are, zero moments.
     *
     * @param count how many photos
     * @return new parameters
     */
    public static PhotoParameters start(int count) {
        float[] values = new float[STRIDE * count];
        for (int i = 0; i < values.length; i++) {
            values[i] = identity(i % STRIDE);
        }
        return new PhotoParameters(values, new float[STRIDE * count], new float[STRIDE * count], new int[count]);
    }

    /**
     * The value that changes nothing.
     *
     * @param k which of a photo's values, 0 to 17
     * @return 1 on the diagonal of the colour matrix, 0 elsewhere
     */
    public static float identity(int k) {
        return k < COLOUR_VALUES && k % 5 == 0 ? 1 : 0;
    }

    /**
     * How many photos there are.
     *
     * @return count
     */
    public int count() {
        return count;
    }

    /**
     * The parameters.
     *
     * @return [P, 18]; the array itself
     */
    public float[] values() {
        return values;
    }

    /**
     * Adam's first moments.
     *
     * @return [P, 18]; the array itself
     */
    public float[] firstMoments() {
        return firstMoments;
    }

    /**
     * Adam's second moments.
     *
     * @return [P, 18]; the array itself
     */
    public float[] secondMoments() {
        return secondMoments;
    }

    /**
     * Steps done on each photo.
     *
     * @return [P]; the array itself
     */
    public int[] steps() {
        return steps;
    }

    /** Moves all colour maps by the same amount so that their mean is the identity; for engines, after each step. */
    public void centreColours() {
        for (int k = COLOUR; k < COLOUR + COLOUR_VALUES; k++) {
            double sum = 0;
            for (int p = 0; p < count; p++) {
                sum += values[STRIDE * p + k];
            }
            float surplus = (float) (sum / count - identity(k));
            for (int p = 0; p < count; p++) {
                values[STRIDE * p + k] -= surplus;
            }
        }
    }

    /**
     * A copy that shares nothing.
     *
     * @return new parameters
     */
    public PhotoParameters copy() {
        return new PhotoParameters(
                values.clone(), firstMoments.clone(), secondMoments.clone(), Arrays.copyOf(steps, count));
    }
}
