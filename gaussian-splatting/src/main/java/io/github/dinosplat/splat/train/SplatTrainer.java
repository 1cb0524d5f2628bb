package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.splat.EngineException;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.jvm.JvmEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Trains Gaussian splats on the photos of a scene with known cameras: the one entry point of this package.
 *
 * <p>The method is 3D Gaussian splatting (Kerbl et al. 2023), by default with the refinement of 3DGS-MCMC (Kheradmand et
 * al. 2024), see {@link TrainingMethod}, on pictures that grow from a quarter of the training size to all of it. The same input, options and engine give
 * the same bits, for any number of threads and across a stop and a resume.
 */
public final class SplatTrainer {

    /** Name of the checkpoint in the checkpoint folder. */
    public static final String CHECKPOINT = "training.checkpoint";

    /** Name of the splats as of the last checkpoint in the checkpoint folder. */
    public static final String SPLATS = "splats.ply";

    private SplatTrainer() {}

    /**
     * Trains on the engine that the options name. With {@link EngineChoice.Kind#AUTO} a failure of the graphics card is
     * reported to {@code progress}, and the JVM engine goes on from the last checkpoint, or from the start without one; the
     * result names all engines that had a part.
     *
     * @param scene cameras without distortion, and sparse points to start from; see
     *     {@code io.github.dinosplat.scene.Undistortion} for other cameras
     * @param pixels the photos, of the size of their cameras
     * @param options what to do
     * @param checkpoints folder for {@link #CHECKPOINT} and {@link #SPLATS}; a checkpoint that is there is
     *     resumed from. Nothing is written where empty
     * @param progress told about every step as stage {@code "splats"}; when it cancels, a checkpoint is written first
     * @return the splats and how good they are
     * @throws IOException if a photo can't be read, the scene has no usable points, a checkpoint is of another run
     *     or damaged, or writing fails; the message names the file and what to do
     * @throws IllegalArgumentException if a camera has distortion or the holdout does not fit the scene
     * @throws io.github.dinosplat.splat.EngineException if the engine cannot start or go on and no other may take over
     * @throws java.util.concurrent.CancellationException if {@code progress} asked to stop
     */
    public static TrainResult train(
            Scene scene, PhotoSource pixels, TrainOptions options, Optional<Path> checkpoints, Progress progress)
            throws IOException {
        return train(scene, pixels, PhotoPriors.NONE, options, checkpoints, progress, HeldOutPictures.NONE);
    }

    /**
     * Trains with what networks say about the photos, and shows the held-out ones; otherwise as
     * {@link #train(Scene, PhotoSource, TrainOptions, Optional, Progress)}.
     *
     * @param scene cameras and points
     * @param pixels the photos
     * @param priors depths and features of the training photos, as far as {@link TrainOptions#terms} asks for them
     * @param options what to do
     * @param checkpoints folder for checkpoints
     * @param progress told about every step
     * @param pictures shown the held-out photos beside their renders
     * @return the splats and how good they are
     * @throws IOException as above, or if a prior can't be read or {@code pictures} throws it
     */
    public static TrainResult train(
            Scene scene,
            PhotoSource pixels,
            PhotoPriors priors,
            TrainOptions options,
            Optional<Path> checkpoints,
            Progress progress,
            HeldOutPictures pictures)
            throws IOException {
        EngineChoice choice = options.engine();
        return train(
                scene,
                pixels,
                priors,
                options,
                checkpoints,
                progress,
                pictures,
                () -> choice.open(options.threads()),
                choice.mayFallBack() ? Optional.of(() -> new JvmEngine(options.threads())) : Optional.empty());
    }

    /**
     * Trains on a given engine; otherwise as
     * {@link #train(Scene, PhotoSource, TrainOptions, Optional, Progress)}.
     *
     * @param scene cameras and points
     * @param pixels the photos
     * @param options what to do
     * @param checkpoints folder for checkpoints
     * @param progress told about every step
     * @param engine what executes the steps; left open
     * @return the splats and how good they are
     * @throws IOException as above
     */
    public static TrainResult train(
            Scene scene,
            PhotoSource pixels,
            TrainOptions options,
            Optional<Path> checkpoints,
            Progress progress,
            SplatEngine engine)
            throws IOException {
        return new TrainingRun(scene, pixels, PhotoPriors.NONE, options, checkpoints, progress, engine, false)
                .run(HeldOutPictures.NONE);
    }

    /** The same with the engines given, so that tests can make the first one fail. */
    static TrainResult train(
            Scene scene,
            PhotoSource pixels,
            PhotoPriors priors,
            TrainOptions options,
            Optional<Path> checkpoints,
            Progress progress,
            HeldOutPictures pictures,
            Supplier<SplatEngine> first,
            Optional<Supplier<SplatEngine>> fallback)
            throws IOException {
        boolean anyEngine = fallback.isPresent();
        try (SplatEngine engine = first.get()) {
            return new TrainingRun(scene, pixels, priors, options, checkpoints, progress, engine, anyEngine)
                    .run(pictures);
        } catch (EngineException e) {
            if (fallback.isEmpty()) {
                throw e;
            }
            String reason = e.getMessage() + "; going on with the JVM engine";
            progress.update(TrainingRun.STAGE, 0, options.iterations(), reason);
        }
        try (SplatEngine engine = fallback.get().get()) {
            return new TrainingRun(scene, pixels, priors, options, checkpoints, progress, engine, anyEngine)
                    .run(pictures);
        }
    }
}
