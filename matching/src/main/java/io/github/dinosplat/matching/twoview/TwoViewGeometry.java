package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.scene.Rigid3;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How two photos lie to each other, estimated from their matches. Immutable. */
public final class TwoViewGeometry {

    /** What the matches could tell. */
    public enum Kind {
        /** An essential matrix explains the matches; the relative pose is sound up to the length of the baseline. */
        CALIBRATED,
        /** A fundamental matrix explains the matches; a pose is not known. */
        UNCALIBRATED,
        /**
         * A homography explains nearly all matches: the scene is a plane or the camera only turned. The epipolar geometry
         * is weak; such a pair is no good start for a reconstruction.
         */
        PLANAR_OR_PANORAMIC
    }

    private final Kind kind;
    private final double[] fundamental;
    private final double @Nullable [] essential;
    private final @Nullable Rigid3 bFromA;
    private final int fundamentalInliers;
    private final int essentialInliers;
    private final int homographyInliers;
    private final double medianAngleDeg;

    /**
     * A two-view geometry.
     *
     * @param kind what the matches could tell
     * @param fundamental nine entries row by row, {@code xB' F xA = 0} in pixels of the stored photos (less the cameras'
     *     distortion, where they have any), rank 2, Frobenius norm 1
     * @param essential nine entries row by row, {@code rayB' E rayA = 0}; empty without intrinsics
     * @param bFromA relative pose with a unit translation; empty without intrinsics. The translation means nothing where
     *     the camera only turned
     * @param fundamentalInliers matches near the epipolar lines of a fundamental matrix; 0 where that was not tried
     * @param essentialInliers matches near the epipolar lines of the essential matrix; 0 where that was not tried
     * @param homographyInliers matches near a homography
     * @param medianAngleDeg median angle between the two viewing rays of the verified matches in degrees; NaN where no
     *     pose is known
     * @throws IllegalArgumentException if a matrix is not nine finite numbers
     */
    public TwoViewGeometry(
            Kind kind,
            double[] fundamental,
            Optional<double[]> essential,
            Optional<Rigid3> bFromA,
            int fundamentalInliers,
            int essentialInliers,
            int homographyInliers,
            double medianAngleDeg) {
        this.kind = kind;
        this.fundamental = checked("fundamental", fundamental);
        this.essential = essential.map(e -> checked("essential", e)).orElse(null);
        this.bFromA = bFromA.orElse(null);
        this.fundamentalInliers = fundamentalInliers;
        this.essentialInliers = essentialInliers;
        this.homographyInliers = homographyInliers;
        this.medianAngleDeg = medianAngleDeg;
    }

    private static double[] checked(String name, double[] matrix) {
        if (matrix.length != 9 || !Arrays.stream(matrix).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(
                    name + " must be nine finite numbers but was " + Arrays.toString(matrix));
        }
        return matrix.clone();
    }

    /**
     * What the matches could tell.
     *
     * @return kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * The fundamental matrix: {@code xB' F xA = 0} in pixels of the stored photos, less the cameras' distortion where they
     * have any. With intrinsics it is made of the essential matrix.
     *
     * @return a new array, nine entries row by row, Frobenius norm 1
     */
    public double[] fundamental() {
        return fundamental.clone();
    }

    /**
     * The essential matrix: {@code rayB' E rayA = 0} for viewing rays.
     *
     * @return nine entries row by row; empty without intrinsics
     */
    public Optional<double[]> essential() {
        return Optional.ofNullable(essential).map(double[]::clone);
    }

    /**
     * The relative pose, with a translation of length 1.
     *
     * @return pose of the second camera relative to the first; empty without intrinsics
     */
    public Optional<Rigid3> bFromA() {
        return Optional.ofNullable(bFromA);
    }

    /**
     * Matches near the epipolar lines of a fundamental matrix.
     *
     * @return count; 0 where that was not tried
     */
    public int fundamentalInliers() {
        return fundamentalInliers;
    }

    /**
     * Matches near the epipolar lines of the essential matrix.
     *
     * @return count; 0 where that was not tried
     */
    public int essentialInliers() {
        return essentialInliers;
    }

    /**
     * Matches near a homography.
     *
     * @return count
     */
    public int homographyInliers() {
        return homographyInliers;
    }

    /**
     * Median angle between the two viewing rays of the verified matches.
     *
     * @return degrees; NaN where no pose is known
     */
    public double medianAngleDeg() {
        return medianAngleDeg;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TwoViewGeometry that
                && kind == that.kind
                && Arrays.equals(fundamental, that.fundamental)
                && Arrays.equals(essential, that.essential)
                && Objects.equals(bFromA, that.bFromA)
                && fundamentalInliers == that.fundamentalInliers
                && essentialInliers == that.essentialInliers
                && homographyInliers == that.homographyInliers
                && Double.compare(medianAngleDeg, that.medianAngleDeg) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + Arrays.hashCode(fundamental);
    }

    @Override
    public String toString() {
        return kind + " F " + fundamentalInliers + " E " + essentialInliers + " H " + homographyInliers + " angle "
                + medianAngleDeg;
    }
}
