package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.matching.SceneLocalisation;
import io.github.dinosplat.matching.SceneTriangulation;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.matching.SfmResult;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.SceneFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cameras and points of photos with the help of a given scene: localised in it, or triangulated with its poses. */
public final class SceneCameras {

    private final Path scenePath;
    private final SfmOptions options;
    private final Progress progress;
    private final List<String> notes = new ArrayList<>();

    private SceneCameras(Path scenePath, SfmOptions options, Progress progress) {
        this.scenePath = scenePath;
        this.options = options;
        this.progress = progress;
    }

    /** What a job works on: photos, the first of which are those of the scene's views. */
    private record Work(Scene scene, PhotoFolder photos) {}

    private interface Finder {
        SfmResult find(Scene scene, List<Photo> photos, PhotoSource pixels, Path cache) throws IOException;
    }

    /**
     * Adds photos to a scene, which stays as it is: {@code sparse/0} has its cameras, poses and points, and behind them those
     * of the photos.
     *
     * @param photos folder with the photos; those that the scene has already are passed over
     * @param scene folder or file of the scene; without points these are triangulated first
     * @param images folder with the scene's photos; empty for the scene's own, or {@code photos} where it has none
     * @param options how cameras are found
     * @param target where the results go and how the run was called
     * @param progress told about every stage
     * @return the figures of the run
     * @throws IOException if photos or scene cannot be read or the folder cannot be used
     */
    public static RunSummary localise(
            Path photos, Path scene, Optional<Path> images, SfmOptions options, RunTarget target, Progress progress)
            throws IOException {
        SceneCameras job = new SceneCameras(scene, options, progress);
        return job.run("into", job.sceneAndMore(photos, images), target, (known, all, pixels, cache) -> {
            Scene solid = known;
            if (known.points().count() == 0) {
                List<Photo> own = all.subList(0, known.views().size());
                solid = SceneTriangulation.triangulate(known, own, pixels, options, Optional.of(cache), progress)
                        .models()
                        .get(0);
                job.notes.add("the scene had no points; its photos were matched and "
                        + solid.points().count() + " points triangulated first");
            }
            return SceneLocalisation.localise(solid, all, pixels, options, Optional.of(cache), progress);
        });
    }

    /**
     * Triangulates what photos with known poses see.
     *
     * @param photos folder with the photos
     * @param scene folder or file with their cameras and poses, which stay as they are
     * @param options how photos are matched
     * @param target where the results go and how the run was called
     * @param progress told about every stage
     * @return the figures of the run
     * @throws IOException if photos or scene cannot be read, fewer than two photos have a pose, or the folder cannot be used
     */
    public static RunSummary triangulate(
            Path photos, Path scene, SfmOptions options, RunTarget target, Progress progress) throws IOException {
        SceneCameras job = new SceneCameras(scene, options, progress);
        return job.run(
                "poses",
                job.posed(photos),
                target,
                (known, all, pixels, cache) ->
                        SceneTriangulation.triangulate(known, all, pixels, options, Optional.of(cache), progress));
    }

    /** The scene's photos, sorted by name as its views then are, and those to add. */
    private Work sceneAndMore(Path photos, Optional<Path> images) throws IOException {
        PhotoFolder given = PhotoFolder.read(photos);
        SceneFile file = SceneFile.read(scenePath, images);
        if (images.isEmpty() && !Files.isDirectory(file.photoFolder())) {
            file = SceneFile.read(scenePath, Optional.of(photos));
        }
        SceneInput input = new SceneInput(file.scene(), file.photoFolder(), file.missing());
        notes.addAll(input.notes());
        List<Photo> all = new ArrayList<>(input.photos());
        List<PhotoFolder.Skipped> skipped = new ArrayList<>(given.skipped());
        Map<String, Photo> known = Photo.byName(all);
        for (Photo photo : given.photos()) {
            Photo same = known.get(photo.name());
            if (same == null) {
                all.add(photo);
            } else if (Files.mismatch(same.path(), photo.path()) >= 0) {
                skipped.add(new PhotoFolder.Skipped(
                        photo.name(), "the scene has another photo of this name; rename one of them"));
            }
        }
        if (all.size() == known.size()) {
            throw new IOException(photos + ": the scene has all of its usable photos already; give others");
        }
        return new Work(input.scene(), new PhotoFolder(all, skipped));
    }

    /** The photos that the scene has a pose of, and their cameras. */
    private Work posed(Path photos) throws IOException {
        PhotoFolder given = PhotoFolder.read(photos);
        SceneFile file = SceneFile.read(scenePath, Optional.of(photos));
        notes.addAll(new SceneInput(file.scene(), file.photoFolder(), file.missing()).notes());
        Map<String, View> byName = new HashMap<>();
        file.scene().views().forEach(v -> byName.put(v.name(), v));
        List<PhotoFolder.Skipped> skipped = new ArrayList<>(given.skipped());
        List<Photo> posed = new ArrayList<>();
        List<View> views = new ArrayList<>();
        for (Photo photo : given.photos()) {
            View view = byName.remove(photo.name());
            if (view == null) {
                skipped.add(new PhotoFolder.Skipped(photo.name(), "has no pose in " + scenePath));
            } else {
                posed.add(photo);
                views.add(new View(photo.name(), view.cameraIndex(), view.camFromWorld(), new double[0], new int[0]));
            }
        }
        if (posed.size() < 2) {
            throw new IOException(scenePath + ": has a pose of " + posed.size() + " of the "
                    + given.photos().size()
                    + " photos in " + photos + ", two are needed; its names are like "
                    + file.scene().views().stream().map(View::name).findFirst().orElse("none"));
        }
        if (!byName.isEmpty()) {
            notes.add(byName.size() + " photos of the scene are not in " + photos + ": "
                    + String.join(", ", byName.keySet().stream().sorted().toList()));
        }
        return new Work(new Scene(file.scene().cameras(), views, ScenePoints.NONE), new PhotoFolder(posed, skipped));
    }

    private RunSummary run(String task, Work work, RunTarget target, Finder finder) throws IOException {
        List<Photo> photos = work.photos.photos();
        for (int i = 0; i < work.scene.views().size(); i++) {
            UndistortStage.requireSize(
                    photos.get(i).width(),
                    photos.get(i).height(),
                    work.scene.cameraOf(work.scene.views().get(i)),
                    photos.get(i).name());
        }
        PhotoSource pixels = MaskedPhotos.source(photos, options.masks());
        ObjectNode inputs = Reconstruction.hashes(photos, options.threads(), progress);
        ObjectNode key = Json.object().put("command", "sfm").put("version", Version.text());
        key.put(task, SceneHash.of(work.scene));
        key.set("cameras", Reconstruction.key(options, photos));
        key.set("photos", inputs);
        Job job = new Job(target, options.mapping().seed(), inputs);
        try (RunFolder run = RunFolder.open(target.out(), key, target.resume())) {
            run.stage(CameraStage.NAME, () -> {
                SfmResult found = finder.find(work.scene, photos, pixels, run.cache("sfm"));
                ColmapModel.write(found.models().get(0), run.root().resolve("sparse/0"));
                Path georef = scenePath.resolve(GeorefFile.NAME);
                if (Files.isRegularFile(georef)) {
                    Files.copy(georef, run.root().resolve(GeorefFile.NAME), StandardCopyOption.REPLACE_EXISTING);
                }
                ObjectNode record =
                        CameraStage.record(work.photos, found, found.models(), CameraStage.matching(options));
                notes.forEach(record.withArray("notes")::add);
                return record;
            });
            ObjectNode metrics = RunRecords.write(run, job, photos, Networks.keypoints(options), Optional.empty());
            return new RunSummary(metrics, SummaryLines.of(metrics, run.record(CameraStage.NAME), target.out()));
        }
    }
}
