package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class SurfaceSeedsTest {

    private static final int WIDTH = 160;
    private static final int HEIGHT = 120;

    /** Photos of a slanted, patterned wall {@code z = 5 + 0.3 x} from three places side by side, with some points on it. */
    private static Scene scene() {
        List<View> views = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Rigid3 camFromWorld = new Rigid3(new Quaterniond(), new Vector3d(0.4 * (1 - i), 0, 0));
            views.add(new View(String.valueOf(i), 0, camFromWorld, new double[0], new int[0]));
        }
        Random random = new Random(2);
        double[] points = new double[3 * 60];
        for (int i = 0; i < 60; i++) {
            points[3 * i] = 4 * random.nextDouble() - 2;
            points[3 * i + 1] = 3 * random.nextDouble() - 1.5;
            points[3 * i + 2] = 5 + 0.3 * points[3 * i];
        }
        Camera camera = new Camera(CameraModel.PINHOLE, WIDTH, HEIGHT, 150, 150, WIDTH / 2.0, HEIGHT / 2.0);
        return new Scene(List.of(camera), views, new ScenePoints(points, new byte[180], new double[60]));
    }

    private static Image photo(String name) {
        double centre = 0.4 * (Integer.parseInt(name) - 1);
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                double u = (x + 0.5 - WIDTH / 2.0) / 150;
                double v = (y + 0.5 - HEIGHT / 2.0) / 150;
                double z = (5 + 0.3 * centre) / (1 - 0.3 * u);
                for (int c = 0; c < 3; c++) {
                    double value = Math.sin(7 * (u * z + centre) + c) * Math.cos(9 * v * z - c * u);
                    rgb[3 * (y * WIDTH + x) + c] = (byte) Math.round(127 + 100 * value);
                }
            }
        }
        return new Image(WIDTH, HEIGHT, rgb);
    }

    private static SurfaceSeeds.Points seeds(PhotoSource source, int count, long seed) throws IOException {
        Scene scene = scene();
        TrainingPhotos photos = new TrainingPhotos(scene, source, WIDTH, 1 << 24);
        return SurfaceSeeds.between(scene, scene.views(), photos, count, seed);
    }

    @Test
    void liesOnTheSurfaceWithItsColours() throws IOException {
        SurfaceSeeds.Points seeds = seeds(SurfaceSeedsTest::photo, 300, 1);
        int n = seeds.positions().length / 3;
        assertThat(n).isGreaterThan(250);
        double error = 0;
        for (int i = 0; i < n; i++) {
            error += Math.abs(seeds.positions()[3 * i + 2] - 5 - 0.3 * seeds.positions()[3 * i]) / n;
        }
        assertThat(error).isLessThan(0.06);
        assertThat(seeds.colours()).hasSize(3 * n);
        assertThat(seeds.colours()[0]).isBetween(0.1f, 0.9f);
        assertThat(seeds(SurfaceSeedsTest::photo, 300, 1).positions()).isEqualTo(seeds.positions());
    }

    /** Negative control: where photos contradict each other nothing is seeded. */
    @Test
    void makesNothingThatNoOtherPhotoConfirms() throws IOException {
        SurfaceSeeds.Points seeds = seeds(
                name -> {
                    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
                    Arrays.fill(rgb, (byte) (80 * Integer.parseInt(name)));
                    return new Image(WIDTH, HEIGHT, rgb);
                },
                300,
                1);
        assertThat(seeds.positions()).isEmpty();
        assertThat(seeds(SurfaceSeedsTest::photo, 0, 1).positions()).isEmpty();
        assertThat(seeds(SurfaceSeedsTest::photo, -5, 1).positions()).isEmpty();
    }

    @Test
    void sharesTheWorkAmongThePhotos() throws IOException {
        SurfaceSeeds.Points seeds = seeds(SurfaceSeedsTest::photo, 301, 3);
        double mean = 0;
        for (int i = 0; i < seeds.positions().length; i += 3) {
            mean += 3 * seeds.positions()[i] / seeds.positions().length;
        }
        assertThat(mean).isCloseTo(0, within(0.4));
    }
}
