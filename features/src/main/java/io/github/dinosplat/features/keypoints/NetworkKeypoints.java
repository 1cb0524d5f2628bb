package io.github.dinosplat.features.keypoints;

/** Keypoints of a photo from a network, strongest first. Immutable; arrays are shared, not copied. */
public final class NetworkKeypoints {

    private final float[] x;
    private final float[] y;
    private final float[] score;
    private final int descriptorSize;
    private final float[] descriptors;
    private final double pixel;

    /**
     * Keypoints.
     *
     * @param x [n] horizontal positions in pixels of the photo, pixel centres at +0.5
     * @param y [n] vertical positions likewise
     * @param score [n] the network's scores, not rising
     * @param descriptorSize length of a descriptor
     * @param descriptors [n, descriptorSize] of unit length
     * @param pixel side of a pixel that the network saw, in pixels of the photo
     * @throws IllegalArgumentException if the lengths do not fit
     */
    NetworkKeypoints(float[] x, float[] y, float[] score, int descriptorSize, float[] descriptors, double pixel) {
        if (y.length != x.length
                || score.length != x.length
                || descriptors.length != (long) x.length * descriptorSize) {
            throw new IllegalArgumentException("expected y, score [N=" + x.length + "] and descriptors [" + x.length
                    + ", " + descriptorSize + "] but lengths were " + y.length + ", " + score.length + ", "
                    + descriptors.length);
        }
        this.x = x;
        this.y = y;
        this.score = score;
        this.descriptorSize = descriptorSize;
        this.descriptors = descriptors;
        this.pixel = pixel;
    }

    /**
     * How many there are.
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
     * @return pixels of the photo
     */
    public float x(int i) {
        return x[i];
    }

    /**
     * Vertical position.
     *
     * @param i keypoint index
     * @return pixels of the photo
     */
    public float y(int i) {
        return y[i];
    }

    /**
     * The network's score.
     *
     * @param i keypoint index
     * @return higher is better
     */
    public float score(int i) {
        return score[i];
    }

    /**
     * Length of a descriptor.
     *
     * @return count
     */
    public int descriptorSize() {
        return descriptorSize;
    }

    /**
     * All descriptors.
     *
     * @return [n, descriptorSize], each of unit length; must not be changed
     */
    public float[] descriptors() {
        return descriptors;
    }

    /**
     * How large a pixel was that the network saw: the scale at which these keypoints were found.
     *
     * @return side in pixels of the photo
     */
    public double pixel() {
        return pixel;
    }
}
