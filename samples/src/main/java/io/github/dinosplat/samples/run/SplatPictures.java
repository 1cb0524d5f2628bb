package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.Undistortion;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.io.Sha256;
import io.github.dinosplat.splat.Metrics;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.io.SplatFiles;
import io.github.dinosplat.splat.io.StoredSplats;
import io.github.dinosplat.splat.train.EngineChoice;
import io.github.dinosplat.splat.train.PhotoColours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Pictures of a finished splat file from a scene's cameras: written, or compared with the scene's photos. Cameras with
 * distortion are replaced by the pinholes that training uses in their place; where the training photos' colours lie beside the
 * file (see {@link ColoursFile}), pictures are exposed like the photos near them.
 */
public final class SplatPictures {

    private final Path splats;
    private final Path scene;
    private final Optional<Integer> maxSize;
    private final EngineChoice choice;
    private final int threads;
    private final Progress progress;

    /**
     * Pictures of a splat file.
     *
     * @param splats a file of any kind that {@link SplatFiles#read} knows
     * @param scene folder with a COLMAP model or a {@code transforms.json}, or a run's output folder
     * @param maxSize greatest long side of the pictures; empty for the size that the splats were trained at, where their
     *     file lies in its run's folder, and else for that of the cameras
     * @param choice what renders
     * @param threads threads to use; results do not depend on it
     * @param progress told about every picture
     */
    public SplatPictures(
            Path splats, Path scene, Optional<Integer> maxSize, EngineChoice choice, int threads, Progress progress) {
        this.splats = splats;
        this.scene = scene;
        this.maxSize = maxSize;
        this.choice = choice;
        this.threads = threads;
        this.progress = progress;
    }

    /**
     * Renders every camera's picture into {@code OUT/NAME.png}. A run that was stopped goes on with the pictures that are
     * missing.
     *
     * @param target where the pictures go and how the run was called
     * @return how many pictures there are
     * @throws IOException if a file cannot be read or written; the message names it and the remedy
     * @throws java.util.concurrent.CancellationException if progress asks to stop
     */
    public RunSummary render(RunTarget target) throws IOException {
        return render(pinholes(), target);
    }

    /**
     * Renders a flight through all cameras in the order of their names into {@code OUT/00001.png} and so on: what the splats
     * look like between the photos. A run that was stopped goes on with the pictures that are missing.
     *
     * @param pictures how many, at least 1
     * @param target where the pictures go and how the run was called
     * @return how many pictures there are
     * @throws IOException if a file cannot be read or written; the message names it and the remedy
     * @throws IllegalArgumentException if no picture is asked for
     * @throws java.util.concurrent.CancellationException if progress asks to stop
     */
    public RunSummary renderPath(int pictures, RunTarget target) throws IOException {
        if (pictures < 1) {
            throw new IllegalArgumentException("pictures must be at least 1 but was " + pictures);
        }
        return render(CameraPath.through(pinholes(), pictures), target);
    }

    private Scene pinholes() throws IOException {
        return Undistortion.scene(SceneInput.read(scene, Optional.empty()).scene());
    }

    private RunSummary render(Scene pinholes, RunTarget target) throws IOException {
        int longSide = longSide();
        StoredSplats stored = SplatFiles.read(splats);
        PhotoColours colours = ColoursFile.read(splats);
        ObjectNode key = Json.object().put("command", "render").put("version", Version.text());
        key.put("splats", Sha256.of(splats));
        if (!colours.isIdentity()) {
            key.put("colours", Sha256.of(ColoursFile.of(splats)));
        }
        key.put("cameras", SceneHash.of(pinholes));
        key.put("maxSize", longSide);
        key.put("engine", choice.toString());
        try (RunFolder run = RunFolder.open(target.out(), key, target.resume())) {
            run.stage("pictures", () -> {
                try (SplatEngine engine = loaded(stored)) {
                    for (View view : pinholes.views()) {
                        tell("render", pinholes, view);
                        Path file = target.out().resolve(Photo.stem(view.name()) + ".png");
                        if (!Files.isRegularFile(file)) {
                            Camera camera = pinholes.cameraOf(view).fitted(longSide);
                            ImageFiles.writePng(picture(engine, stored, colours, camera, view), file);
                        }
                    }
                }
                return Json.object();
            });
        }
        int count = pinholes.views().size();
        return new RunSummary(
                Json.object().put("pictures", count), List.of("pictures " + count + " in " + target.out()));
    }

    /**
     * Compares every camera's picture with its photo.
     *
     * @param images folder with the photos; empty for the scene's own
     * @return {@code photos}: name, psnr and ssim of each, in the scene's order; {@code mean}: psnr and ssim
     * @throws IOException if a file cannot be read, or a photo is missing
     */
    public ObjectNode evaluate(Optional<Path> images) throws IOException {
        SceneInput input = SceneInput.read(scene, images);
        UndistortStage.Pinholes pinholes = UndistortStage.onTheFly(input.scene(), ImageFiles.source(input.photos()));
        int longSide = longSide();
        ObjectNode result = Json.object();
        ArrayNode photos = result.putArray("photos");
        double psnr = 0;
        double ssim = 0;
        List<View> views = pinholes.scene().views();
        StoredSplats stored = SplatFiles.read(splats);
        PhotoColours colours = ColoursFile.read(splats);
        try (SplatEngine engine = loaded(stored)) {
            for (View view : views) {
                tell("evaluate", pinholes.scene(), view);
                Camera whole = pinholes.scene().cameraOf(view);
                Image photo = pinholes.pixels().read(view.name());
                UndistortStage.requireSize(photo, whole, view.name());
                Camera camera = whole.fitted(longSide);
                Image truth = photo.resized(camera.width(), camera.height());
                Image picture = picture(engine, stored, colours, camera, view);
                double photoPsnr = Metrics.psnr(picture, truth);
                double photoSsim = Metrics.ssim(picture, truth);
                photos.addObject()
                        .put("name", view.name())
                        .put("psnr", photoPsnr)
                        .put("ssim", photoSsim);
                psnr += photoPsnr;
                ssim += photoSsim;
            }
        }
        ObjectNode mean = result.putObject("mean");
        Json.put(mean, "psnr", psnr / views.size());
        Json.put(mean, "ssim", ssim / views.size());
        return result;
    }

    private SplatEngine loaded(StoredSplats stored) {
        SplatEngine engine = choice.open(threads);
        try {
            engine.load(TrainingState.start(stored.gaussians()));
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    private static Image picture(
            SplatEngine engine, StoredSplats stored, PhotoColours colours, Camera camera, View view) {
        Rendering rendering = engine.render(PinholeView.of(camera, view.camFromWorld()), stored.renderOptions());
        return colours.exposed(rendering, view.camFromWorld()).image();
    }

    private void tell(String stage, Scene pinholes, View view) {
        progress.checkCancelled();
        int done = pinholes.views().indexOf(view) + 1;
        progress.update(stage, done, pinholes.views().size(), view.name());
    }

    private int longSide() throws IOException {
        if (maxSize.isPresent()) {
            return maxSize.get();
        }
        Path folder = splats.toAbsolutePath().getParent();
        Path key = folder == null ? splats : folder.resolve(RunFolder.KEY);
        String trained = Files.isRegularFile(key)
                ? Json.read(key).path("splats").path("maxSize").asText()
                : "";
        return trained.matches("\\d{1,9}") ? Integer.parseInt(trained) : Integer.MAX_VALUE;
    }
}
