package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.jvm.JvmEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training with what networks say: all terms at once, masks of pasted things, stops. */
class PriorTrainingTest {

    private static final TrainingScenes WALL = TrainingScenes.wall(9, 1, new Vector3d());
    private static final int SIDE = 24;

    private static final TrainOptions SHORT = TrainOptions.defaults()
            .withIterations(60)
            .withMaxGaussians(400)
            .withHoldout(Holdout.every(4))
            .withThreads(2)
            .withCheckpointEvery(20)
            .withEvaluations(1);

    static final TrainingTerms ALL = TrainingTerms.defaults()
            .withPatchDepth(true)
            .withPriorSeeds(true)
            .withPriorDepth(0.2)
            .withShape(0.05)
            .withNormals(0.05)
            .withFeatures(0.05)
            .withGram(0.05)
            .withSmoothness(0.1)
            .withTransients(true)
            .withDropout(0.1);

    @TempDir
    private Path folder;

    private static Image photo(TrainingScenes scene, String name) {
        return Objects.requireNonNull(scene.photos().get(name), name);
    }

    /** The wall's photos, a grey square with a green border in the middle of one of them. */
    private static TrainingScenes pasted(String name) {
        Map<String, Image> photos = new HashMap<>(WALL.photos());
        byte[] rgb = photo(WALL, name).rgb().clone();
        for (int y = 20; y < 52; y++) {
            for (int x = SIDE; x < TrainingScenes.WIDTH - SIDE; x++) {
                boolean border = y < 26 || y > 45;
                rgb[3 * (y * TrainingScenes.WIDTH + x)] = (byte) (border ? 0 : 255);
                rgb[3 * (y * TrainingScenes.WIDTH + x) + 1] = (byte) 255;
                rgb[3 * (y * TrainingScenes.WIDTH + x) + 2] = (byte) (border ? 0 : 255);
            }
        }
        photos.put(name, new Image(TrainingScenes.WIDTH, TrainingScenes.HEIGHT, rgb));
        return new TrainingScenes(WALL.scene(), photos);
    }

    /** Colours for features, and a wall at depth 5.5 for depths. */
    record Priors(TrainingScenes scene) implements PhotoPriors {

        @Override
        public Optional<DepthMap> depth(String photo) {
            float[] depth = new float[12 * 9];
            float[] confidence = new float[12 * 9];
            Arrays.fill(depth, 5.5f);
            Arrays.fill(confidence, 0.5f);
            return Optional.of(new DepthMap(12, 9, depth, confidence));
        }

        @Override
        public Optional<FeatureMap> features(String photo) {
            Image small = photo(scene, photo).resized(32, 24);
            float[] values = new float[small.rgb().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (small.rgb()[i] & 0xff) / 128f - 1;
            }
            return Optional.of(new FeatureMap(24, 32, 3, TrainingScenes.WIDTH, TrainingScenes.HEIGHT, values));
        }

        @Override
        public Optional<FeatureMap> patches(String photo) {
            return features(photo);
        }
    }

    private static TrainResult train(
            TrainingScenes scene, TrainOptions options, Optional<Path> checkpoints, Progress progress)
            throws IOException {
        return SplatTrainer.train(
                scene.scene(), scene, new Priors(scene), options, checkpoints, progress, HeldOutPictures.NONE);
    }

    @Test
    void allTermsGoOnAfterAStopAsIfNothingHadHappened() throws IOException {
        TrainOptions options = SHORT.withTerms(ALL);
        TrainResult whole = train(WALL, options, Optional.empty(), Progress.NONE);
        assertThat(whole.heldOutPsnr()).isGreaterThan(14);
        assertThat(whole.gaussians().featureChannels()).isEqualTo(3);
        int[] seen = new int[1];
        Progress stops = new Progress() {
            @Override
            public void update(String stage, long done, long total, String detail) {
                seen[0] = stage.equals("splats") ? (int) done : 0;
            }

            @Override
            public boolean isCancelled() {
                return seen[0] >= 31;
            }
        };
        assertThatThrownBy(() -> train(WALL, options, Optional.of(folder), stops))
                .isInstanceOf(CancellationException.class);
        TrainResult resumed = train(WALL, options.withThreads(3), Optional.of(folder), Progress.NONE);
        assertThat(resumed.gaussians().means()).isEqualTo(whole.gaussians().means());
        assertThat(resumed.gaussians().sh()).isEqualTo(whole.gaussians().sh());
        assertThat(resumed.gaussians().features()).isEqualTo(whole.gaussians().features());
    }

    @Test
    void masksCoverWhatOnePhotoAloneShows() throws IOException {
        String name = "photo05.png";
        TrainingScenes scene = pasted(name);
        TrainOptions masking = SHORT.withTerms(SHORT.terms().withTransients(true));
        TrainResult result = train(scene, masking, Optional.empty(), Progress.NONE);
        List<View> views = scene.scene().views().stream()
                .filter(v ->
                        !List.of("photo00.png", "photo04.png", "photo08.png").contains(v.name()))
                .toList();
        TrainingPhotos photos = new TrainingPhotos(scene.scene(), scene, 800, 1 << 24);
        TrainingFeatures features = new TrainingFeatures(views, photos, new Priors(scene));
        TransientMasks masks = new TransientMasks(views, photos, features);
        assertThat(masks.mask(0, 0)).isEmpty();
        Gaussians gaussians = result.gaussians();
        try (JvmEngine engine = new JvmEngine(1)) {
            engine.load(TrainingState.start(gaussians));
            masks.find(engine);
            assertThat(engine.state().gaussians()).isSameAs(gaussians);
        }
        for (int v = 0; v < views.size(); v++) {
            int inside = 0;
            int outside = 0;
            boolean[] mask = masks.mask(v, 0).orElseThrow();
            for (int i = 0; i < mask.length; i++) {
                int x = i % TrainingScenes.WIDTH;
                int y = i / TrainingScenes.WIDTH;
                boolean square = x >= SIDE && x < TrainingScenes.WIDTH - SIDE && y >= 20 && y < 52;
                inside += !mask[i] && square ? 1 : 0;
                outside += !mask[i] && !square ? 1 : 0;
            }
            int area = 32 * (TrainingScenes.WIDTH - 2 * SIDE);
            if (views.get(v).name().equals(name)) {
                assertThat(inside).isGreaterThan(area / 2);
            } else {
                assertThat(inside).isLessThan(area / 4);
            }
            assertThat(outside).isLessThan((mask.length - area) / 5);
        }
        TransientMasks restored = new TransientMasks(views, photos, features);
        restored.restore(masks.packed());
        assertThat(restored.mask(3, 1).orElseThrow()).isEqualTo(masks.mask(3, 1).orElseThrow());
    }

    @Test
    void termsWithoutTheirFeaturesAreRefused() {
        TrainOptions options = SHORT.withTerms(TrainingTerms.none().withTransients(true));
        assertThatThrownBy(() -> SplatTrainer.train(WALL.scene(), WALL, options, Optional.empty(), Progress.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("photo01.png")
                .hasMessageContaining("features");
    }

    @Test
    void neighboursOfLikeFeaturesBecomeAlike() {
        Gaussians gaussians = Gaussians.zeros(40, 0);
        float[] features = new float[2 * 40];
        for (int i = 0; i < 40; i++) {
            gaussians.means()[3 * i] = i;
            gaussians.logitOpacities()[i] = i % 2 == 0 ? 1 : -1;
            features[2 * i + (i < 20 ? 0 : 1)] = 3;
            gaussians.sh()[48 * i] = i < 20 ? 1 : 5;
        }
        LikeNeighbours.smooth(gaussians, 2, features, 0.5);
        for (int i = 0; i < 40; i++) {
            assertThat(Math.abs(gaussians.logitOpacities()[i])).isLessThan(0.7f);
            // Across the border between the two things nothing flows.
            assertThat(gaussians.sh()[48 * i]).isBetween(i < 20 ? 0.99f : 4.99f, i < 20 ? 1.01f : 5.01f);
        }
    }
}
