package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.io.AtomicFiles;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.io.SplatFiles;
import io.github.dinosplat.splat.io.StoredSplats;
import io.github.dinosplat.splat.train.CurvePoint;
import io.github.dinosplat.splat.train.HeldOutPhoto;
import io.github.dinosplat.splat.train.Holdout;
import io.github.dinosplat.splat.train.PhotoPriors;
import io.github.dinosplat.splat.train.SplatTrainer;
import io.github.dinosplat.splat.train.TrainOptions;
import io.github.dinosplat.splat.train.TrainResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Splats from a scene: {@code splats.ply}, {@code splats.colours.json}, {@code renders/}, {@code truth/}. */
final class TrainStage {

    static final String NAME = "splats";

    /** Components of the options on which the splats do not depend. */
    static final Set<String> WITHOUT_EFFECT = Set.of("threads", "checkpointEvery", "evaluations");

    private TrainStage() {}

    /**
     * Trains, or finds that this run has trained already.
     *
     * @param run the run's folder
     * @param scene the scene with the photos' own names, by which photos are held out
     * @param pinholes what to train on
     * @param options what to do
     * @param progress told about every step
     */
    static void run(
            RunFolder run, Scene scene, UndistortStage.Pinholes pinholes, TrainOptions options, Progress progress)
            throws IOException {
        run.stage(NAME, () -> {
            Path checkpoints = run.cache(NAME);
            List<String> heldOut = options
                    .holdout()
                    .among(scene.views().stream().map(v -> v.name()).toList())
                    .stream()
                    .map(UndistortStage::pictureName)
                    .toList();
            boolean flattened = pinholes.scene().views().stream()
                    .anyMatch(v -> scene.view(v.name()).isEmpty());
            TrainResult result = SplatTrainer.train(
                    pinholes.scene(),
                    pinholes.pixels(),
                    PhotoPriors.NONE,
                    flattened ? options.withHoldout(Holdout.named(heldOut)) : options,
                    Optional.of(checkpoints),
                    new SplatsOnTheWay(
                            progress,
                            checkpoints.resolve(SplatTrainer.SPLATS),
                            run.root().resolve("splats.ply")),
                    (name, rendering, truth) -> {
                        String file = Photo.stem(name) + ".png";
                        ImageFiles.writePng(
                                rendering, run.root().resolve("renders").resolve(file));
                        ImageFiles.writePng(truth, run.root().resolve("truth").resolve(file));
                    });
            ColoursFile.write(result.colours(), run.root().resolve("splats.ply"));
            SplatFiles.write(
                    new StoredSplats(result.gaussians(), result.rendering().mip()),
                    run.root().resolve("splats.ply"));
            return record(result);
        });
    }

    private static ObjectNode record(TrainResult result) {
        ObjectNode record = Json.object()
                .put("count", result.gaussians().count())
                .put("iterations", result.iterations())
                .put("engine", result.engine())
                .put("device", result.device())
                .put("ms_per_iteration", result.millisPerIteration())
                .put("cpu_ms_per_iteration", result.cpuMillisPerIteration());
        ObjectNode heldOut = Json.object().put("photos", result.heldOut().size());
        Json.put(heldOut, "psnr", result.heldOutPsnr());
        Json.put(heldOut, "ssim", result.heldOutSsim());
        Json.put(heldOut, "blurred_ssim", result.heldOutBlurredSsim());
        Json.put(heldOut, "seen_share", result.heldOutSeenShare());
        Json.put(heldOut, "seen_psnr", result.heldOutSeenPsnr());
        record.set("held_out", heldOut);
        ObjectNode train = Json.put(Json.object(), "psnr", result.trainPsnr());
        record.set("train", Json.put(train, "ssim", result.trainSsim()));
        ArrayNode photos = record.putArray("held_out_photos");
        for (HeldOutPhoto photo : result.heldOut()) {
            ObjectNode node = photos.addObject()
                    .put("name", photo.name())
                    .put("psnr", photo.psnr())
                    .put("ssim", photo.ssim())
                    .put("blurred_ssim", photo.blurredSsim())
                    .put("seen_share", photo.seenShare());
            Json.put(node, "seen_psnr", photo.seenPsnr());
        }
        ArrayNode curve = record.putArray("curve");
        for (CurvePoint point : result.curve()) {
            ObjectNode node =
                    curve.addObject().put("iteration", point.iteration()).put("gaussians", point.gaussians());
            Json.put(node, "loss", point.loss());
            Json.put(node, "held_out_psnr", point.heldOutPsnr());
        }
        return record.put("start_count", result.startCount());
    }

    /** Copies the splats of each new checkpoint to where people look for them. */
    private static final class SplatsOnTheWay implements Progress {

        private final Progress progress;
        private final Path checkpoint;
        private final Path target;
        private FileTime copied = FileTime.fromMillis(0);

        SplatsOnTheWay(Progress progress, Path checkpoint, Path target) {
            this.progress = progress;
            this.checkpoint = checkpoint;
            this.target = target;
        }

        @Override
        public synchronized void update(String stage, long done, long total, String detail) {
            progress.update(stage, done, total, detail);
            try {
                if (!Files.exists(checkpoint)) {
                    return;
                }
                FileTime changed = Files.getLastModifiedTime(checkpoint);
                if (!changed.equals(copied)) {
                    AtomicFiles.write(target, out -> Files.copy(checkpoint, out));
                    copied = changed;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean isCancelled() {
            return progress.isCancelled();
        }
    }
}
