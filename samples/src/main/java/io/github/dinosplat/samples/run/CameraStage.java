package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.aerial.geo.Georeferencing;
import io.github.dinosplat.aerial.geo.GpsAdjustment;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.matching.SfmResult;
import io.github.dinosplat.matching.StructureFromMotion;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.joml.Vector3d;

/** Cameras and sparse points from photos, in metres where GPS allows: {@code sparse/}, {@code georef.json}. */
final class CameraStage {

    static final String NAME = "cameras";

    private CameraStage() {}

    /** The model with most photos, as it stands in {@code sparse/0}. */
    static Scene run(
            RunFolder run, Path photos, PhotoFolder folder, PhotoSource pixels, SfmOptions options, Progress progress)
            throws IOException {
        run.stage(NAME, () -> {
            SfmResult found = StructureFromMotion.reconstruct(
                    folder.photos(), pixels, options, Optional.of(run.cache("sfm")), progress);
            if (found.models().isEmpty()) {
                throw new IOException(photos + ": " + whyNothing(folder, found));
            }
            List<String> notes = new ArrayList<>();
            List<Scene> models = placed(run, found.models(), folder.photos(), options.threads(), notes);
            for (int i = 0; i < models.size(); i++) {
                ColmapModel.write(models.get(i), run.root().resolve("sparse/" + i));
            }
            ObjectNode record = record(folder, found, models, matching(options));
            notes.forEach(record.withArray("notes")::add);
            return record;
        });
        // Back from the file, so that what follows is the same in a run that was stopped here.
        return ColmapModel.read(run.root().resolve("sparse/0"));
    }

    private static String whyNothing(PhotoFolder folder, SfmResult found) {
        List<Photo> photos = folder.photos();
        if (photos.size() < 2) {
            String skipped = folder.skipped().stream()
                    .limit(3)
                    .map(s -> "; " + s.name() + " " + s.reason())
                    .collect(Collectors.joining());
            return "one usable photo only, " + photos.get(0).name() + skipped
                    + "; give at least two that overlap, better ten";
        }
        String reasons = found.unregistered().stream()
                .limit(3)
                .map(u -> u.name() + ": " + u.reason())
                .collect(Collectors.joining("; "));
        return "no two of the " + photos.size() + " photos could be related (" + reasons
                + "); give photos that overlap by half or more and are taken from different places";
    }

    /** The models in metres where the largest one can be placed; then the others too, as far as their own GPS goes. */
    private static List<Scene> placed(
            RunFolder run, List<Scene> models, List<Photo> photos, int threads, List<String> notes) throws IOException {
        GpsAdjustment.Result main = GpsAdjustment.adjust(models.get(0), photos, threads);
        if (!main.note().isEmpty()) {
            notes.add(main.note());
        }
        List<Scene> moved = new ArrayList<>();
        moved.add(main.scene());
        for (Scene model : models.subList(1, models.size())) {
            moved.add(main.georeference()
                    .flatMap(g -> Georeferencing.align(model, photos, g.origin()))
                    .map(g -> model.transform(g.enuFromScene()))
                    .orElse(model));
        }
        if (main.georeference().isPresent()) {
            GeorefFile.write(main.georeference().get(), run.root().resolve(GeorefFile.NAME));
        }
        return moved;
    }

    /** All there is to say of cameras that were found. */
    static ObjectNode record(PhotoFolder folder, SfmResult found, List<Scene> models, String matching) {
        Scene main = models.get(0);
        ObjectNode record = Json.object();
        ObjectNode counts = record.putObject("counts")
                .put("total", folder.photos().size() + folder.skipped().size())
                .put("registered", main.views().size());
        ArrayNode sizes = counts.putArray("models");
        models.forEach(m -> sizes.add(m.views().size()));
        putPhotos(record, folder, found, models);
        putSfm(record, found, main);
        Map<String, Integer> numbers = new HashMap<>();
        for (Photo photo : folder.photos()) {
            numbers.put(photo.name(), numbers.size());
        }
        ArrayNode pairs = record.putArray("pairs");
        for (SfmResult.PairInliers pair : found.pairs()) {
            pairs.addArray()
                    .add(numbers.get(pair.photoA()))
                    .add(numbers.get(pair.photoB()))
                    .add(pair.inliers());
        }
        record.put("pairs_tried", found.pairsTried());
        record.put("matching", matching);
        found.notes().forEach(record.putArray("notes")::add);
        return record;
    }

    /** What became of every photo; those that are not in the main model also among the counts, with the reason. */
    private static void putPhotos(ObjectNode record, PhotoFolder folder, SfmResult found, List<Scene> models) {
        Map<String, String> reasons = reasons(found, models);
        ArrayNode unregistered = record.withObject("/counts").putArray("unregistered");
        ArrayNode photos = record.putArray("photos");
        for (int i = 0; i < folder.photos().size(); i++) {
            String name = folder.photos().get(i).name();
            ObjectNode photo = photos.addObject()
                    .put("name", name)
                    .put("keypoints", found.keypoints().get(i));
            Optional<View> view = models.get(0).view(name);
            photo.put("registered", view.isPresent());
            if (view.isPresent()) {
                putObservations(photo, models.get(0), view.get());
            } else {
                String reason = reasons.getOrDefault(name, "not related to the others");
                photo.put("reason", reason);
                unregistered.addObject().put("name", name).put("reason", reason);
            }
        }
        for (PhotoFolder.Skipped skipped : folder.skipped()) {
            photos.addObject()
                    .put("name", skipped.name())
                    .put("registered", false)
                    .put("reason", skipped.reason());
            unregistered.addObject().put("name", skipped.name()).put("reason", skipped.reason());
        }
    }

    /** Why photos are not in the main model, by their names. */
    private static Map<String, String> reasons(SfmResult found, List<Scene> models) {
        Map<String, String> reasons = new HashMap<>();
        found.unregistered().forEach(u -> reasons.put(u.name(), u.reason()));
        for (int i = 1; i < models.size(); i++) {
            for (View view : models.get(i).views()) {
                reasons.put(view.name(), "in another model, sparse/" + i);
            }
        }
        return reasons;
    }

    /** How photos were matched, in words: dense features have no part in it. */
    static String matching(SfmOptions options) {
        return options.detector().name() + " keypoints, dense-feature guidance off";
    }

    private static void putSfm(ObjectNode record, SfmResult found, Scene main) {
        int points = main.points().count();
        ObjectNode sfm = record.putObject("sfm").put("points", points).put("observations", main.observationCount());
        Json.put(sfm, "mean_reprojection_error_px", main.meanReprojectionError());
        Json.put(sfm, "mean_track_length", points == 0 ? 0 : (double) main.observationCount() / points);
        ArrayNode stages = record.putArray("stages");
        double seconds = 0;
        double cpuSeconds = 0;
        for (SfmResult.StageTime time : found.times()) {
            Json.put(
                    stages.addObject().put("name", time.stage()).put("seconds", time.seconds()),
                    "cpu_seconds",
                    time.cpuSeconds());
            seconds += time.seconds();
            cpuSeconds += time.cpuSeconds();
        }
        Json.put(sfm, "seconds", seconds);
        Json.put(sfm, "cpu_seconds", cpuSeconds);
    }

    private static void putObservations(ObjectNode photo, Scene scene, View view) {
        int observations = 0;
        double error = 0;
        double[] pixel = new double[2];
        for (int k = 0; k < view.keypointCount(); k++) {
            if (view.pointIndex(k) >= 0) {
                Vector3d inCam = view.camFromWorld().transform(scene.points().position(view.pointIndex(k)));
                scene.cameraOf(view).project(inCam.x, inCam.y, inCam.z, pixel, null, null);
                error += Math.hypot(pixel[0] - view.x(k), pixel[1] - view.y(k));
                observations++;
            }
        }
        photo.put("observations", observations);
        if (observations > 0) {
            Json.put(photo, "error_px", error / observations);
        }
    }
}
