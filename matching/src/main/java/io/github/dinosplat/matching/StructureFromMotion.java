package io.github.dinosplat.matching;

import io.github.dinosplat.matching.sfm.IncrementalMapper;
import io.github.dinosplat.matching.sfm.MappingInput;
import io.github.dinosplat.matching.sfm.MappingResult;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** From photos to cameras, poses and sparse points: keypoints, pairs, matches, mapping. */
public final class StructureFromMotion {

    private StructureFromMotion() {}

    /**
     * Finds the cameras of photos and the points they see. A photo that cannot be decoded is in no model, and the result says
     * why.
     *
     * @param photos the photos
     * @param pixels where their pixels come from
     * @param options how
     * @param cache a folder for keypoints and matches, made if absent; a later call with the same photos and options goes on
     *     from them and gives the same result
     * @param progress told of the stages {@code keypoints}, {@code matching} and {@code mapping}
     * @return the models and what became of every photo; the same for any number of threads
     * @throws IOException if no photo can be decoded or the cache can't be written
     * @throws java.util.concurrent.CancellationException if {@code progress} asked for it
     */
    public static SfmResult reconstruct(
            List<Photo> photos, PhotoSource pixels, SfmOptions options, Optional<Path> cache, Progress progress)
            throws IOException {
        return Parallel.call(options.threads(), () -> {
            SharedCameras cameras = SharedCameras.of(photos, options);
            PhotoSetMatching matching = new PhotoSetMatching(photos, pixels, options, cache, progress);
            matching.findKeypoints(0);
            matching.matchPairs(pair -> true, cameras.forMatching());
            MappingInput input = matching.input(cameras.cameras(), cameras.cameraOf());
            MappingResult mapped =
                    matching.timed("mapping", () -> IncrementalMapper.map(input, options.mapping(), progress));
            return matching.result(matching.coloured(mapped.models()), mapped.unregistered(), mapped.notes());
        });
    }
}
