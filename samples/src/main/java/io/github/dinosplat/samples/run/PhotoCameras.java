package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Cameras and sparse points of a folder of photos: the first part of {@link Reconstruction} by itself. */
public final class PhotoCameras {

    private PhotoCameras() {}

    /**
     * Finds cameras and points.
     *
     * @param folder folder with the photos
     * @param options how cameras are found
     * @param target where the results go and how the run was called
     * @param progress told about every stage
     * @return the figures of the run
     * @throws IOException if the photos cannot be read, do not overlap, or the folder cannot be used; the message is one
     *     line that names the file and the remedy
     * @throws java.util.concurrent.CancellationException if {@code progress} asks to stop
     */
    public static RunSummary run(Path folder, SfmOptions options, RunTarget target, Progress progress)
            throws IOException {
        PhotoFolder found = PhotoFolder.read(folder);
        List<Photo> photos = found.photos();
        PhotoSource pixels = MaskedPhotos.source(photos, options.masks());
        ObjectNode inputs = Reconstruction.hashes(photos, options.threads(), progress);
        ObjectNode key = Json.object().put("command", "sfm").put("version", Version.text());
        key.set("cameras", Reconstruction.key(options, photos));
        key.set("photos", inputs);
        Job job = new Job(target, options.mapping().seed(), inputs);
        try (RunFolder run = RunFolder.open(target.out(), key, target.resume())) {
            CameraStage.run(run, folder, found, pixels, options, progress);
            ObjectNode metrics = RunRecords.write(run, job, photos, Networks.keypoints(options), Optional.empty());
            return new RunSummary(metrics, SummaryLines.of(metrics, run.record(CameraStage.NAME), target.out()));
        }
    }
}
