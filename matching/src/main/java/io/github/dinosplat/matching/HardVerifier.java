package io.github.dinosplat.matching;

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
 * Finds the geometry of two photos from matches of which most may be wrong: those that neighbours confirm
 * ({@link LocalSupport}) are fitted by a plane and by epipolar lines, and must be too many for chance.
 *
 * <p>Epipolar lines are sought with cameras of a usual focal length where none are known: five unknowns instead of seven find
 * the right lines among few matches that are not exact. A fundamental matrix is preferred where it explains clearly more, and
 * takes over once the lines are known.
 */
final class HardVerifier {

    private static final int TRIALS = 20_000;
    /** Searches from different samples that these are shared among. */
    private static final int SEARCHES = 4;

    /** Confirmed matches on one plane that are no chance. */
    private static final int LEAST_ON_PLANE = 15;
    /** Neighbours that must confirm a match. */
    private static final int SUPPORT = 3;
    /**
     * Confirmed matches along the same epipolar lines that are no chance: this many and this share of all confirmed ones. Of
     * 36 pairs of photos of different places, guided, those with most had 39 of 92, 21 of 33 and 17 of 23.
     */
    private static final int BEYOND_CHANCE = 10;

    private static final double CHANCE_SHARE = 0.4;
    /** With fewer matches, or with less of the confirmed ones at one, a further way is tried. */
    private static final int ENOUGH = 60;

    private static final double SURE_SHARE = 0.6;
    /** Matches of which so many lie on a plane are judged by it, which is the stricter test. */
    private static final double PLANAR_SHARE = 0.7;
    /** Epipolar lines may be off by so many times the threshold: places of blurred or dark photos are not exact. */
    private static final double WIDE = 2;

    private final Optional<Camera> cameraA;
    private final Optional<Camera> cameraB;
    private final Camera usualA;
    private final Camera usualB;
    private final double side;
    private final RansacOptions ransac;
    private final RansacOptions wide;

    HardVerifier(Image a, Optional<Camera> cameraA, Image b, Optional<Camera> cameraB, MatchOptions options) {
        this.cameraA = cameraA;
        this.cameraB = cameraB;
        usualA = cameraA.orElseGet(() -> SharedCameras.guessed(a.width(), a.height()));
        usualB = cameraB.orElseGet(() -> SharedCameras.guessed(b.width(), b.height()));
        side = Math.max(Math.max(a.width(), a.height()), Math.max(b.width(), b.height()));
        double pixels = options.thresholdPixels() * Math.max(1, side / 1000);
        ransac = RansacOptions.defaults()
                .withThresholdPixels(pixels)
                .withMaxTrials(TRIALS)
                .withSeed(options.seed());
        wide = ransac.withThresholdPixels(WIDE * pixels);
    }

    /** The longest side of the two photos in pixels. */
    double side() {
        return side;
    }

    /** Matches, and whether they are too many and too much at one to look for others in a further way. */
    record Found(PhotoMatches matches, boolean sure) {}

    /** Epipolar lines and the matches that agree with them; the pose is empty where a fundamental matrix was preferred. */
    private record Lines(double[] fundamental, int[] inliers, Optional<Rigid3> bFromA) {}

    /** The matches that agree with a geometry; none where there is none beyond chance. */
    Found verify(DistinctMatcher.Places all, PhotoMatches.Way way) {
        DistinctMatcher.Places places = DistinctMatcher.select(all, LocalSupport.confirmed(all, side, SUPPORT));
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
        DistinctMatcher.Places more = DistinctMatcher.select(all, LocalSupport.confirmed(all, side, 1));
        Lines refined = refined(more, lines);
        if (refined.inliers.length > onLines) {
            lines = refined;
            places = planar ? places : more;
        }
        PhotoMatches matches = matches(places, planar ? plane.orElseThrow().inliers() : lines.inliers, lines, way);
        return new Found(matches, agreed && matches.count() >= ENOUGH);
    }

    private Optional<Lines> lines(DistinctMatcher.Places p) {
        // The local optima among few matches are many and nearly as good: one search in four ends in a worse one.
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
        Optional<Lines> free = RobustFundamental.estimate(p.a(), p.b(), wide).map(HardVerifier::free);
        return preferred(calibrated, free);
    }

    /** The same lines by more matches; once they are found, usual cameras need not bind them any more. */
    private Lines refined(DistinctMatcher.Places p, Lines from) {
        Optional<Lines> again = from.bFromA.isPresent() && camerasKnown()
                ? RobustEssential.refine(usualA, p.a(), usualB, p.b(), wide, from.fundamental)
                        .map(this::calibrated)
                : RobustFundamental.refine(p.a(), p.b(), wide, from.fundamental).map(HardVerifier::free);
        return again.orElse(from);
    }

    /** A pose is told of cameras that are known, not of usual ones. */
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

    private PhotoMatches matches(DistinctMatcher.Places places, int[] inliers, Lines lines, PhotoMatches.Way way) {
        DistinctMatcher.Places kept = DistinctMatcher.select(places, inliers);
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
