package io.github.dinosplat.samples.ablation;

import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.depth.DepthPrior;
import io.github.dinosplat.features.DenseFeatureOptions;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.features.PrincipalComponents;
import io.github.dinosplat.matching.SceneTriangulation;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.train.PhotoPriors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What training is given of a set: points, depths and features from its training photos alone, and the cameras of the
 * judged photos.
 *
 * @param scene training and judged photos; no point comes from a judged one
 * @param pixels the photos
 * @param priors depths and features of the training photos
 */
record TrainingSet(Scene scene, PhotoSource pixels, PhotoPriors priors) {

    /** Channels of the features that training uses. */
    static final int CHANNELS = 8;

    /** Long side of what the embedded network sees: what it was trained for. */
    private static final int NETWORK_SIDE = 512;

    /**
     * Triangulates, and fits the depth head.
     *
     * @param set the set
     * @param training names of the photos to train on
     * @param images where they are, and the judged ones
     * @param model where the points are kept from one run to the next
     */
    static TrainingSet of(PhotoSet set, List<String> training, Path images, Path model, int threads, Progress progress)
            throws IOException {
        Scene seen = triangulated(set.part(training), images, model, threads, progress);
        List<View> views = new ArrayList<>(seen.views());
        views.addAll(set.part(set.judged()).views());
        Scene scene = new Scene(seen.cameras(), views, seen.points());
        PhotoSource pixels = ImageFiles.source(images);
        return new TrainingSet(
                scene, pixels, priors(seen, pixels, set.folder().resolve("features"), threads, progress));
    }

    /** Points of a scene without, made once. */
    static Scene triangulated(Scene cameras, Path images, Path model, int threads, Progress progress)
            throws IOException {
        if (!ColmapModel.isIn(model)) {
            SfmOptions options = SfmOptions.defaults().withThreads(threads);
            Scene found = SceneTriangulation.triangulate(
                            cameras,
                            PhotoSet.photos(cameras, images),
                            ImageFiles.source(images),
                            options,
                            Optional.empty(),
                            progress)
                    .models()
                    .get(0);
            ColmapModel.write(found, model.resolve("sparse/0"));
        }
        return ColmapModel.read(model);
    }

    private static PhotoPriors priors(Scene seen, PhotoSource pixels, Path cache, int threads, Progress progress)
            throws IOException {
        Map<String, DepthMap> depths = new HashMap<>();
        Map<String, FeatureMap> features = new HashMap<>();
        Map<String, FeatureMap> patches = new HashMap<>();
        DenseFeatureOptions options =
                DenseFeatureOptions.defaults().withLongSide(NETWORK_SIDE).withSubdivision(2);
        try (DenseFeatures network = DenseFeatures.embedded(options).cached(cache)) {
            DepthPrior.estimate(
                    seen,
                    pixels,
                    network,
                    DepthOptions.defaults().withMaxSize(ShortTraining.LONG_SIDE).withThreads(threads),
                    (view, map) -> depths.put(view.name(), map),
                    progress);
            List<FeatureMap> maps = new ArrayList<>();
            for (View view : seen.views()) {
                maps.add(network.extract(pixels.read(view.name())));
            }
            PrincipalComponents components = PrincipalComponents.of(maps, CHANNELS);
            for (int v = 0; v < maps.size(); v++) {
                features.put(seen.views().get(v).name(), components.reduce(maps.get(v)));
                patches.put(seen.views().get(v).name(), components.centred(maps.get(v)));
            }
        }
        return new PhotoPriors() {

            @Override
            public Optional<DepthMap> depth(String photo) {
                return Optional.ofNullable(depths.get(photo));
            }

            @Override
            public Optional<FeatureMap> features(String photo) {
                return Optional.ofNullable(features.get(photo));
            }

            @Override
            public Optional<FeatureMap> patches(String photo) {
                return Optional.ofNullable(patches.get(photo));
            }
        };
    }
}
