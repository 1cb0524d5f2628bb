package io.github.dinosplat.splat;

import io.github.dinosplat.scene.Rigid3;
import java.util.Arrays;
import org.joml.Quaterniond;
import org.joml.Vector3d;

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
 * <p>With them goes the colour of the background that all photos share, where it is learnt: its three values and their
 * two moments.
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

    /** Colour of the background and its two moments. */
    public static final int BACKGROUND_VALUES = 9;

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
    private final float[] background;

    /**
     * Parameters on given arrays, which are not copied.
     *
     * @param values [P, 18] parameters
     * @param firstMoments [P, 18] Adam's running mean of the gradients
     * @param secondMoments [P, 18] Adam's running mean of the squared gradients
     * @param steps [P] how many steps were done on each photo; Adam's bias correction counts from here
     * @param background [3, 3] colour of the background and its two moments
     * @throws IllegalArgumentException if the lengths do not fit
     */
    public PhotoParameters(
            float[] values, float[] firstMoments, float[] secondMoments, int[] steps, float[] background) {
        long expected = (long) STRIDE * steps.length;
        if (values.length != expected || firstMoments.length != expected || secondMoments.length != expected) {
            throw new IllegalArgumentException("expected values and moments [P=" + steps.length + ", " + STRIDE
                    + "] but lengths were " + values.length + ", " + firstMoments.length + ", "
                    + secondMoments.length);
        }
        if (background.length != BACKGROUND_VALUES) {
            throw new IllegalArgumentException("expected background [3, 3] but length was " + background.length);
        }
        this.background = background;
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
        return new PhotoParameters(
                values,
                new float[STRIDE * count],
                new float[STRIDE * count],
                new int[count],
                new float[BACKGROUND_VALUES]);
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

    /**
     * The colour of the background and its two moments.
     *
     * @return [3, 3]; the array itself
     */
    public float[] backgroundValues() {
        return background;
    }

    /**
     * The colour of the background as learnt so far.
     *
     * @return the colour, black at the start
     */
    public Colour background() {
        return new Colour(background[0], background[1], background[2]);
    }

    /**
     * How a photo's camera has been moved.
     *
     * @param photo which photo
     * @return to be applied after {@code camFromWorld}
     */
    public Rigid3 motion(int photo) {
        int at = STRIDE * photo + POSE;
        return motion(values[at], values[at + 1], values[at + 2], values[at + 3], values[at + 4], values[at + 5]);
    }

    private static Rigid3 motion(double rx, double ry, double rz, double tx, double ty, double tz) {
        Vector3d turn = new Vector3d(rx, ry, rz);
        double angle = turn.length();
        Quaterniond rotation = new Quaterniond();
        if (angle > 0) {
            rotation.fromAxisAngleRad(turn.div(angle), angle);
        }
        return new Rigid3(rotation, new Vector3d(tx, ty, tz));
    }

    /**
     * Moves a photo's camera further; for engines.
     *
     * @param photo which photo
     * @param step rotation vector in radians, then translation, in the frame of the camera as moved so far
     */
    public void move(int photo, double[] step) {
        Rigid3 moved =
                motion(step[0], step[1], step[2], step[3], step[4], step[5]).compose(motion(photo));
        int at = STRIDE * photo + POSE;
        double w = moved.rotation().w();
        Vector3d axis = new Vector3d(
                moved.rotation().x(), moved.rotation().y(), moved.rotation().z());
        double half = axis.length();
        // The half angle of a unit quaternion; its length in the limit of no rotation.
        axis.mul(half > 1e-12 ? 2 * Math.atan2(half, w) / half : 2);
        for (int k = 0; k < 3; k++) {
            values[at + k] = (float) axis.get(k);
            values[at + 3 + k] = (float) moved.translation().get(k);
        }
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
                values.clone(),
                firstMoments.clone(),
                secondMoments.clone(),
                Arrays.copyOf(steps, count),
                background.clone());
    }
}
