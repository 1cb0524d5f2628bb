package io.github.dinosplat.matching;

import io.github.dinosplat.matching.sfm.KnownPoses;
import io.github.dinosplat.matching.sfm.MappingCamera;
import io.github.dinosplat.matching.sfm.MappingInput;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

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
     * @param progress told of stage {@code matching}
     * @return the scene with points, its views sorted by name; the same for any number of threads
     * @throws IOException if a photo cannot be read
     * @throws IllegalArgumentException if {@code photos} are not those of the views
     * @throws CancellationException if {@code progress} asked for it
     */
    public static Scene triangulate(
            Scene scene, List<Photo> photos, PhotoSource pixels, SfmOptions options, Progress progress)
            throws IOException {
        List<String> names = photos.stream().map(Photo::name).toList();
        if (!names.equals(scene.views().stream().map(View::name).toList())) {
            throw new IllegalArgumentException("photos must be those of the scene's views in their order");
        }
        return Parallel.call(options.threads(), () -> triangulated(scene, photos, pixels, options, progress));
    }

    private static Scene triangulated(
            Scene scene, List<Photo> photos, PhotoSource pixels, SfmOptions options, Progress progress)
            throws IOException {
        List<Keypoints> keypoints = keypoints(photos, pixels, options, progress);
        List<PhotoPair> pairs =
                PairSelection.select(photos.stream().map(Photo::metadata).toList(), keypoints, options.pairs());
        List<MatchablePhoto> matchable = IntStream.range(0, photos.size())
                .mapToObj(i -> new MatchablePhoto(
                        keypoints.get(i),
                        Optional.of(scene.cameraOf(scene.views().get(i)))))
                .toList();
        List<MatchedPair> matched;
        try (PairMatcher matcher = new PairMatcher(options.matching())) {
            matched = matcher.matchAll(pairs, matchable, options.threads(), progress);
        }
        List<MappingCamera> cameras = scene.cameras().stream()
                .map((Camera c) -> new MappingCamera(c, false, false))
                .toList();
        MappingInput input = new MappingInput(
                photos.stream().map(Photo::name).toList(),
                cameras,
                scene.views().stream().map(View::cameraIndex).toList(),
                keypoints,
                matched);
        Scene found = KnownPoses.triangulate(
                input, scene.views().stream().map(View::camFromWorld).toList(), options.mapping());
        return PointColours.colour(found, pixels);
    }

    private static List<Keypoints> keypoints(
            List<Photo> photos, PhotoSource pixels, SfmOptions options, Progress progress) {
        KeypointDetector detector = new KeypointDetector(options.keypoints());
        Keypoints[] found = new Keypoints[photos.size()];
        IntStream.range(0, found.length).parallel().forEach(i -> {
            progress.checkCancelled();
            try {
                found[i] = detector.detect(pixels.read(photos.get(i).name()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return Arrays.asList(found);
    }
}
