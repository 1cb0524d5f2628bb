package io.github.dinosplat.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class DepthPriorTest {

    private static final DepthOptions OPTIONS = new DepthOptions(160, 20, 2, 0);

    private record Run(DepthResult result, Map<String, DepthMap> maps) {
        DepthMap map(String name) {
            return Optional.ofNullable(maps.get(name)).orElseThrow();
        }
    }

    private static Run run(Scene scene, DenseFeatures features, DepthOptions options) throws IOException {
        Map<String, DepthMap> maps = new LinkedHashMap<>();
        DepthResult result = DepthPrior.estimate(
                scene, TwoPlanes.photos(), features, options, (v, m) -> maps.put(v.name(), m), Progress.NONE);
        return new Run(result, maps);
    }

    @Test
    void depthIsNearTheTruthAndItsEdgesAreThoseOfTheBoard() throws IOException {
        Run run = run(TwoPlanes.scene(4, 1500, 1), DenseFeatures.handCrafted(), OPTIONS);
        assertThat(run.maps).hasSize(4);
        assertThat(run.result.maps()).isEqualTo(4);
        double sum = 0;
        int edge = 0;
        for (int v = 0; v < 4; v++) {
            DepthMap map = run.map(TwoPlanes.name(v));
            for (int y = 0; y < map.height(); y++) {
                for (int x = 0; x < map.width(); x++) {
                    double truth = TwoPlanes.depth(v, 2 * x + 1, 2 * y + 1);
                    double error = Math.abs(map.depth(x, y) - truth) / truth;
                    sum += error / (4.0 * map.width() * map.height());
                    edge += error > 0.15 ? 1 : 0;
                }
            }
        }
        assertThat(sum).isLessThan(0.015);
        // The board's outline is about 4 * 200 pixels long in all: wrong by more than 15 % on less than 2 pixels'
        // width.
        assertThat(edge).isLessThan(2 * 800);
    }

    @Test
    void heldOutErrorsAreReportedAndBeatTheSimpleMeans() throws IOException {
        DepthResult result = run(TwoPlanes.scene(5, 700, 2), DenseFeatures.handCrafted(), OPTIONS).result;
        DepthResult.HeldOut points = result.points().orElseThrow();
        assertThat(points.observations()).isBetween(400, 900);
        assertThat(points.head().absRel()).isLessThan(points.nearest().absRel()).isLessThan(0.04);
        assertThat(points.constant().absRel()).isGreaterThan(3 * points.head().absRel());
        assertThat(points.rgbPosition().absRel()).isGreaterThan(points.head().absRel());
        DepthResult.HeldOut blocks = result.blocks().orElseThrow();
        assertThat(blocks.head().absRel()).isLessThan(blocks.nearest().absRel());
        assertThat(result.features()).isEqualTo("dense-sift-colour");
    }

    @Test
    void theErrorOfPointsWithoutMeaningIsLarge() throws IOException {
        // Every point keeps its rays but its depth says nothing about its neighbours': the estimate must not look good.
        Scene scene = TwoPlanes.scene(5, 700, 2);
        DepthResult result = run(scrambled(scene), DenseFeatures.handCrafted(), OPTIONS).result;
        assertThat(result.points().orElseThrow().head().absRel()).isGreaterThan(0.1);
    }

    @Test
    void featuresThatKnowTheDepthAreTrustedAndHelpAndNoiseIsNot() throws IOException {
        Scene scene = TwoPlanes.scene(5, 700, 3);
        DepthResult knowing = run(scene, new Fake(1), OPTIONS).result;
        DepthResult noise = run(scene, new Fake(0), OPTIONS).result;
        assertThat(knowing.featureTrust()).isGreaterThanOrEqualTo(0.5);
        assertThat(noise.featureTrust()).isZero();
        assertThat(knowing.blocks().orElseThrow().head().absRel())
                .isLessThan(0.8 * noise.blocks().orElseThrow().head().absRel());
    }

    @Test
    void theNumberOfThreadsChangesNothing() throws IOException {
        Scene scene = TwoPlanes.scene(4, 500, 4);
        Run one = run(scene, DenseFeatures.handCrafted(), OPTIONS.withThreads(1));
        Run three = run(scene, DenseFeatures.handCrafted(), OPTIONS.withThreads(3));
        assertThat(three.result).isEqualTo(one.result);
        assertThat(new ArrayList<>(three.maps.keySet())).isEqualTo(new ArrayList<>(one.maps.keySet()));
        for (String name : one.maps.keySet()) {
            DepthMap a = one.map(name);
            DepthMap b = three.map(name);
            for (int i = 0; i < a.width() * a.height(); i++) {
                int x = i % a.width();
                int y = i / a.width();
                assertThat(b.depth(x, y)).isEqualTo(a.depth(x, y));
                assertThat(b.confidence(x, y)).isEqualTo(a.confidence(x, y));
            }
        }
    }

    @Test
    void aPhotoWithTooFewPointsHasNoDepthButAReason() throws IOException {
        Run run = run(TwoPlanes.scene(3, 15, 5), DenseFeatures.handCrafted(), OPTIONS);
        assertThat(run.maps).isEmpty();
        assertThat(run.result.points()).isEmpty();
        assertThat(run.result.photos())
                .hasSize(3)
                .allSatisfy(p -> assertThat(p.whyUnknown())
                        .hasValueSatisfying(why -> assertThat(why).contains("usable sparse points, 20 are needed")));
    }

    @Test
    void confidenceFallsWhereThereAreNoPoints() throws IOException {
        Scene all = TwoPlanes.scene(3, 900, 6);
        List<View> views = new ArrayList<>();
        for (var v : all.views()) {
            int[] indices = v.pointIndices();
            for (int k = 0; k < indices.length; k++) {
                indices[k] = v.y(k) > 160 ? -1 : indices[k];
            }
            views.add(new View(v.name(), 0, v.camFromWorld(), v.keypoints(), indices));
        }
        Scene upper = new Scene(all.cameras(), views, all.points());
        DepthMap map = run(upper, DenseFeatures.handCrafted(), OPTIONS).map(TwoPlanes.name(1));
        assertThat(map.confidence(80, 115)).isLessThan(0.3f);
        assertThat(map.confidence(80, 20)).isGreaterThan(0.6f);
    }

    @Test
    void itStopsOnRequestAndPassesErrorsOn() {
        Scene scene = TwoPlanes.scene(3, 300, 7);
        Progress stop = new Progress() {
            @Override
            public void update(String stage, long done, long total, String detail) {}

            @Override
            public boolean isCancelled() {
                return true;
            }
        };
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> DepthPrior.estimate(
                        scene, TwoPlanes.photos(), DenseFeatures.handCrafted(), OPTIONS, (v, m) -> {}, stop));
        assertThatIOException()
                .isThrownBy(() -> DepthPrior.estimate(
                        scene,
                        name -> {
                            throw new IOException("cannot read " + name);
                        },
                        DenseFeatures.handCrafted(),
                        OPTIONS,
                        (v, m) -> {},
                        Progress.NONE))
                .withMessage("cannot read photo0.png");
    }

    private static Scene scrambled(Scene scene) {
        // Each view looks at other points than its keypoints: the keypoints move to where those points are seen.
        SplittableRandom random = new SplittableRandom(1);
        int n = scene.points().count();
        double[] xyz = new double[3 * n];
        for (int i = 0; i < n; i++) {
            double z = random.nextDouble(4, 14);
            double x = (random.nextDouble(20, 300) - 160) / 300 * z;
            xyz[3 * i] = x + 1.2;
            xyz[3 * i + 1] = (random.nextDouble(240) - 120) / 300 * z;
            xyz[3 * i + 2] = z;
        }
        var points = new ScenePoints(xyz, new byte[3 * n], new double[n]);
        List<View> views = new ArrayList<>();
        for (var v : scene.views()) {
            double[] keypoints = new double[2 * n];
            int[] indices = new int[n];
            for (int i = 0; i < n; i++) {
                var c = v.camFromWorld().transform(points.position(i));
                keypoints[2 * i] = 300 * c.x / c.z + 160;
                keypoints[2 * i + 1] = 300 * c.y / c.z + 120;
                indices[i] = i;
            }
            views.add(new View(v.name(), 0, v.camFromWorld(), keypoints, indices));
        }
        return new Scene(scene.cameras(), views, points);
    }

    /** Channel 0 is the exact logarithm of the inverse depth times a factor, all else noise. */
    private record Fake(double knows) implements DenseFeatures {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public String sha256() {
            return "0".repeat(64);
        }

        @Override
        public FeatureMap extract(Image photo) {
            int v = 0;
            while (!java.util.Arrays.equals(TwoPlanes.photo(v).rgb(), photo.rgb())) {
                v++;
            }
            SplittableRandom random = new SplittableRandom(v);
            float[] values = new float[60 * 80 * 4];
            for (int i = 0; i < 60 * 80; i++) {
                for (int k = 0; k < 4; k++) {
                    values[4 * i + k] = (float) random.nextDouble();
                }
                double z = TwoPlanes.depth(v, (i % 80 + 0.5) * 4, (i / 80 + 0.5) * 4);
                values[4 * i] = (float) (-knows * Math.log(z) + (1 - knows) * values[4 * i]);
            }
            return new FeatureMap(60, 80, 4, photo.width(), photo.height(), values);
        }

        @Override
        public void close() {}
    }
}
