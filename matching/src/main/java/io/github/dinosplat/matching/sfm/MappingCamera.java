package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.scene.Camera;

/**
 * A camera as the mapper gets it.
 *
 * @param camera initial intrinsics
 * @param refined whether focal length and distortion are refined, and the principal point where the photos determine it
 * @param focalGuessed whether the focal length is a mere guess, so that it is searched for in a wide range
 */
public record MappingCamera(Camera camera, boolean refined, boolean focalGuessed) {

    /** Which of the parameters are refined from the start: all but the principal point, or none. */
    boolean[] mask() {
        boolean[] mask = new boolean[camera.model().parameterCount()];
        int c = camera.model().focalCount();
        for (int i = 0; i < mask.length; i++) {
            mask[i] = refined && i != c && i != c + 1;
        }
        return mask;
    }
}
