package io.github.dinosplat.matching.sfm;

import java.util.Optional;

/**
 * What is asked of a photo before it is registered. It is lowered step by step while no photo meets it, and back at its full
 * height once one was registered.
 *
 * @param inliers how many matches with the model must agree on a pose
 * @param lenient whether much may be missing from the photo where no other place has as many matches ({@link MissingMatches}):
 *     behind a near tree, for instance
 */
record Demands(int inliers, boolean lenient) {

    /** The demands to begin with. */
    static Demands full(MappingOptions options) {
        return new Demands(options.minInliers(), false);
    }

    /** The next lower demands; empty where these are the lowest. */
    Optional<Demands> lowered(MappingOptions options) {
        if (inliers > options.leastInliers()) {
            return Optional.of(new Demands(Math.max(options.leastInliers(), inliers * 7 / 10), lenient));
        }
        return lenient ? Optional.empty() : Optional.of(new Demands(inliers, true));
    }
}
