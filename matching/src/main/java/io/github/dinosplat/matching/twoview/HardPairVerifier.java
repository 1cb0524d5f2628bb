package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.matching.robust.RansacOptions;
import io.github.dinosplat.matching.robust.RobustEssential;
import io.github.dinosplat.matching.robust.RobustFundamental;
import io.github.dinosplat.matching.robust.RobustHomography;
import io.github.dinosplat.matching.robust.RobustMatrix;
import io.github.dinosplat.matching.robust.RobustPose;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import java.util.Optional;

/**
 * Verifies the matches of a hard pair of photos, of which most may be wrong. Those that their neighbours confirm
 * ({@link LocalSupport}) are fitted by a plane and by epipolar lines; more of them must agree than do by chance.
 *
 * <p>Where the cameras are not known, epipolar lines are first sought with cameras of a usual focal length: an essential matrix
 * has five unknowns, a fundamental one seven, and with fewer unknowns the right lines are found more often among few and inexact
 * matches. A fundamental matrix is preferred where it explains clearly more matches, and replaces the guessed cameras when the
 * lines are refined.
 */
final class HardPairVerifier {

    /** Random samples for the epipolar lines, and for the plane. */
    private static final int TRIALS = 20_000;
    /** Independent searches for the essential matrix, which share the samples among them. */
    private static final int SEARCHES = 4;

    /** So many confirmed matches do not lie on one plane by chance. */
    private static final int LEAST_ON_PLANE = 15;
    /** Neighbours that must confirm a match. */
    private static final int SUPPORT = 3;
    /**
     * So many confirmed matches do not agree with one set of epipolar lines by chance: this number plus a share
     * ({@link #CHANCE_SHARE}) of all confirmed ones. Of 36 pairs of photos of different places, guided by dense features, the
     * worst three had 39 of 92, 21 of 33 and 17 of 23.
     */
    private static final int BEYOND_CHANCE = 10;

    private static final double CHANCE_SHARE = 0.4;
    /** Share of the confirmed matches that must agree with the geometry for it to be sure. */
    private static final double SURE_SHARE = 0.6;
    /** With this share of the epipolar inliers on one plane, the plane decides, which is the stricter test. */
    private static final double PLANAR_SHARE = 0.7;
    /** A match may be off its epipolar line by so many thresholds: keypoints of blurred or dark photos are not exact. */
    private static final double WIDE = 2;

    private final Optional<Camera> cameraA;
    private final Optional<Camera> cameraB;
    private final Camera usualA;
    private final Camera usualB;
    private final double longSide;
    private final RansacOptions ransac;
    private final RansacOptions wide;

    HardPairVerifier(Image a, Optional<Camera> cameraA, Image b, Optional<Camera> cameraB, MatchOptions options) {
        this.cameraA = cameraA;
        this.cameraB = cameraB;
        usualA = cameraA.orElseGet(() -> Camera.guessed(a.width(), a.height()));
        usualB = cameraB.orElseGet(() -> Camera.guessed(b.width(), b.height()));
        longSide = Math.max(Math.max(a.width(), a.height()), Math.max(b.width(), b.height()));
        double pixels = options.thresholdPixels() * Math.max(1, longSide / 1000);
        ransac = RansacOptions.defaults()
                .withThresholdPixels(pixels)
                .withMaxTrials(TRIALS)
                .withSeed(options.seed());
        wide = ransac.withThresholdPixels(WIDE * pixels);
    }

    /** The longest longSide of the two photos in pixels. */
    double longSide() {
        return longSide;
    }

    /**
     * What was found.
     *
     * @param matches the matches that agree with the geometry
     * @param sure whether they are so many, and so large a share of the candidates, that no other way needs to be tried
     */
    record Found(PhotoMatches matches, boolean sure) {}

    /** Epipolar lines and the matches that agree with them; the pose is empty where a fundamental matrix was preferred. */
    private record Lines(double[] fundamental, int[] inliers, Optional<Rigid3> bFromA) {}

    /**
     * Finds the geometry of candidate matches.
     *
     * @param all the candidates
     * @param way how they were found
     * @return the candidates that agree with it; none where they may agree by chance
     */
    Found verify(PlaceMatches all, PhotoMatches.Way way) {
        PlaceMatches places = all.select(LocalSupport.confirmed(all, longSide, SUPPORT));
        Optional<RobustMatrix> plane = RobustHomography.estimate(places.a(), places.b(), ransac);
        Optional<Lines> found = lines(places);
        if (found.isEmpty()) {
            return new Found(PhotoMatches.none(), false);
        }
        Lines lines = found.get();
        int onPlane = plane.map(p -> p.inliers().length).orElse(0);
        int onLines = lines.inliers.length;
        boolean planeStands = onPlane >= LEAST_ON_PLANE;
        boolean linesStand = onLines >= BEYOND_CHANCE + CHANCE_SHARE * places.count();
        if (!(planeStands || linesStand)) {
            return new Found(PhotoMatches.none(), false);
        }
        boolean agreed = Math.max(onPlane, onLines) >= SURE_SHARE * places.count();
        boolean planar = planeStands && onPlane >= PLANAR_SHARE * onLines;
        // A match that one other confirms is worth little, but not where it agrees with what others found.
        PlaceMatches more = all.select(LocalSupport.confirmed(all, longSide, 1));
        Lines refined = refined(more, lines);
        boolean gained = refined.inliers.length > onLines;
        Lines best = gained ? refined : lines;
        PhotoMatches matches = planar
                ? matches(places, plane.orElseThrow().inliers(), best, way)
                : matches(gained ? more : places, best.inliers, best, way);
        return new Found(matches, agreed && matches.count() >= PhotoMatcher.ENOUGH);
    }

    private Optional<Lines> lines(PlaceMatches p) {
        // With few matches there are many local optima that are nearly as good: one search in four ends in a worse one.
        Optional<RobustPose> best = Optional.empty();
        for (int search = 0; search < SEARCHES; search++) {
            RansacOptions own = wide.withMaxTrials(TRIALS / SEARCHES).withSeed(wide.seed() + search);
            Optional<RobustPose> pose = RobustEssential.estimate(usualA, p.a(), usualB, p.b(), own);
            if (pose.isPresent()
                    && pose.get().score() > best.map(RobustPose::score).orElse(0.0)) {
                best = pose;
            }
        }
        Optional<Lines> calibrated = best.map(this::calibrated);
        Optional<Lines> free = RobustFundamental.estimate(p.a(), p.b(), wide).map(HardPairVerifier::free);
        return preferred(calibrated, free);
    }

    /** The same lines fitted to more matches, by a fundamental matrix unless the cameras are known. */
    private Lines refined(PlaceMatches p, Lines from) {
        Optional<Lines> again = from.bFromA.isPresent() && camerasKnown()
                ? RobustEssential.refine(usualA, p.a(), usualB, p.b(), wide, from.fundamental)
                        .map(this::calibrated)
                : RobustFundamental.refine(p.a(), p.b(), wide, from.fundamental).map(HardPairVerifier::free);
        return again.orElse(from);
    }

    /** Whether a pose means anything: with guessed cameras it does not. */
    private boolean camerasKnown() {
        return cameraA.isPresent() && cameraB.isPresent();
    }

    private Lines calibrated(RobustPose fit) {
        return new Lines(
                RobustEssential.fundamentalOf(usualA, usualB, fit.pose()), fit.inliers(), Optional.of(fit.pose()));
    }

    private static Lines free(RobustMatrix fit) {
        return new Lines(fit.matrix(), fit.inliers(), Optional.empty());
    }

    private static Optional<Lines> preferred(Optional<Lines> calibrated, Optional<Lines> free) {
        int e = calibrated.map(l -> l.inliers.length).orElse(0);
        int f = free.map(l -> l.inliers.length).orElse(0);
        return f > TwoViewVerifier.UNCALIBRATED_GAIN * e ? free : calibrated;
    }

    private PhotoMatches matches(PlaceMatches places, int[] inliers, Lines lines, PhotoMatches.Way way) {
        PlaceMatches kept = places.select(inliers);
        Optional<Rigid3> pose = camerasKnown() ? lines.bFromA : Optional.empty();
        return new PhotoMatches(
                way,
                kept.a(),
                kept.b(),
                kept.cosines(),
                lines.fundamental,
                pose.map(RobustEssential::essentialOf),
                pose);
    }
}
