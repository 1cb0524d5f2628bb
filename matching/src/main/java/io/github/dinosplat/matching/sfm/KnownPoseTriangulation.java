package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import java.util.List;

/** Points of photos whose cameras and poses are known and stay as they are. */
public final class KnownPoseTriangulation {

    /** Rounds of making, joining and filtering points; the third changes next to nothing. */
    private static final int ROUNDS = 3;

    private KnownPoseTriangulation() {}

    /**
     * Triangulates what photos see.
     *
     * @param input photos, cameras, keypoints and matches
     * @param camFromWorld the pose of each photo
     * @param options the greatest reprojection error and the least angle of a point
     * @return a scene of all photos, sorted by name, with the given cameras and poses, and grey points
     * @throws IllegalArgumentException if there is not one pose for each photo
     */
    public static Scene triangulate(MappingInput input, List<Rigid3> camFromWorld, MappingOptions options) {
        int photos = input.names().size();
        if (camFromWorld.size() != photos) {
            throw new IllegalArgumentException(
                    "expected a pose for each of " + photos + " photos but there were " + camFromWorld.size());
        }
        Camera[] cameras = input.cameras().stream().map(MappingCamera::camera).toArray(Camera[]::new);
        int[] cameraOf = input.cameraOf().stream().mapToInt(c -> c).toArray();
        Model model = new Model(CorrespondenceGraph.ofConfirmed(input), cameras, cameraOf);
        for (int i = 0; i < photos; i++) {
            model.setPose(i, camFromWorld.get(i));
        }
        Triangulator triangulator = new Triangulator(model, options.minAngleDeg());
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < photos; i++) {
                triangulator.triangulate(i, options.maxErrorPixels());
            }
            triangulator.completeAndMerge(options.maxErrorPixels());
            triangulator.filter(options.maxErrorPixels());
        }
        TwoViewPoints.choose(model, options.minAngleDeg());
        return SceneBuilder.build(model, input.names());
    }
}
