package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Depth maps for a scene with known cameras: from a COLMAP model or a {@code transforms.json} and the photos. */
public final class SceneDepth {

    private SceneDepth() {}

    /**
     * Makes the depth maps of a scene.
     *
     * @param sceneFolder folder with a COLMAP model or a {@code transforms.json}
     * @param images folder with the photos; empty for the scene's own
     * @param model ONNX file of a vision transformer for dense features; empty for the embedded one
     * @param depthModel ONNX file of a depth network instead of the head that is fitted to the scene; empty for the head
     * @param options how depth maps are made
     * @param target where the results go and how the run was called
     * @param progress told about every stage
     * @return the figures of the run
     * @throws IOException if the scene, a photo or the model cannot be read, no photo has enough points, or the folder
     *     cannot be used
     * @throws java.util.concurrent.CancellationException if {@code progress} asks to stop
     */
    public static RunSummary run(
            Path sceneFolder,
            Optional<Path> images,
            Optional<Path> model,
            Optional<Path> depthModel,
            DepthOptions options,
            RunTarget target,
            Progress progress)
            throws IOException {
        SceneInput input = SceneInput.read(sceneFolder, images);
        List<Photo> photos = input.photos();
        requireSizes(input.scene(), photos);
        ObjectNode inputs = Reconstruction.hashes(photos, options.threads(), progress);
        try (Networks models = Networks.open(model, depthModel)) {
            Job job = new Job(target, options.seed(), inputs);
            ObjectNode key = Json.object().put("command", "depth").put("version", Version.text());
            key.put("scene", SceneHash.of(input.scene()));
            models.putKey(key);
            key.set("depth", Json.of(options, Set.of("threads")));
            key.set("photos", inputs);
            try (RunFolder run = RunFolder.open(target.out(), key, target.resume())) {
                Scene scene = SceneStage.run(run, input, photos, options.seed(), options.threads(), progress);
                DepthStage.run(run, scene, ImageFiles.source(photos), models, options, progress);
                if (hasMaps(run)) {
                    ObjectNode metrics = RunRecords.write(run, job, photos, models.record(), Optional.empty());
                    return new RunSummary(metrics, SummaryLines.of(metrics, Optional.empty(), target.out()));
                }
            }
            // The scene alone is not what was asked for.
            RunFolder.clear(target.out(), "depth");
            throw new IOException(sceneFolder + ": none of its photos has the " + options.minPoints()
                    + " usable sparse points that a depth map needs; give a scene with more points, or one without any"
                    + " to have them triangulated");
        }
    }

    private static void requireSizes(Scene scene, List<Photo> photos) throws IOException {
        for (int i = 0; i < photos.size(); i++) {
            Photo photo = photos.get(i);
            Camera camera = scene.cameraOf(scene.views().get(i));
            UndistortStage.requireSize(photo.width(), photo.height(), camera, photo.name());
        }
    }

    private static boolean hasMaps(RunFolder run) throws IOException {
        return run.record(DepthStage.NAME).orElseThrow().path("maps").asInt() > 0;
    }
}
