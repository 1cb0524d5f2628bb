package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Gaussians;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class InitialGaussiansTest {

    private static final int POINTS = 100;

    /** Points on a grid that two plain photos observe, the last one only by the second photo. */
    private static Scene scene(boolean withTracks) {
        double[] positions = new double[3 * POINTS];
        byte[] colours = new byte[3 * POINTS];
        double[] pixels = new double[2 * POINTS];
        int[] inFirst = new int[POINTS];
        int[] inSecond = new int[POINTS];
        for (int i = 0; i < POINTS; i++) {
            positions[3 * i] = 0.1 * (i % 10);
            positions[3 * i + 1] = 0.1 * (i / 10);
            positions[3 * i + 2] = 8;
            Arrays.fill(colours, 3 * i, 3 * i + 3, (byte) 51);
            Arrays.fill(pixels, 2 * i, 2 * i + 2, i);
            inFirst[i] = i < POINTS - 1 ? i : -1;
            inSecond[i] = i;
        }
        Rigid3 beside = new Rigid3(new Quaterniond(), new Vector3d(-1, 0, 0));
        View first = withTracks
                ? new View("a", 0, Rigid3.IDENTITY, pixels, inFirst)
                : new View("a", 0, Rigid3.IDENTITY, new double[0], new int[0]);
        View second = withTracks
                ? new View("b", 0, beside, pixels, inSecond)
                : new View("b", 0, beside, new double[0], new int[0]);
        Camera camera = new Camera(CameraModel.PINHOLE, 100, 100, 100, 100, 50, 50);
        return new Scene(
                List.of(camera), List.of(first, second), new ScenePoints(positions, colours, new double[POINTS]));
    }

    private static Gaussians start(Scene scene, int most, long seed) throws IOException {
        return start(scene, any -> new DenseSeeds.Points(new double[0], new float[0]), most, seed);
    }

    private static Gaussians start(Scene scene, DenseSeeds.Source dense, int most, long seed) throws IOException {
        List<View> trained = scene.views().subList(0, 1);
        TrainingPhotos photos = new TrainingPhotos(
                scene,
                name -> {
                    byte[] rgb = new byte[3 * 100 * 100];
                    Arrays.fill(rgb, (byte) (name.equals("a") ? 153 : 255));
                    return new Image(100, 100, rgb);
                },
                100,
                1 << 20);
        return InitialGaussians.from(scene, trained, photos, dense, most, seed);
    }

    @Test
    void takesColoursFromTrainingPhotosAlone() throws IOException {
        Gaussians g = start(scene(true), 1000, 0);
        assertThat(g.count()).isEqualTo(POINTS - 1);
        for (int i = 0; i < g.count(); i++) {
            assertThat(0.5 + InitialGaussians.SH_BASE * g.sh()[48 * i]).isCloseTo(0.6, within(1e-6));
        }
        // Without tracks the points' own colours are all there is.
        Gaussians plain = start(scene(false), 1000, 0);
        assertThat(plain.count()).isEqualTo(POINTS);
        assertThat(0.5 + InitialGaussians.SH_BASE * plain.sh()[2]).isCloseTo(0.2, within(1e-6));
    }

    @Test
    void isAsLargeAsTheDistanceToTheNeighbours() throws IOException {
        Gaussians g = start(scene(false), 1000, 0);
        assertThat(Math.exp(g.logScales()[3 * 55])).isCloseTo(0.1, within(1e-6));
        assertThat(g.firstUnusable()).isEqualTo(-1);
    }

    @Test
    void thinsTheSamePointsEveryTime() throws IOException {
        Gaussians a = start(scene(false), 30, 1);
        assertThat(a.count()).isEqualTo(30);
        assertThat(start(scene(false), 30, 1).means()).isEqualTo(a.means());
        assertThat(start(scene(false), 30, 2).means()).isNotEqualTo(a.means());
        // A larger limit keeps what a smaller one kept.
        List<Float> more = boxed(start(scene(false), 60, 1).means());
        assertThat(more).containsAll(boxed(a.means()));
    }

    @Test
    void leavesSeedsHalfOfThePlaceAtLeast() throws IOException {
        DenseSeeds.Source farAway = wanted -> {
            double[] positions = new double[3 * wanted];
            for (int i = 0; i < wanted; i++) {
                positions[3 * i] = i;
                positions[3 * i + 2] = 50;
            }
            return new DenseSeeds.Points(positions, new float[3 * wanted]);
        };
        assertThat(seeds(start(scene(false), farAway, 60, 0))).isEqualTo(27);
        assertThat(start(scene(false), farAway, 60, 0).count()).isEqualTo(54);
        // Where points leave more, seeds take it.
        assertThat(seeds(start(scene(false), farAway, 1000, 0))).isEqualTo(800);
    }

    private static int seeds(Gaussians g) {
        int count = 0;
        for (int i = 0; i < g.count(); i++) {
            count += g.means()[3 * i + 2] == 50 ? 1 : 0;
        }
        return count;
    }

    private static List<Float> boxed(float[] values) {
        Float[] boxed = new Float[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = values[i];
        }
        return Arrays.asList(boxed);
    }
}
