package io.github.dinosplat.depth;

import java.util.List;
import java.util.Optional;

/**
 * What an estimation gave besides the maps.
 *
 * @param features name of the dense features that the head ran on
 * @param featureTrust from 0 to 1: how far the head's prediction was followed, chosen by cross-validation in blocks over
 *     the scene's points; at 0 the features were no help and the depth is interpolated from the sparse points alone
 * @param photos one entry for each view, in the scene's order
 * @param points error at a fifth of the sparse points, chosen at random and held out from all photos at once; empty when
 *     there were too few points
 * @param blocks error at the points in blocks a quarter of the photo wide and high, held out together: how far the depth
 *     carries where there are no points; empty when there were too few points
 */
public record DepthResult(
        String features,
        double featureTrust,
        List<PhotoDepth> photos,
        Optional<HeldOut> points,
        Optional<HeldOut> blocks) {

    /** Copies the list. */
    public DepthResult {
        photos = List.copyOf(photos);
    }

    /**
     * The number of photos with a depth map.
     *
     * @return count
     */
    public int maps() {
        return (int) photos.stream().filter(p -> p.whyUnknown().isEmpty()).count();
    }

    /**
     * One photo's outcome.
     *
     * @param name photo name
     * @param points sparse points that were used
     * @param whyUnknown the reason, where the photo has no depth
     */
    public record PhotoDepth(String name, int points, Optional<String> whyUnknown) {}

    /**
     * Errors at held-out sparse points, of the head and of simpler means given the same remaining points.
     *
     * @param observations held-out observations that were judged, over all photos
     * @param head this estimator
     * @param constant the photo's median depth everywhere
     * @param nearest the depth of the nearest point in the photo
     * @param rgbPosition ridge regression on colour and position over all photos, aligned to each photo's points
     * @param calibration this estimator's error by its confidence: the observations in ten parts of equal number (fewer
     *     where there are fewer observations), the least sure first
     */
    public record HeldOut(
            int observations,
            Accuracy head,
            Accuracy constant,
            Accuracy nearest,
            Accuracy rgbPosition,
            List<ConfidenceBin> calibration) {

        /** Copies the list. */
        public HeldOut {
            calibration = List.copyOf(calibration);
        }
    }

    /**
     * How well depths were estimated.
     *
     * @param absRel mean relative error |estimate - z| / z
     * @param delta1 the share of estimates that are less than a factor of 1.25 from z
     */
    public record Accuracy(double absRel, double delta1) {}

    /**
     * Held-out observations of similar confidence.
     *
     * @param observations how many
     * @param confidence mean confidence that the map would have there, from 0 to 1
     * @param expectedError mean relative error that this confidence stands for
     * @param meanError mean relative error
     * @param medianError median relative error
     */
    public record ConfidenceBin(
            int observations, double confidence, double expectedError, double meanError, double medianError) {}
}
