package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.scene.Rigid3;
import java.util.Arrays;
import java.util.Optional;

/** The verified matches of two photos and the two-view geometry that they agree with. Immutable. */
public final class PhotoMatches {

    /** How the matches were found. */
    public enum Way {
        /** Keypoints of the photos as they are. */
        KEYPOINTS,
        /** Also by descriptors without the sign of gradients, for light that has changed from day to night. */
        HALF_CIRCLE,
        /** The same, guided by dense features. */
        DENSE_FEATURES,
        /** Also by keypoints of simulated oblique views. */
        SYNTHETIC_VIEWS,
        /** No way led to a geometry. */
        NONE
    }

    private final Way way;
    private final double[] a;
    private final double[] b;
    private final float[] scores;
    private final double[] fundamental;
    private final Optional<double[]> essential;
    private final Optional<Rigid3> bFromA;

    PhotoMatches(
            Way way,
            double[] a,
            double[] b,
            float[] scores,
            double[] fundamental,
            Optional<double[]> essential,
            Optional<Rigid3> bFromA) {
        this.way = way;
        this.a = a;
        this.b = b;
        this.scores = scores;
        this.fundamental = fundamental;
        this.essential = essential;
        this.bFromA = bFromA;
    }

    static PhotoMatches none() {
        return new PhotoMatches(
                Way.NONE,
                new double[0],
                new double[0],
                new float[0],
                new double[0],
                Optional.empty(),
                Optional.empty());
    }

    /**
     * How the matches were found.
     *
     * @return the way
     */
    public Way way() {
        return way;
    }

    /**
     * How many matches there are.
     *
     * @return count
     */
    public int count() {
        return scores.length;
    }

    /**
     * Places in the first photo.
     *
     * @return [n, 2] pixels of the stored photo, a new array
     */
    public double[] pixelsA() {
        return a.clone();
    }

    /**
     * Places in the second photo.
     *
     * @return [n, 2] pixels of the stored photo, a new array
     */
    public double[] pixelsB() {
        return b.clone();
    }

    /**
     * How alike the places look.
     *
     * @param i match
     * @return cosine of the descriptors, 1 for equal ones
     */
    public float score(int i) {
        return scores[i];
    }

    /**
     * The fundamental matrix: {@code xB' F xA = 0} in pixels; where the cameras distort, in pixels without distortion.
     *
     * @return nine entries row by row, of rank 2 and Frobenius norm 1; empty where no geometry was found
     */
    public Optional<double[]> fundamental() {
        return fundamental.length == 0 ? Optional.empty() : Optional.of(fundamental.clone());
    }

    /**
     * The essential matrix where both cameras are known.
     *
     * @return nine entries row by row
     */
    public Optional<double[]> essential() {
        return essential.map(double[]::clone);
    }

    /**
     * The pose of the second camera seen from the first where both cameras are known.
     *
     * @return {@code bFromA} with a translation of length 1
     */
    public Optional<Rigid3> bFromA() {
        return bFromA;
    }

    @Override
    public String toString() {
        return "PhotoMatches[" + scores.length + " by " + way + ", F " + Arrays.toString(fundamental) + "]";
    }
}
