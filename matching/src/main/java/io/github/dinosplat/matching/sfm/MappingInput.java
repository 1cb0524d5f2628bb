package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.twoview.MatchedPair;
import java.util.List;

/**
 * What the mapper starts from.
 *
 * @param names name of each photo
 * @param cameras the cameras and what is known of them
 * @param cameraOf for each photo the index of its camera
 * @param keypoints keypoints of each photo
 * @param pairs verified matches between photos
 */
public record MappingInput(
        List<String> names,
        List<MappingCamera> cameras,
        List<Integer> cameraOf,
        List<Keypoints> keypoints,
        List<MatchedPair> pairs) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if the lists do not fit together
     */
    public MappingInput {
        names = List.copyOf(names);
        cameras = List.copyOf(cameras);
        cameraOf = List.copyOf(cameraOf);
        keypoints = List.copyOf(keypoints);
        pairs = List.copyOf(pairs);
        if (cameraOf.size() != names.size() || keypoints.size() != names.size()) {
            throw new IllegalArgumentException("expected a camera and keypoints for each of " + names.size()
                    + " photos but were " + cameraOf.size() + " and " + keypoints.size());
        }
        for (int c : cameraOf) {
            if (c < 0 || c >= cameras.size()) {
                throw new IllegalArgumentException(
                        "a photo's camera must lie in 0.." + (cameras.size() - 1) + " but was " + c);
            }
        }
        for (MatchedPair pair : pairs) {
            if (pair.photoB() >= names.size()) {
                throw new IllegalArgumentException(pair + " refers to a photo outside 0.." + (names.size() - 1));
            }
        }
    }
}
