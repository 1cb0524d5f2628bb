package io.github.dinosplat.splat.stereo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.PinholeView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

/** A wall of one colour that runs away from the camera: its features alone, waves over the wall, tell places apart. */
class PatchDepthTest {

    private static final int WIDTH = 96;
    private static final int HEIGHT = 72;
    private static final int PATCH = 4;
    private static final int CHANNELS = 16;
    private static final Camera CAMERA =
            new Camera(CameraModel.PINHOLE, WIDTH, HEIGHT, 90, 90, WIDTH / 2.0, HEIGHT / 2.0);

    private static Vector3d centre(int view) {
        return new Vector3d(view - 1, 0.1 * (view % 2), 0);
    }

    private static double depth(int view, double x) {
        double u = (x - CAMERA.cx()) / CAMERA.fx();
        return (5 + 0.4 * centre(view).x) / (1 - 0.4 * u);
    }

    private static Vector3d place(int view, double x, double y) {
        double z = depth(view, x);
        return centre(view)
                .add((x - CAMERA.cx()) / CAMERA.fx() * z, (y - CAMERA.cy()) / CAMERA.fy() * z, z, new Vector3d());
    }

    /** A view whose sparse points lie this many times as far away as the wall. */
    private static StereoView view(int v, double pointScale) {
        List<Double> points = new ArrayList<>();
        for (int i = 17; i < WIDTH * HEIGHT; i += 211) {
            Vector3d p = place(v, i % WIDTH + 0.5, i / WIDTH + 0.5).mul(pointScale);
            points.addAll(List.of(p.x, p.y, p.z));
        }
        Rigid3 pose = new Rigid3(new Quaterniond(), centre(v).negate());
        return new StereoView(
                PinholeView.of(CAMERA, pose),
                new Image(WIDTH, HEIGHT, new byte[3 * WIDTH * HEIGHT]),
                points.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static List<StereoView> views(double pointScale) {
        return IntStream.range(0, 3).mapToObj(v -> view(v, pointScale)).toList();
    }

    /** Waves over the wall of random direction; other waves for another seed. */
    private static FeatureMap features(int v, long seed) {
        int columns = WIDTH / PATCH;
        int rows = HEIGHT / PATCH;
        float[] values = new float[rows * columns * CHANNELS];
        for (int i = 0; i < rows * columns; i++) {
            Vector3d p = place(v, (i % columns + 0.5) * PATCH, (i / columns + 0.5) * PATCH);
            SplittableRandom random = new SplittableRandom(seed);
            for (int k = 0; k < CHANNELS; k++) {
                double phase = random.nextDouble(-4, 4) * p.x + random.nextDouble(-4, 4) * p.y;
                values[CHANNELS * i + k] = (float) Math.sin(phase + random.nextDouble(6));
            }
        }
        return new FeatureMap(rows, columns, CHANNELS, 2 * WIDTH, 2 * HEIGHT, values);
    }

    private static List<FeatureMap> features() {
        return IntStream.range(0, 3).mapToObj(v -> features(v, 5)).toList();
    }

    private static double known(DepthMap map) {
        return IntStream.range(0, WIDTH * HEIGHT)
                        .filter(i -> map.depth(i % WIDTH, i / WIDTH) > 0)
                        .count()
                / (double) (WIDTH * HEIGHT);
    }

    @Test
    void findsTheWallByItsFeaturesWherePixelsTellNothing() throws IOException {
        List<DepthMap> maps = PatchDepth.estimate(views(1), features(), 2, Progress.NONE);
        for (int v = 0; v < 3; v++) {
            DepthMap map = maps.get(v);
            int view = v;
            assertThat(known(map)).isGreaterThan(0.5);
            double good = IntStream.range(0, WIDTH * HEIGHT)
                    .filter(i -> map.depth(i % WIDTH, i / WIDTH) > 0)
                    .filter(i -> Math.abs(map.depth(i % WIDTH, i / WIDTH) / depth(view, i % WIDTH + 0.5) - 1) < 0.05)
                    .count();
            assertThat(good / (WIDTH * HEIGHT)).isGreaterThan(0.85 * known(map));
            assertThat(map.confidence(WIDTH / 2, HEIGHT / 2)).isEqualTo(PatchDepth.CONFIDENCE);
        }
        assertThat(known(DenseDepth.estimate(views(1), 2, 1, Progress.NONE).get(1)))
                .isZero();
    }

    @Test
    void unlikeFeaturesConfirmNothing() throws IOException {
        List<FeatureMap> unlike =
                IntStream.range(0, 3).mapToObj(v -> features(v, 5 + v)).toList();
        for (DepthMap map : PatchDepth.estimate(views(1), unlike, 2, Progress.NONE)) {
            assertThat(known(map)).isLessThan(0.05);
        }
        // Alone, a photo has nothing to be compared with.
        List<DepthMap> alone =
                PatchDepth.estimate(views(1).subList(0, 1), features().subList(0, 1), 1, Progress.NONE);
        assertThat(known(alone.get(0))).isZero();
    }

    @Test
    void photosWhoseSparsePointsDisagreeAreNotTrusted() throws IOException {
        for (DepthMap map : PatchDepth.estimate(views(1.15), features(), 2, Progress.NONE)) {
            assertThat(known(map)).isZero();
        }
    }

    @Test
    void threadsChangeNothing() throws IOException {
        DepthMap one =
                PatchDepth.estimate(views(1), features(), 1, Progress.NONE).get(1);
        DepthMap three =
                PatchDepth.estimate(views(1), features(), 3, Progress.NONE).get(1);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            assertThat(three.depth(i % WIDTH, i / WIDTH)).isEqualTo(one.depth(i % WIDTH, i / WIDTH));
        }
    }
}
