package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.depth.DepthPictures;
import io.github.dinosplat.depth.DepthPrior;
import io.github.dinosplat.depth.DepthResult;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.features.PcaPictures;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A depth map for each registered photo: {@code depth/NAME.tif} and {@code depth/NAME.png}. */
final class DepthStage {

    static final String NAME = "depth";

    /** As many feature pictures as the report shows. */
    private static final int FEATURE_PICTURES = 6;

    private DepthStage() {}

    static void run(
            RunFolder run,
            Scene scene,
            PhotoSource photos,
            DenseFeatures features,
            DepthOptions options,
            Progress progress)
            throws IOException {
        run.stage(NAME, () -> {
            DepthResult result = DepthPrior.estimate(
                    scene,
                    photos,
                    features,
                    options,
                    (view, depth) -> {
                        String stem = Names.stem(view.name());
                        ImageFiles.writeDepthTiff(depth, run.root().resolve("depth/" + stem + ".tif"));
                        ImageFiles.writePng(DepthPictures.of(depth), run.root().resolve("depth/" + stem + ".png"));
                    },
                    progress);
            writeFeaturePictures(run, scene, photos, features);
            return record(result);
        });
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
            String file = "cache/pictures/features/" + Names.stem(chosen.get(i)) + ".png";
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
            Json.put(record, key, errors.head());
            ObjectNode simpler = record.putObject("simpler_" + what);
            Json.put(simpler, "constant", errors.constant());
            Json.put(simpler, "nearest", errors.nearest());
            Json.put(simpler, "rgb_position", errors.rgbPosition());
        });
    }
}
