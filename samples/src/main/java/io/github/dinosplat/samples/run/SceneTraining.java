package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.io.MaskFolder;
import io.github.dinosplat.splat.train.TrainOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Splats for a scene with known cameras: from a COLMAP model or a {@code transforms.json} and the photos. */
public final class SceneTraining {

    private SceneTraining() {}

    /**
     * Trains splats on a scene.
     *
     * @param sceneFolder folder with a COLMAP model or a {@code transforms.json}
     * @param images folder with the photos; empty for the scene's own
     * @param masks folder with masks, see {@link MaskFolder}; empty where all of every photo counts
     * @param options how splats are trained
     * @param target where the results go and how the run was called
     * @param progress told about every stage
     * @return the figures of the run
     * @throws IllegalArgumentException if a photo is to be held out that the scene has not, or none is left to train on
     * @throws IOException if the scene or a photo cannot be read, or the folder cannot be used
     * @throws java.util.concurrent.CancellationException if {@code progress} asks to stop
     */
    public static RunSummary run(
            Path sceneFolder,
            Optional<Path> images,
            Optional<Path> masks,
            TrainOptions options,
            RunTarget target,
            Progress progress)
            throws IOException {
        SceneInput input = SceneInput.read(sceneFolder, images);
        List<Photo> photos = input.photos();
        options.holdout().among(photos.stream().map(Photo::name).toList());
        ObjectNode inputs = Reconstruction.hashes(photos, options.threads(), progress);
        Job job = new Job(target, options.seed(), inputs);
        ObjectNode key = Json.object().put("command", "train").put("version", Version.text());
        key.put("scene", SceneHash.of(input.scene()));
        key.set("splats", Json.of(options, TrainStage.WITHOUT_EFFECT));
        key.set("photos", inputs);
        Optional<MaskFolder> given = masks.map(MaskFolder::new);
        PhotoSource source = MaskedPhotos.source(photos, given);
        MaskedPhotos.putKey(key, photos, given);
        try (Networks models = Networks.open(Optional.empty(), Optional.empty());
                RunFolder run = RunFolder.open(target.out(), key, target.resume())) {
            Scene scene = SceneStage.run(run, input, photos, options.seed(), options.threads(), progress);
            UndistortStage.Pinholes pinholes = UndistortStage.run(run, scene, source, options.threads(), progress);
            TrainStage.run(run, scene, pinholes, options, progress);
            SplatFeatureStage.run(run, pinholes, models.features(), options.threads(), progress);
            ObjectNode metrics = RunRecords.write(run, job, photos, models.record(), Optional.empty());
            return new RunSummary(metrics, SummaryLines.of(metrics, Optional.empty(), target.out()));
        }
    }
}
