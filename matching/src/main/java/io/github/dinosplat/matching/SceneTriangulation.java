package io.github.dinosplat.matching;

import io.github.dinosplat.matching.sfm.KnownPoseTriangulation;
import io.github.dinosplat.matching.sfm.MappingCamera;
import io.github.dinosplat.matching.sfm.MappingInput;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Sparse points for a scene whose cameras and poses are known. */
public final class SceneTriangulation {

    private SceneTriangulation() {}

    /**
     * Matches a scene's photos and triangulates what they see. Points that the scene has are not looked at.
     *
     * @param scene cameras and poses, which stay as they are
     * @param photos the photos of the scene's views, in their order
     * @param pixels where their pixels come from
     * @param options how photos are matched; those about cameras have no effect
     * @param cache a folder for keypoints and matches, made if absent
     * @param progress told of stages {@code keypoints} and {@code matching}
     * @return one model, the scene with points, its views sorted by name; the same for any number of threads
     * @throws IOException if a photo cannot be read or the cache cannot be written
     * @throws IllegalArgumentException if {@code photos} are not those of the views
     * @throws java.util.concurrent.CancellationException if {@code progress} asked for it
     */
    public static SfmResult triangulate(
            Scene scene,
            List<Photo> photos,
            PhotoSource pixels,
            SfmOptions options,
            Optional<Path> cache,
            Progress progress)
            throws IOException {
        List<String> names = photos.stream().map(Photo::name).toList();
        if (!names.equals(scene.views().stream().map(View::name).toList())) {
            throw new IllegalArgumentException("photos must be those of the scene's views in their order");
        }
        return Parallel.call(options.threads(), () -> {
            PhotoSetMatching matching = new PhotoSetMatching(photos, pixels, options, cache, progress);
            matching.findKeypoints(photos.size());
            matching.matchPairs(
                    pair -> true,
                    scene.views().stream()
                            .map(view -> Optional.of(scene.cameraOf(view)))
                            .toList());
            MappingInput input = matching.input(
                    scene.cameras().stream()
                            .map(camera -> new MappingCamera(camera, false, false))
                            .toList(),
                    scene.views().stream().map(View::cameraIndex).toList());
            Scene found = matching.timed(
                    "mapping",
                    () -> KnownPoseTriangulation.triangulate(
                            input,
                            scene.views().stream().map(View::camFromWorld).toList(),
                            options.mapping()));
            return matching.result(matching.coloured(List.of(found)), List.of(), List.of());
        });
    }
}
