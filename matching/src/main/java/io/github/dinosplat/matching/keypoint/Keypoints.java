package io.github.dinosplat.matching.keypoint;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The keypoints of one photo with their descriptors, strongest first. Immutable; arrays are shared, not copied, so that
 * thousands of photos fit in memory.
 */
public final class Keypoints {

    /** Entries of one descriptor: SIFT's. Shorter ones are filled up with zeros. */
    public static final int DESCRIPTOR_SIZE = 128;

    /** Those of a photo that has none. */
    public static final Keypoints NONE =
            new Keypoints(new float[0], new float[0], new float[0], new float[0], new float[0]);

    private final float[] x;
    private final float[] y;
    private final float[] scale;
    private final float[] orientation;
    private final float[] descriptors;

    /**
     * Keypoints.
     *
     * @param x [n] horizontal positions in pixels of the stored photo, pixel centres at +0.5
     * @param y [n] vertical positions likewise
     * @param scale [n] standard deviations of the keypoints' Gaussian windows in pixels of the stored photo, positive
     * @param orientation [n] dominant gradient directions in radians, from x towards y
     * @param descriptors [n, 128] of unit length; those of SIFT are RootSIFT, without negative entries
     * @throws IllegalArgumentException if the lengths differ or a position or scale is not finite
     */
    public Keypoints(float[] x, float[] y, float[] scale, float[] orientation, float[] descriptors) {
        int n = x.length;
        if (y.length != n
                || scale.length != n
                || orientation.length != n
                || descriptors.length != (long) n * DESCRIPTOR_SIZE) {
            throw new IllegalArgumentException("expected y, scale, orientation [N=" + n + "] and descriptors [" + n
                    + ", 128] but lengths were " + y.length + ", " + scale.length + ", " + orientation.length + ", "
                    + descriptors.length);
        }
        for (int i = 0; i < n; i++) {
            if (!Float.isFinite(x[i]) || !Float.isFinite(y[i]) || !(scale[i] > 0) || !Float.isFinite(orientation[i])) {
                throw new IllegalArgumentException("keypoint " + i + " must be finite with a positive scale but was "
                        + x[i] + ", " + y[i] + ", scale " + scale[i] + ", orientation " + orientation[i]);
            }
        }
        this.x = x;
        this.y = y;
        this.scale = scale;
        this.orientation = orientation;
        this.descriptors = descriptors;
    }

    /**
     * How many keypoints there are.
     *
     * @return count
     */
    public int count() {
        return x.length;
    }

    /**
     * Horizontal position.
     *
     * @param i keypoint index
     * @return pixels of the stored photo
     */
    public double x(int i) {
        return x[i];
    }

    /**
     * Vertical position.
     *
     * @param i keypoint index
     * @return pixels of the stored photo
     */
    public double y(int i) {
        return y[i];
    }

    /**
     * Standard deviation of the keypoint's Gaussian window.
     *
     * @param i keypoint index
     * @return pixels of the stored photo
     */
    public double scale(int i) {
        return scale[i];
    }

    /**
     * Dominant gradient direction.
     *
     * @param i keypoint index
     * @return radians, from x towards y
     */
    public double orientation(int i) {
        return orientation[i];
    }

    /**
     * All descriptors, for loops that must be fast.
     *
     * @return [n, 128]; must not be changed
     */
    public float[] descriptors() {
        return descriptors;
    }

    /**
     * Some of the keypoints.
     *
     * @param kept which ones, by their index
     * @return those in the same order; this where all are kept
     */
    public Keypoints where(IntPredicate kept) {
        int[] chosen = IntStream.range(0, x.length).filter(kept).toArray();
        int n = chosen.length;
        if (n == x.length) {
            return this;
        }
        float[] newX = new float[n];
        float[] newY = new float[n];
        float[] newScale = new float[n];
        float[] newOrientation = new float[n];
        float[] newDescriptors = new float[n * DESCRIPTOR_SIZE];
        for (int i = 0; i < n; i++) {
            newX[i] = x[chosen[i]];
            newY[i] = y[chosen[i]];
            newScale[i] = scale[chosen[i]];
            newOrientation[i] = orientation[chosen[i]];
            System.arraycopy(
                    descriptors, chosen[i] * DESCRIPTOR_SIZE, newDescriptors, i * DESCRIPTOR_SIZE, DESCRIPTOR_SIZE);
        }
        return new Keypoints(newX, newY, newScale, newOrientation, newDescriptors);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Keypoints that
                && Arrays.equals(x, that.x)
                && Arrays.equals(y, that.y)
                && Arrays.equals(scale, that.scale)
                && Arrays.equals(orientation, that.orientation)
                && Arrays.equals(descriptors, that.descriptors);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(
                new int[] {Arrays.hashCode(x), Arrays.hashCode(y), Arrays.hashCode(scale), Arrays.hashCode(descriptors)
                });
    }

    @Override
    public String toString() {
        return "Keypoints[" + x.length + "]";
    }
}
