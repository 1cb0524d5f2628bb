package io.github.dinosplat.matching.twoview;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The geometrically verified matches of two photos. Immutable; arrays are shared, not copied. */
public final class MatchedPair {

    private final PhotoPair photos;
    private final int[] keypointA;
    private final int[] keypointB;
    private final TwoViewGeometry geometry;

    /**
     * Verified matches.
     *
     * @param photos the two photos
     * @param keypointA [n] keypoint indices in the first photo, each at most once
     * @param keypointB [n] the matching keypoint indices in the second photo, each at most once
     * @param geometry the geometry that the matches agree with
     * @throws IllegalArgumentException if the lengths differ or an index is negative
     */
    public MatchedPair(PhotoPair photos, int[] keypointA, int[] keypointB, TwoViewGeometry geometry) {
        if (keypointA.length != keypointB.length) {
            throw new IllegalArgumentException(
                    "expected keypointB [N=" + keypointA.length + "] but length was " + keypointB.length);
        }
        for (int i = 0; i < keypointA.length; i++) {
            if (keypointA[i] < 0 || keypointB[i] < 0) {
                throw new IllegalArgumentException(
                        "match " + i + " has a negative keypoint index: " + keypointA[i] + ", " + keypointB[i]);
            }
        }
        this.photos = photos;
        this.keypointA = keypointA;
        this.keypointB = keypointB;
        this.geometry = geometry;
    }

    /**
     * The two photos.
     *
     * @return their indices
     */
    public PhotoPair photos() {
        return photos;
    }

    /**
     * The first photo.
     *
     * @return index
     */
    public int photoA() {
        return photos.a();
    }

    /**
     * The second photo.
     *
     * @return index, greater than that of the first
     */
    public int photoB() {
        return photos.b();
    }

    /**
     * How many verified matches there are.
     *
     * @return count
     */
    public int count() {
        return keypointA.length;
    }

    /**
     * Keypoint in the first photo.
     *
     * @param i match index
     * @return keypoint index
     */
    public int keypointA(int i) {
        return keypointA[i];
    }

    /**
     * Keypoint in the second photo.
     *
     * @param i match index
     * @return keypoint index
     */
    public int keypointB(int i) {
        return keypointB[i];
    }

    /**
     * The geometry that the matches agree with.
     *
     * @return two-view geometry
     */
    public TwoViewGeometry geometry() {
        return geometry;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MatchedPair that
                && photos.equals(that.photos)
                && Arrays.equals(keypointA, that.keypointA)
                && Arrays.equals(keypointB, that.keypointB)
                && geometry.equals(that.geometry);
    }

    @Override
    public int hashCode() {
        return 31 * photos.hashCode() + Arrays.hashCode(keypointA);
    }

    @Override
    public String toString() {
        return "MatchedPair[" + photos.a() + "-" + photos.b() + ": " + keypointA.length + " matches, " + geometry + "]";
    }
}
