package io.github.dinosplat.matching;

import io.github.dinosplat.matching.sfm.MappingResult.Unregistered;
import io.github.dinosplat.scene.Scene;
import java.util.List;

/**
 * What structure from motion found.
 *
 * @param models the models, most photos first; empty when the photos could not be related
 * @param unregistered photos in no model, each with the limit it failed
 * @param pairs the verified pairs of photos
 * @param pairsTried how many pairs were compared
 * @param keypoints number of keypoints of each photo
 * @param notes how the models came about, e.g. how weak the first pair was
 * @param times what the stages took
 */
public record SfmResult(
        List<Scene> models,
        List<Unregistered> unregistered,
        List<PairInliers> pairs,
        int pairsTried,
        List<Integer> keypoints,
        List<String> notes,
        List<StageTime> times) {

    /** Copies the lists. */
    public SfmResult {
        models = List.copyOf(models);
        unregistered = List.copyOf(unregistered);
        pairs = List.copyOf(pairs);
        keypoints = List.copyOf(keypoints);
        notes = List.copyOf(notes);
        times = List.copyOf(times);
    }

    /**
     * A verified pair.
     *
     * @param photoA name of a photo
     * @param photoB name of another
     * @param inliers verified matches between them
     */
    public record PairInliers(String photoA, String photoB, int inliers) {}

    /**
     * What a stage took.
     *
     * @param stage {@code keypoints}, {@code pairs}, {@code matching}, {@code mapping} or {@code colours}
     * @param seconds wall time
     * @param cpuSeconds processor time of the whole process meanwhile; NaN where the machine does not tell
     */
    public record StageTime(String stage, double seconds, double cpuSeconds) {}
}
