package io.github.dinosplat.matching;

import io.github.dinosplat.matching.sfm.Localisation;
import io.github.dinosplat.matching.sfm.MappingInput;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Photos added to a scene that stays as it is. */
public final class SceneLocalisation {

    private SceneLocalisation() {}

    /**
     * Finds where photos were taken in a scene with points. The scene's cameras, poses, keypoints and points stay the same
     * bits; the photos' views come behind the scene's, points that only they see behind its points.
     *
     * @param scene cameras, poses and points
     * @param photos the photos of the scene's views in their order, then those that are added
     * @param pixels where the pixels of all of them come from
     * @param options how photos are matched, and what is known of the cameras of those that are added
     * @param cache a folder for keypoints and matches, made if absent
     * @param progress told of stages {@code keypoints}, {@code matching} and {@code mapping}
     * @return one model, and why photos are not in it; the same for any number of threads
     * @throws IOException if a photo of the scene cannot be read, or the cache cannot be written
     * @throws IllegalArgumentException if {@code photos} do not begin with those of the views, or the scene has no points
     * @throws java.util.concurrent.CancellationException if {@code progress} asked for it
     */
    public static SfmResult localise(
            Scene scene,
            List<Photo> photos,
            PhotoSource pixels,
            SfmOptions options,
            Optional<Path> cache,
            Progress progress)
            throws IOException {
        int views = scene.views().size();
        List<String> names = photos.stream().limit(views).map(Photo::name).toList();
        if (!names.equals(scene.views().stream().map(View::name).toList())) {
            throw new IllegalArgumentException("photos must begin with those of the scene's views in their order");
        }
        if (scene.points().count() == 0) {
            throw new IllegalArgumentException("the scene has no points; triangulate them first");
        }
        return Parallel.call(options.threads(), () -> {
            SharedCameras cameras = SharedCameras.extending(scene, photos, options);
            PhotoSetMatching matching = new PhotoSetMatching(photos, pixels, options, cache, progress);
            matching.findKeypoints(views);
            // What the scene's photos have in common stands in its points.
            matching.matchPairs(pair -> pair.b() >= views, cameras.forMatching());
            MappingInput input = matching.input(cameras.cameras(), cameras.cameraOf());
            Localisation.Result found =
                    matching.timed("mapping", () -> Localisation.localise(input, scene, options.mapping(), progress));
            List<Scene> coloured = matching.coloured(List.of(found.scene()));
            return matching.result(
                    List.of(withPointsOf(scene, coloured.get(0))),
                    found.unregistered(),
                    new ArrayList<>(found.notes()));
        });
    }

    /** The extended scene, its first points with the colours and errors that they had. */
    private static Scene withPointsOf(Scene scene, Scene extended) {
        return new Scene(
                extended.cameras(),
                extended.views(),
                scene.points().followedBy(extended.points(), scene.points().count()));
    }
}
