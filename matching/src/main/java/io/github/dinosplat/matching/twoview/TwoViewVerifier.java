package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.features.onnx.ByteProduct;
import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.robust.RansacOptions;
import io.github.dinosplat.matching.robust.RobustEssential;
import io.github.dinosplat.matching.robust.RobustFundamental;
import io.github.dinosplat.matching.robust.RobustHomography;
import io.github.dinosplat.matching.robust.RobustMatrix;
import io.github.dinosplat.matching.robust.RobustPose;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.Arrays;
import java.util.Optional;
import org.joml.Vector3d;
import org.jspecify.annotations.Nullable;

/** Finds the two-view geometry that matches agree with and sorts out those that do not. */
final class TwoViewVerifier {

    /** A fundamental matrix must explain this many times the matches of an essential one to be preferred to it. */
    static final double UNCALIBRATED_GAIN = 1.25;
    /** Share of matches on a homography that makes a pair planar or panoramic (COLMAP's value). */
    private static final double PLANAR_SHARE = 0.8;

    /** Random samples of a robust estimation. */
    private static final int TRIALS = 1000;

    private final ByteProduct product;
    private final MatchablePhoto a;
    private final MatchablePhoto b;
    private final MatchOptions options;
    private final RansacOptions ransac;

    TwoViewVerifier(ByteProduct product, MatchablePhoto a, MatchablePhoto b, MatchOptions options, long seed) {
        this.product = product;
        this.a = a;
        this.b = b;
        this.options = options;
        ransac = RansacOptions.defaults()
                .withThresholdPixels(options.thresholdPixels())
                .withMaxTrials(TRIALS)
                .withSeed(seed);
    }

    /**
     * Matches that agree with a geometry.
     *
     * @param inliers the matches, most trusted first
     * @param fundamental fundamental matrix in pixels without distortion; nine entries row by row
     * @param bFromA relative pose; null where a fundamental matrix was preferred
     * @param fundamentalInliers matches that agree with a fundamental matrix; 0 where none was sought
     * @param essentialInliers matches that agree with an essential matrix; 0 where none was sought or found
     */
    record Verified(
            KeypointMatches inliers,
            double[] fundamental,
            @Nullable Rigid3 bFromA,
            int fundamentalInliers,
            int essentialInliers) {}

    /** The geometry of candidate matches, if as many agree with it as is asked for. */
    Optional<Verified> verify(KeypointMatches found, int least) {
        if (found.count() < least) {
            return Optional.empty();
        }
        KeypointMatches candidates = KeypointMotion.agreeingFirst(a.keypoints(), b.keypoints(), found);
        Optional<Verified> calibrated = calibrated(candidates, Optional.empty());
        int essentialInliers = calibrated.map(Verified::essentialInliers).orElse(0);
        if (essentialInliers >= least && essentialInliers * UNCALIBRATED_GAIN >= candidates.count()) {
            return calibrated;
        }
        Optional<Verified> uncalibrated = uncalibrated(candidates, Optional.empty());
        int fundamentalInliers = uncalibrated.map(Verified::fundamentalInliers).orElse(0);
        if (fundamentalInliers > essentialInliers) {
            // Perhaps the essential matrix was merely not found: look again from the fundamental one.
            calibrated = better(calibrated, calibrated(candidates, uncalibrated.map(Verified::fundamental)));
            essentialInliers = calibrated.map(Verified::essentialInliers).orElse(0);
        }
        boolean preferred = fundamentalInliers > UNCALIBRATED_GAIN * essentialInliers;
        int e = essentialInliers;
        return (preferred ? uncalibrated : calibrated)
                .filter(v -> v.inliers.count() >= least)
                .map(v -> new Verified(v.inliers, v.fundamental, v.bFromA, fundamentalInliers, e));
    }

    private static Optional<Verified> better(Optional<Verified> a, Optional<Verified> b) {
        int countA = a.map(v -> v.inliers.count()).orElse(0);
        int countB = b.map(v -> v.inliers.count()).orElse(0);
        return countB > countA ? b : a;
    }

    /** The essential matrix of matches, sought afresh or from a fundamental matrix; empty where a camera is not known. */
    private Optional<Verified> calibrated(KeypointMatches m, Optional<double[]> start) {
        if (a.camera().isEmpty() || b.camera().isEmpty()) {
            return Optional.empty();
        }
        Camera cameraA = a.camera().get();
        Camera cameraB = b.camera().get();
        double[] pixelsA = pixels(a.keypoints(), m.a());
        double[] pixelsB = pixels(b.keypoints(), m.b());
        Optional<RobustPose> found = start.isPresent()
                ? RobustEssential.refine(cameraA, pixelsA, cameraB, pixelsB, ransac, start.get())
                : RobustEssential.estimate(cameraA, pixelsA, cameraB, pixelsB, ransac);
        return found.map(fit -> new Verified(
                m.select(fit.inliers()),
                RobustEssential.fundamentalOf(cameraA, cameraB, fit.pose()),
                fit.pose(),
                0,
                fit.inliers().length));
    }

    /** The fundamental matrix of matches, sought afresh or from another one. */
    private Optional<Verified> uncalibrated(KeypointMatches m, Optional<double[]> start) {
        double[] pixelsA = select(a.undistorted(), m.a());
        double[] pixelsB = select(b.undistorted(), m.b());
        Optional<RobustMatrix> found = start.isPresent()
                ? RobustFundamental.refine(pixelsA, pixelsB, ransac, start.get())
                : RobustFundamental.estimate(pixelsA, pixelsB, ransac);
        return found.map(fit -> new Verified(m.select(fit.inliers()), fit.matrix(), null, fit.inliers().length, 0));
    }

    /** Matches all keypoints along the epipolar lines and estimates the geometry again on what was found. */
    Verified extend(Verified first) {
        KeypointMotion motion = KeypointMotion.of(a.keypoints(), b.keypoints(), first.inliers);
        KeypointMatches found = new EpipolarMatcher(product, a, b, motion, first.fundamental, options.thresholdPixels())
                .match(options.maxRatio());
        KeypointMatches more = first.inliers.with(found);
        if (more.count() == first.inliers.count()) {
            return first;
        }
        Optional<double[]> start = Optional.of(first.fundamental);
        Optional<Verified> again = first.bFromA == null ? uncalibrated(more, start) : calibrated(more, start);
        return again.filter(v -> v.inliers.count() > first.inliers.count())
                .map(v -> new Verified(
                        v.inliers,
                        v.fundamental,
                        v.bFromA,
                        Math.max(v.fundamentalInliers, first.fundamentalInliers),
                        v.essentialInliers))
                .orElse(first);
    }

    /** The result, if it is large enough. */
    Optional<MatchedPair> finish(PhotoPair pair, Verified v) {
        int count = v.inliers.count();
        if (count < options.minInliers()) {
            return Optional.empty();
        }
        double[] straightA = select(a.undistorted(), v.inliers.a());
        double[] straightB = select(b.undistorted(), v.inliers.b());
        int planar = RobustHomography.estimate(straightA, straightB, ransac)
                .map(RobustMatrix::inliers)
                .map(i -> i.length)
                .orElse(0);
        TwoViewGeometry.Kind kind = planar > PLANAR_SHARE * count
                ? TwoViewGeometry.Kind.PLANAR_OR_PANORAMIC
                : v.bFromA != null ? TwoViewGeometry.Kind.CALIBRATED : TwoViewGeometry.Kind.UNCALIBRATED;
        return Optional.of(new MatchedPair(
                pair,
                v.inliers.a(),
                v.inliers.b(),
                new TwoViewGeometry(
                        kind,
                        v.fundamental,
                        Optional.ofNullable(v.bFromA).map(RobustEssential::essentialOf),
                        Optional.ofNullable(v.bFromA),
                        v.fundamentalInliers,
                        v.essentialInliers,
                        planar,
                        v.bFromA == null ? Double.NaN : medianAngleDeg(v, v.bFromA))));
    }

    private double medianAngleDeg(Verified v, Rigid3 bFromA) {
        Camera cameraA = a.camera().orElseThrow();
        Camera cameraB = b.camera().orElseThrow();
        double[] angles = new double[v.inliers.count()];
        for (int k = 0; k < angles.length; k++) {
            int i = v.inliers.a()[k];
            int j = v.inliers.b()[k];
            Vector3d inB =
                    cameraA.direction(a.keypoints().x(i), a.keypoints().y(i)).rotate(bFromA.rotation());
            angles[k] = inB.angle(
                    cameraB.direction(b.keypoints().x(j), b.keypoints().y(j)));
        }
        Arrays.sort(angles);
        return Math.toDegrees(angles[angles.length / 2]);
    }

    private static double[] pixels(Keypoints keypoints, int[] index) {
        double[] out = new double[2 * index.length];
        for (int k = 0; k < index.length; k++) {
            out[2 * k] = keypoints.x(index[k]);
            out[2 * k + 1] = keypoints.y(index[k]);
        }
        return out;
    }

    private static double[] select(double[] points, int[] index) {
        double[] out = new double[2 * index.length];
        for (int k = 0; k < index.length; k++) {
            out[2 * k] = points[2 * index[k]];
            out[2 * k + 1] = points[2 * index[k] + 1];
        }
        return out;
    }
}
