package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.io.Sha256;
import io.github.dinosplat.splat.train.Holdout;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The main job: a folder of photos becomes cameras, depth maps, splats and a report, all in one output folder.
 *
 * <p>Every stage leaves its files and a record; a run that was stopped goes on after the last finished stage, and inside
 * the training after its last checkpoint, with the same result as if it had not been stopped.
 */
public final class Reconstruction {

    private Reconstruction() {}

    /**
     * Reconstructs a folder of photos.
     *
     * @param options photos and settings
     * @param target where the results go and how the run was called
     * @param progress told about every stage
     * @return the figures of the run
     * @throws IOException if the photos cannot be read, do not overlap, or the folder cannot be used; the message is one
     *     line that names the file and the remedy
     * @throws IllegalArgumentException if a photo is to be held out that is not there
     * @throws java.util.concurrent.CancellationException if {@code progress} asks to stop
     */
    public static RunSummary run(ReconstructionOptions options, RunTarget target, Progress progress)
            throws IOException {
        return run(options, target, progress, Optional.empty());
    }

    /** The same, compared with the truth where that is known. */
    static RunSummary run(
            ReconstructionOptions options, RunTarget target, Progress progress, Optional<TruthComparison> truth)
            throws IOException {
        PhotoFolder folder = PhotoFolder.read(options.photos());
        List<Photo> photos = folder.photos();
        requireHeldOut(options.training().holdout(), photos);
        PhotoSource pixels = MaskedPhotos.source(photos, options.sfm().masks());
        try (Networks models = Networks.open(options.model(), options.depthModel())) {
            Job job = new Job(target, options.seed(), hashes(photos, options.threads(), progress));
            try (RunFolder run = RunFolder.open(target.out(), key(options, job, photos, models), target.resume())) {
                Scene scene = CameraStage.run(run, options.photos(), folder, pixels, options.sfm(), progress);
                DepthStage.run(run, scene, pixels, models, options.depth(), progress);
                UndistortStage.Pinholes pinholes = UndistortStage.run(run, scene, pixels, options.threads(), progress);
                TrainStage.run(run, scene, pinholes, options.training(), progress);
                SplatFeatureStage.run(run, pinholes, models.features(), options.threads(), progress);
                Optional<ObjectNode> errors =
                        truth.isPresent() ? Optional.of(truth.get().compare(target.out())) : Optional.empty();
                ObjectNode metrics = RunRecords.write(
                        run, job, photos, models.record().addAll(Networks.keypoints(options.sfm())), errors);
                return new RunSummary(metrics, SummaryLines.of(metrics, run.record(CameraStage.NAME), target.out()));
            }
        }
    }

    /** A name that is misspelt should not cost the time until training begins. */
    private static void requireHeldOut(Holdout holdout, List<Photo> photos) {
        if (!holdout.names().isEmpty()) {
            holdout.among(photos.stream().map(Photo::name).toList());
        }
    }

    /** SHA-256 of every photo by its name. */
    static ObjectNode hashes(List<Photo> photos, int threads, Progress progress) throws IOException {
        String[] hashes = new String[photos.size()];
        Parallel.forEach(
                "photos",
                photos.size(),
                threads,
                progress,
                i -> hashes[i] = Sha256.of(photos.get(i).path()));
        ObjectNode inputs = Json.object();
        for (int i = 0; i < hashes.length; i++) {
            inputs.put(photos.get(i).name(), hashes[i]);
        }
        return inputs;
    }

    private static ObjectNode key(ReconstructionOptions options, Job job, List<Photo> photos, Networks models)
            throws IOException {
        ObjectNode key =
                Json.object().put("command", job.target().commandLine().get(0)).put("version", Version.text());
        models.putKey(key);
        key.set("cameras", key(options.sfm(), photos));
        key.set("depth", Json.of(options.depth(), Set.of("threads")));
        key.set("splats", Json.of(options.training(), TrainStage.WITHOUT_EFFECT));
        key.set("photos", job.inputs());
        return key;
    }

    /** What of the search for cameras its result depends on. */
    static ObjectNode key(SfmOptions options, List<Photo> photos) throws IOException {
        ObjectNode cameras = Json.of(options, Set.of("threads", "intrinsics", "masks", "keypointSource"));
        options.keypointSource().ifPresent(source -> cameras.put("keypointSource", source.key()));
        options.intrinsics().ifPresent(known -> {
            ObjectNode perPhoto = cameras.putObject("intrinsics");
            photos.forEach(
                    p -> perPhoto.put(p.name(), String.valueOf(known.camera(p).orElse(null))));
        });
        MaskedPhotos.putKey(cameras, photos, options.masks());
        return cameras;
    }
}
