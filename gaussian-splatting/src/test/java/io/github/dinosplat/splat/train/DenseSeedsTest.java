package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.stereo.DenseDepth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

/** Seeds on the wall of {@link TrainingScenes}, whose photos here all know the plane at depth 5. */
class DenseSeedsTest {

    static final TrainingScenes WALL = TrainingScenes.wall(4, 1, new Vector3d());
    static final List<View> VIEWS = WALL.scene().views();

    static TrainingPhotos photos() {
        return new TrainingPhotos(WALL.scene(), WALL, TrainingScenes.WIDTH, 1 << 24);
    }

    static List<SeenDepths> seen(List<DepthMap> maps) {
        List<SeenDepths> seen = new ArrayList<>();
        for (int v = 0; v < maps.size(); v++) {
            seen.add(new SeenDepths(photos().pinhole(VIEWS.get(v), 0), maps.get(v)));
        }
        return seen;
    }

    private static DenseSeeds.Points seeds(List<DepthMap> maps, int most) throws IOException {
        List<Image> pictures = new ArrayList<>();
        for (View view : VIEWS) {
            pictures.add(photos().image(view, 0));
        }
        return DenseSeeds.of(seen(maps), pictures, most);
    }

    /** Depths of the plane z = 5 in the world, seen by cameras that are turned a little. */
    static List<DepthMap> plane(double factor) {
        List<DepthMap> maps = new ArrayList<>();
        for (View view : VIEWS) {
            var camera = WALL.scene().cameraOf(view);
            int n = camera.width() * camera.height();
            float[] depth = new float[n];
            Vector3d centre = view.camFromWorld().targetOriginInSource();
            for (int i = 0; i < n; i++) {
                double x = (i % camera.width() + 0.5 - camera.cx()) / camera.fx();
                double y = (i / camera.width() + 0.5 - camera.cy()) / camera.fy();
                Vector3d ray = view.camFromWorld().rotation().transformInverse(new Vector3d(x, y, 1));
                depth[i] = (float) (factor * (5 - centre.z) / ray.z);
            }
            float[] sure = new float[n];
            Arrays.fill(sure, 1);
            maps.add(new DepthMap(camera.width(), camera.height(), depth, sure));
        }
        return maps;
    }

    @Test
    void lieOnTheSurfaceSpreadEvenly() throws IOException {
        DenseSeeds.Points points = seeds(plane(1), 1500);
        int n = points.colours().length / 3;
        assertThat(n).isBetween(800, 1500);
        for (int i = 0; i < n; i++) {
            assertThat(points.positions()[3 * i + 2]).isCloseTo(5, within(1e-3));
        }
        // Four photos show the same wall: no seed comes twice, so neighbours are about a cell apart.
        double[] distances = NeighbourDistances.meanOfThree(points.positions());
        Arrays.sort(distances);
        assertThat(distances[n / 10]).isGreaterThan(0.4 * distances[n / 2]);
        assertThat(seeds(plane(1), 1500).positions()).isEqualTo(points.positions());
        assertThat(seeds(plane(1), -3).positions()).isEmpty();
    }

    @Test
    void noneHidesWhatAnotherPhotoSurelySees() throws IOException {
        // Only where none of the other photos looks may the wrong ones stay.
        assertThat(inFront(1)).isLessThan(120);
        // Negative control: guesses of the others forbid nothing.
        assertThat(inFront(DenseDepth.GUESSED)).isGreaterThan(240);
    }

    /** How many seeds lie before the wall when the first photo has depths too small and the others this confidence. */
    private static int inFront(float confidence) throws IOException {
        List<DepthMap> maps = new ArrayList<>();
        for (DepthMap map : plane(1)) {
            float[] depth = new float[map.width() * map.height()];
            float[] sure = new float[depth.length];
            for (int i = 0; i < depth.length; i++) {
                depth[i] = map.depth(i % map.width(), i / map.width());
                sure[i] = confidence;
            }
            maps.add(new DepthMap(map.width(), map.height(), depth, sure));
        }
        maps.set(0, plane(0.6).get(0));
        DenseSeeds.Points points = seeds(maps, 1500);
        int count = 0;
        for (int i = 0; i < points.colours().length / 3; i++) {
            count += points.positions()[3 * i + 2] < 4.7 ? 1 : 0;
        }
        return count;
    }

    @Test
    void targetsAreNearnessAtThePicturesSize() {
        float[] depth = new float[32];
        float[] sure = new float[32];
        for (int i = 0; i < 32; i++) {
            depth[i] = i % 8 == 7 ? 0 : 4;
            sure[i] = i % 8 == 7 ? 0 : 0.5f;
        }
        DepthTarget target = DepthTargets.of(new DepthMap(8, 4, depth, sure), 16, 8);
        assertThat(target.offset()).isCloseTo(4, within(1e-6));
        assertThat(target.nearness()[16 * 3 + 5]).isCloseTo(1 / 8f, within(1e-6f));
        assertThat(target.weights()[16 * 3 + 5]).isCloseTo(2, within(1e-6f));
        // Next to an unknown depth there is nothing to interpolate with.
        assertThat(target.weights()[16 * 3 + 15]).isZero();
        assertThat(DepthTargets.of(new DepthMap(8, 4, new float[32], sure), 16, 8)
                        .weights())
                .containsOnly(0);
    }
}
