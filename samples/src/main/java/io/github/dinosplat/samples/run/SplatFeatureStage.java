package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.features.FeatureFiles;
import io.github.dinosplat.features.PrincipalComponents;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.io.SplatFiles;
import io.github.dinosplat.splat.jvm.JvmEngine;
import io.github.dinosplat.splat.train.GaussianFeatures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Features of the finished splats, {@code splats.features.npy}: float16 [N, 1, channels], in the order of {@code splats.ply}; zeros
 * where no photo shows a splat. With them {@code export --select} finds what belongs together.
 */
final class SplatFeatureStage {

    static final String NAME = "splat-features";

    /** Where pictures for the report are. */
    static final String PICTURES = "cache/pictures/splats";

    /** As many of the features' principal components as are kept. */
    private static final int CHANNELS = 16;

    /** Features are taken from so many photos, evenly spread; more say little else. */
    private static final int MOST_PHOTOS = 24;

    private static final int SHOWN = 3;
    private static final int LONG_SIDE = 480;

    /** The example in the report: the splats like those in the middle of a photo, a sixth of its sides wide. */
    private static final double EXAMPLE = 1 / 6.0;

    private SplatFeatureStage() {}

    /** Where the features of a splat file lie, whether they are there or not. */
    static Path file(Path splats) {
        return splats.resolveSibling(Photo.stem(String.valueOf(splats.getFileName())) + ".features.npy");
    }

    /**
     * Finds the features, or sees that this run has them already.
     *
     * @param run the run's folder, with its splats
     * @param pinholes what was trained on
     * @param features the network
     * @param threads threads to render with; results do not depend on it
     */
    static void run(
            RunFolder run, UndistortStage.Pinholes pinholes, DenseFeatures features, int threads, Progress progress)
            throws IOException {
        run.stage(NAME, () -> {
            Path splats = run.root().resolve("splats.ply");
            Gaussians gaussians = SplatFiles.read(splats).gaussians();
            List<View> views = spread(pinholes.scene().views(), MOST_PHOTOS);
            List<FeatureMap> maps = new ArrayList<>();
            for (View view : views) {
                progress.checkCancelled();
                maps.add(features.extract(pinholes.pixels().read(view.name())));
                progress.update(NAME, maps.size(), views.size(), view.name());
            }
            PrincipalComponents components = PrincipalComponents.of(maps, CHANNELS);
            try (SplatEngine engine = new JvmEngine(threads)) {
                engine.load(TrainingState.start(gaussians));
                GaussianFeatures found = GaussianFeatures.none(gaussians.count(), CHANNELS);
                for (int v = 0; v < maps.size(); v++) {
                    View view = views.get(v);
                    found.add(gaussians, engine, camera(pinholes.scene(), view), components.reduce(maps.get(v)));
                }
                float[] values = found.values();
                FeatureFiles.writeNpy(new FeatureMap(gaussians.count(), 1, CHANNELS, 1, 1, values), file(splats));
                Pictures pictures = new Pictures(run, pinholes.scene(), gaussians, engine);
                pictures.features(spread(views, SHOWN), values, components);
                return pictures.example(views.get(views.size() / 2), found);
            }
        });
    }

    private static PinholeView camera(Scene scene, View view) {
        return PinholeView.of(scene.cameraOf(view).fitted(LONG_SIDE), view.camFromWorld());
    }

    private static List<View> spread(List<View> views, int most) {
        List<View> sorted =
                views.stream().sorted(Comparator.comparing(View::name)).toList();
        int count = Math.min(most, sorted.size());
        List<View> spread = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            spread.add(sorted.get((int) ((i + 0.5) * sorted.size() / count)));
        }
        return spread;
    }

    /** What the report shows. */
    private record Pictures(RunFolder run, Scene scene, Gaussians gaussians, SplatEngine engine) {

        /** The features' first three components as red, green and blue, as the splats render them. */
        void features(List<View> views, float[] values, PrincipalComponents components) throws IOException {
            float[] rgb = new float[3 * gaussians.count()];
            for (int i = 0; i < rgb.length; i++) {
                double p = values[i / 3 * CHANNELS + i % 3] / Math.max(1e-12, components.deviation(i % 3));
                rgb[i] = (float) (1 / (1 + Math.exp(-1.5 * p)));
            }
            engine.load(TrainingState.start(gaussians.withFeatures(3, rgb)));
            for (View view : views) {
                Rendering rendering = rendering(view, RenderOptions.defaults().withFeatures(true));
                byte[] bytes = new byte[3 * rendering.width() * rendering.height()];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) Math.round(255 * Math.min(1, rendering.features()[i]));
                }
                write(view, "features", new Image(rendering.width(), rendering.height(), bytes));
            }
        }

        /** The splats like those in the middle of a photo. */
        ObjectNode example(View view, GaussianFeatures features) throws IOException {
            engine.load(TrainingState.start(gaussians));
            PinholeView camera = camera(scene, view);
            double left = camera.width() * (1 - EXAMPLE) / 2;
            double top = camera.height() * (1 - EXAMPLE) / 2;
            int[] examples = GaussianFeatures.shown(
                    gaussians,
                    engine,
                    camera,
                    (x, y) -> x >= left && y >= top && x < camera.width() - left && y < camera.height() - top);
            ObjectNode record = Json.object().put("channels", CHANNELS);
            int[] like = features.like(examples);
            if (like.length == 0) {
                return record;
            }
            write(view, "render", rendering(view, RenderOptions.defaults()).image());
            engine.load(TrainingState.start(gaussians.select(like)));
            RenderOptions white = RenderOptions.defaults().withBackground(new Colour(1, 1, 1));
            write(view, "selected", rendering(view, white).image());
            record.putObject("example")
                    .put("photo", view.name())
                    .put("part", EXAMPLE)
                    .put("examples", examples.length)
                    .put("selected", like.length);
            return record;
        }

        private Rendering rendering(View view, RenderOptions options) {
            return engine.render(camera(scene, view), options);
        }

        private void write(View view, String kind, Image picture) throws IOException {
            ImageFiles.writePng(picture, run.file(PICTURES + "/" + Photo.stem(view.name()) + "." + kind + ".png"));
        }
    }
}
