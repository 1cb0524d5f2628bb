package io.github.dinosplat.splat.stereo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.PinholeView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

/** A wall that runs away from the camera, painted with smooth noise and photographed from four places. */
class DenseDepthTest {

    private static final int WIDTH = 96;
    private static final int HEIGHT = 72;
    private static final Camera CAMERA =
            new Camera(CameraModel.PINHOLE, WIDTH, HEIGHT, 90, 90, WIDTH / 2.0, HEIGHT / 2.0);

    /** Depth of the wall at world x. */
    private static double wall(double x) {
        return 5 + 0.4 * x;
    }

    private static double paint(double x, double y) {
        return 0.5
                + 0.12 * Math.sin(7.3 * x + 1.7 * Math.sin(3.1 * y))
                + 0.12 * Math.sin(9.1 * y + 2.3 * Math.sin(2.7 * x))
                + 0.1 * Math.sin(17 * x + 11 * y)
                + 0.1 * Math.sin(13 * y - 19 * x);
    }

    private static double depth(int view, int x, int y) {
        double u = (x + 0.5 - CAMERA.cx()) / CAMERA.fx();
        return wall(centre(view).x) / (1 - 0.4 * u);
    }

    private static Vector3d centre(int view) {
        return new Vector3d(0.35 * view - 0.5, 0.1 * (view % 2), 0);
    }

    /** View v with its photo's brightness changed by a gain. */
    private static StereoView view(int v, double gain, DoubleBinaryOperator paint) {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        List<Double> points = new ArrayList<>();
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            double z = depth(v, i % WIDTH, i / WIDTH);
            double x = centre(v).x + (i % WIDTH + 0.5 - CAMERA.cx()) / CAMERA.fx() * z;
            double y = centre(v).y + (i / WIDTH + 0.5 - CAMERA.cy()) / CAMERA.fy() * z;
            byte value = (byte) Math.round(255 * gain * paint.applyAsDouble(x, y));
            rgb[3 * i] = value;
            rgb[3 * i + 1] = value;
            rgb[3 * i + 2] = value;
            if (i % 911 == 17) {
                points.addAll(List.of(x, y, z));
            }
        }
        Rigid3 pose = new Rigid3(new Quaterniond(), centre(v).negate());
        return new StereoView(
                PinholeView.of(CAMERA, pose),
                new Image(WIDTH, HEIGHT, rgb),
                points.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static List<StereoView> views() {
        return List.of(
                view(0, 1, DenseDepthTest::paint),
                view(1, 0.8, DenseDepthTest::paint),
                view(2, 0.9, DenseDepthTest::paint),
                view(3, 1, DenseDepthTest::paint));
    }

    private static double confirmed(DepthMap map) {
        int count = 0;
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            count += map.confidence(i % WIDTH, i / WIDTH) > DenseDepth.GUESSED ? 1 : 0;
        }
        return count / (double) (WIDTH * HEIGHT);
    }

    @Test
    void findsTheWallInPhotosOfDifferentExposure() throws IOException {
        List<DepthMap> maps = DenseDepth.estimate(views(), 2, 1, Progress.NONE);
        for (int v = 0; v < 4; v++) {
            assertThat(confirmed(maps.get(v))).isGreaterThan(0.6);
            int good = 0;
            int known = 0;
            for (int i = 0; i < WIDTH * HEIGHT; i++) {
                if (maps.get(v).confidence(i % WIDTH, i / WIDTH) > DenseDepth.GUESSED) {
                    double truth = depth(v, i % WIDTH, i / WIDTH);
                    known++;
                    good += Math.abs(maps.get(v).depth(i % WIDTH, i / WIDTH) - truth) < 0.01 * truth ? 1 : 0;
                }
            }
            assertThat(good).isGreaterThan(known * 92 / 100);
        }
    }

    @Test
    void threadsChangeNothingAndTheSeedLittle() throws IOException {
        DepthMap one = DenseDepth.estimate(views(), 1, 1, Progress.NONE).get(2);
        DepthMap three = DenseDepth.estimate(views(), 3, 1, Progress.NONE).get(2);
        DepthMap other = DenseDepth.estimate(views(), 3, 2, Progress.NONE).get(2);
        boolean differs = false;
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            assertThat(three.depth(i % WIDTH, i / WIDTH)).isEqualTo(one.depth(i % WIDTH, i / WIDTH));
            differs |= other.depth(i % WIDTH, i / WIDTH) != one.depth(i % WIDTH, i / WIDTH);
        }
        assertThat(differs).isTrue();
    }

    @Test
    void photosOfSomethingElseConfirmNothing() throws IOException {
        List<StereoView> views = List.of(
                view(0, 1, DenseDepthTest::paint),
                view(1, 1, (x, y) -> paint(y + 4, 1.3 * x - 9)),
                view(2, 1, (x, y) -> paint(1.7 * y - 3, x + 2)));
        assertThat(confirmed(DenseDepth.estimate(views, 2, 1, Progress.NONE).get(0)))
                .isLessThan(0.05);
        // Alone, a photo has nothing to be compared with.
        assertThat(confirmed(DenseDepth.estimate(views.subList(0, 1), 1, 1, Progress.NONE)
                        .get(0)))
                .isZero();
    }

    @Test
    void findsWhatAFurtherPhotoShowsOfTheSameWall() throws Exception {
        List<StereoView> views = List.of(
                view(0, 1, DenseDepthTest::paint),
                view(1, 0.8, DenseDepthTest::paint),
                view(3, 1, DenseDepthTest::paint));
        List<DepthMap> maps = DenseDepth.estimate(views, 2, 1, Progress.NONE);
        StereoView same = view(2, 0.9, DenseDepthTest::paint);
        StereoView halfPainted = view(2, 0.9, (x, y) -> x < 0.3 ? paint(x, y) : paint(y + 4, 1.3 * x - 9));
        List<boolean[]> found = DenseDepth.found(List.of(same, halfPainted), views, maps, 2, 1, Progress.NONE);
        assertThat(share(found.get(0), 0, WIDTH)).isGreaterThan(0.6);
        assertThat(share(found.get(1), 0, WIDTH / 2)).isGreaterThan(0.5);
        assertThat(share(found.get(1), 2 * WIDTH / 3, WIDTH)).isLessThan(0.05);
        assertThat(DenseDepth.found(List.of(same, halfPainted), views, maps, 1, 1, Progress.NONE)
                        .get(1))
                .isEqualTo(found.get(1));
    }

    private static double share(boolean[] pixels, int from, int to) {
        int count = 0;
        for (int i = 0; i < pixels.length; i++) {
            count += pixels[i] && i % WIDTH >= from && i % WIDTH < to ? 1 : 0;
        }
        return count / (double) ((to - from) * HEIGHT);
    }

    @Test
    void keepsOneNumberAPixelOfEachPhotoThatIsDone() throws IOException {
        List<StereoView> views = IntStream.range(0, 24)
                .mapToObj(v -> view(v % 4, 1, DenseDepthTest::paint))
                .toList();
        long pixels = (long) WIDTH * HEIGHT * views.size();
        long before = usedHeap();
        long[] most = new long[1];
        DenseDepth.estimate(views, 1, 1, (stage, done, total, detail) -> most[0] = usedHeap() - before);
        // With the search's planes and costs and the partners' brightness it was 36 bytes.
        assertThat(most[0] / pixels).isBetween(3L, 8L);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void fillsHolesAlongThePlane() {
        float[] depth = new float[WIDTH * HEIGHT];
        float[] ones = DenseDepth.filled(WIDTH * HEIGHT, 1);
        for (int i = 0; i < depth.length; i++) {
            boolean hole = Math.hypot(i % WIDTH - 40, i / WIDTH - 30) < 9;
            depth[i] = hole ? 0 : (float) depth(1, i % WIDTH, i / WIDTH);
        }
        DepthMap holes = new DepthMap(WIDTH, HEIGHT, depth, ones);
        DepthMap filled = HoleFilling.fill(holes);
        double truth = depth(1, 40, 30);
        assertThat((double) filled.depth(40, 30)).isBetween(0.97 * truth, 1.03 * truth);
        assertThat(filled.confidence(40, 30)).isEqualTo(DenseDepth.GUESSED);
        assertThat(filled.depth(5, 5)).isEqualTo(holes.depth(5, 5));
        // Far from everything known, nothing is guessed.
        DepthMap nothing = new DepthMap(WIDTH, HEIGHT, new float[depth.length], new float[depth.length]);
        assertThat(HoleFilling.fill(nothing).depth(40, 30)).isZero();
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        PinholeView view = PinholeView.of(CAMERA, Rigid3.IDENTITY);
        Image small = new Image(10, 10, new byte[300]);
        assertThatThrownBy(() -> new StereoView(view, small, new double[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10x10");
        Image fitting = new Image(WIDTH, HEIGHT, new byte[3 * WIDTH * HEIGHT]);
        assertThatThrownBy(() -> new StereoView(view, fitting, new double[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4");
    }
}
