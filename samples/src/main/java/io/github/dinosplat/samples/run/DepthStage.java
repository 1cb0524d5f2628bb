package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.depth.DepthFusion;
import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.depth.DepthPictures;
import io.github.dinosplat.depth.DepthPrior;
import io.github.dinosplat.depth.DepthResult;
import io.github.dinosplat.depth.DepthSink;
import io.github.dinosplat.depth.DepthSource;
import io.github.dinosplat.depth.FusionOptions;
import io.github.dinosplat.depth.InverseDepthPictures;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.features.PcaPictures;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A depth map for each registered photo, {@code depth/NAME.tif} and {@code .png}, and all of them fused: {@code dense.ply}. */
final class DepthStage {

    static final String NAME = "depth";

    /** The fused maps. */
    static final String CLOUD = "dense.ply";

    /** As many feature pictures as the report shows. */
    private static final int FEATURE_PICTURES = 6;

    private DepthStage() {}

    static void run(
            RunFolder run, Scene scene, PhotoSource photos, Networks models, DepthOptions options, Progress progress)
            throws IOException {
        run.stage(NAME, () -> {
            Path confidences = run.cache(NAME);
            DepthSink sink = (view, depth) -> {
                String stem = Photo.stem(view.name());
                ImageFiles.writeDepthTiff(depth, run.root().resolve("depth/" + stem + ".tif"));
                ImageFiles.writePng(DepthPictures.of(depth), run.root().resolve("depth/" + stem + ".png"));
                ImageFiles.writeDepthTiff(confidence(depth), confidences.resolve(stem + ".tif"));
            };
            DepthResult result = models.depth().isPresent()
                    ? DepthPrior.estimate(scene, photos, models.depth().get(), options, sink, progress)
                    : DepthPrior.estimate(scene, photos, models.features(), options, sink, progress);
            if (result.maps() > 0) {
                DepthSource maps = view -> read(run.root().resolve("depth"), confidences, Photo.stem(view.name()));
                InverseDepthPictures.write(scene, maps, run.root().resolve("depth/inverse"));
                DepthFusion.write(
                        scene,
                        maps,
                        photos,
                        FusionOptions.defaults().withThreads(options.threads()),
                        run.root().resolve(CLOUD),
                        progress);
            }
            for (View view : scene.views()) {
                Files.deleteIfExists(confidences.resolve(Photo.stem(view.name()) + ".tif"));
            }
            writeFeaturePictures(run, scene, photos, models.features());
            return record(result);
        });
    }

    /** The confidence as a picture of numbers, because the depth's own file has none. */
    private static DepthMap confidence(DepthMap map) {
        float[] values = new float[map.width() * map.height()];
        for (int i = 0; i < values.length; i++) {
            values[i] = map.confidence(i % map.width(), i / map.width());
        }
        return new DepthMap(map.width(), map.height(), values, values);
    }

    private static Optional<DepthMap> read(Path depths, Path confidences, String stem) throws IOException {
        Path file = depths.resolve(stem + ".tif");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        DepthMap depth = ImageFiles.readDepthTiff(file);
        DepthMap confidence = ImageFiles.readDepthTiff(confidences.resolve(stem + ".tif"));
        float[] z = new float[depth.width() * depth.height()];
        float[] c = new float[z.length];
        for (int i = 0; i < z.length; i++) {
            z[i] = depth.depth(i % depth.width(), i / depth.width());
            c[i] = confidence.depth(i % depth.width(), i / depth.width());
        }
        return Optional.of(new DepthMap(depth.width(), depth.height(), z, c));
    }

    private static void writeFeaturePictures(RunFolder run, Scene scene, PhotoSource photos, DenseFeatures features)
            throws IOException {
        List<String> names = scene.views().stream().map(View::name).sorted().toList();
        int step = Math.max(1, (int) Math.ceil((double) names.size() / FEATURE_PICTURES));
        List<String> chosen = new ArrayList<>();
        List<FeatureMap> maps = new ArrayList<>();
        for (int i = 0; i < names.size(); i += step) {
            chosen.add(names.get(i));
            maps.add(features.extract(photos.read(names.get(i))));
        }
        List<Image> pictures = PcaPictures.of(maps);
        for (int i = 0; i < chosen.size(); i++) {
            String file = "cache/pictures/features/" + Photo.stem(chosen.get(i)) + ".png";
            ImageFiles.writePng(pictures.get(i), run.root().resolve(file));
        }
    }

    private static ObjectNode record(DepthResult result) {
        ObjectNode record = Json.object().put("maps", result.maps()).put("features", result.features());
        putErrors(record, "points", result.points());
        putErrors(record, "blocks", result.blocks());
        ObjectNode unknown = record.putObject("without_depth");
        for (DepthResult.PhotoDepth photo : result.photos()) {
            photo.whyUnknown().ifPresent(why -> unknown.put(photo.name(), why));
        }
        return record;
    }

    private static void putErrors(ObjectNode record, String what, Optional<DepthResult.HeldOut> heldOut) {
        String key = "abs_rel_held_out_" + what;
        record.putNull(key);
        heldOut.ifPresent(errors -> {
            Json.put(record, key, errors.head().absRel());
            Json.put(record, "delta1_held_out_" + what, errors.head().delta1());
            ObjectNode simpler = record.putObject("simpler_" + what);
            Json.put(simpler, "constant", errors.constant().absRel());
            Json.put(simpler, "nearest", errors.nearest().absRel());
            Json.put(simpler, "rgb_position", errors.rgbPosition().absRel());
            ArrayNode calibration = record.putArray("calibration_" + what);
            for (DepthResult.ConfidenceBin bin : errors.calibration()) {
                ObjectNode node = calibration.addObject().put("observations", bin.observations());
                Json.put(node, "confidence", bin.confidence());
                Json.put(node, "expected_error", bin.expectedError());
                Json.put(node, "mean_error", bin.meanError());
                Json.put(node, "median_error", bin.medianError());
            }
        });
    }
}
