package io.github.dinosplat.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DepthPartsTest {

    private static final TrendKind PLANE = new TrendKind(0, true);

    @Test
    void theAlignmentWithstandsAThirdOfMismatches() {
        SplittableRandom random = new SplittableRandom(1);
        double[] prediction = new double[300];
        double[] target = new double[300];
        double[] sigma = new double[300];
        Arrays.fill(sigma, 0.01);
        for (int i = 0; i < 300; i++) {
            prediction[i] = random.nextDouble(0.5, 2);
            target[i] = i % 3 == 0 ? random.nextDouble(0, 3) : 0.7 * prediction[i] + 0.2;
        }
        Alignment fit = Alignment.fit(prediction, target, sigma);
        assertThat(fit.scale()).isCloseTo(0.7, offset(0.02));
        assertThat(fit.offset()).isCloseTo(0.2, offset(0.02));
    }

    @Test
    void aFineGridOfTheFieldIsNearItsExactValues() {
        SparseDepth points = SparseDepth.of(TwoPlanes.scene(4, 300, 3), 0);
        double[] value = new double[points.count];
        for (int i = 0; i < value.length; i++) {
            value[i] = Math.sin(points.x[i] / 40) + points.y[i] / 100;
        }
        SmoothField field = SmoothField.fit(points, value, features(4, 4, (x, y) -> 0), PLANE);
        int rows = 3 * TwoPlanes.HEIGHT / 2;
        int columns = 3 * TwoPlanes.WIDTH / 2;
        double[] fine = field.onGrid(rows, columns);
        double sum = 0;
        for (int i = 0; i < fine.length; i++) {
            double exact = field.at((i % columns + 0.5) / 1.5, (i / columns + 0.5) / 1.5);
            assertThat(fine[i]).isCloseTo(exact, offset(0.15));
            sum += Math.abs(fine[i] - exact);
        }
        assertThat(sum / fine.length).isLessThan(0.01);
        double[] coarse = field.onGrid(24, 32);
        assertThat(coarse[24 / 2 * 32 + 7]).isEqualTo(field.at(75, 125));
    }

    @Test
    void thePlaneOfASurfaceGoesOnBeyondItsPoints() {
        SparseDepth points = left(SparseDepth.of(TwoPlanes.scene(4, 300, 3), 0));
        double[] value = new double[points.count];
        for (int i = 0; i < value.length; i++) {
            value[i] = 2 + points.x[i] / 100 - points.y[i] / 300;
        }
        SmoothField field = SmoothField.fit(points, value, features(4, 4, (x, y) -> 0), PLANE);
        double x = 0.75 * TwoPlanes.WIDTH;
        double y = 0.5 * TwoPlanes.HEIGHT;
        double truth = 2 + x / 100 - y / 300;
        assertThat(field.at(x, y)).isCloseTo(truth, offset(0.15));
        SmoothField without = SmoothField.fit(points, value, features(4, 4, (u, v) -> 0), new TrendKind(0, false));
        assertThat(without.at(x, y)).isNotCloseTo(truth, offset(0.3));
    }

    @Test
    void aHoleIsFilledAsItsFeaturesTell() {
        SparseDepth points = left(SparseDepth.of(TwoPlanes.scene(4, 300, 3), 0));
        // Stripes of near and far places; where there are points, the feature tells one from the other.
        Place near = (x, y) -> (int) (y / 30) % 2;
        double[] value = new double[points.count];
        for (int i = 0; i < value.length; i++) {
            value[i] = near.value(points.x[i], points.y[i]);
        }
        FeatureMap features = features(TwoPlanes.HEIGHT, TwoPlanes.WIDTH, near);
        double told = wrong(SmoothField.fit(points, value, features, new TrendKind(1, true)), near);
        assertThat(told).isLessThan(0.6 * wrong(SmoothField.fit(points, value, features, PLANE), near));
    }

    /** Mean error in the part of the photo without points. */
    private static double wrong(SmoothField field, Place truth) {
        double sum = 0;
        int n = 0;
        for (int x = TwoPlanes.WIDTH / 2 + 10; x < 0.7 * TwoPlanes.WIDTH; x += 3) {
            for (int y = 2; y < TwoPlanes.HEIGHT; y += 5) {
                sum += Math.abs(field.at(x, y) - truth.value(x, y));
                n++;
            }
        }
        return sum / n;
    }

    private interface Place {
        double value(double x, double y);
    }

    private static FeatureMap features(int rows, int columns, Place value) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value.value(
                    (i % columns + 0.5) * TwoPlanes.WIDTH / columns, (i / columns + 0.5) * TwoPlanes.HEIGHT / rows);
        }
        return new FeatureMap(rows, columns, 1, TwoPlanes.WIDTH, TwoPlanes.HEIGHT, values);
    }

    @Test
    void aPointsOwnValueIsGivenBackBesideItAlone() {
        double[] x = {10.5, 30.5, 50.5, 70.5, 90.5};
        double[] y = {10.5, 10.5, 10.5, 10.5, 10.5};
        PointDetail detail = new PointDetail(x, y, new double[] {0.02, -0.01, 0.01, 0.02, 5}, 100, 20);
        assertThat(detail.at(10.5, 10.5)).isCloseTo(0.02, offset(0.002));
        assertThat(detail.at(30.5, 10.5)).isCloseTo(-0.01, offset(0.001));
        assertThat(detail.at(13.5, 10.5)).isCloseTo(0, offset(0.003));
        assertThat(detail.at(20.5, 10.5)).isZero();
        assertThat(detail.at(90.5, 10.5)).as("a mismatch").isZero();
        assertThat(PointDetail.none(100, 20).at(10.5, 10.5)).isZero();
    }

    private static SparseDepth left(SparseDepth points) {
        boolean[] keep = new boolean[points.count];
        for (int i = 0; i < keep.length; i++) {
            keep[i] = points.x[i] < 0.5 * TwoPlanes.WIDTH;
        }
        return points.only(keep);
    }

    @Test
    void aPredictionThatRunsTheWrongWayIsNotFollowed() {
        double[] sigma = {0.01, 0.01, 0.01, 0.01};
        Alignment fit = Alignment.fit(new double[] {1, 2, 3, 4}, new double[] {4, 3, 2, 1}, sigma);
        assertThat(fit.scale()).isZero();
        assertThat(fit.offset()).isCloseTo(2.5, offset(1e-6));
    }

    @Test
    void theRidgeFindsTheWeightsUnderUnknownOffsetsOfGroups() {
        SplittableRandom random = new SplittableRandom(2);
        int n = 400;
        float[] features = new float[3 * n];
        double[] target = new double[n];
        int[] group = new int[n];
        int[] point = new int[n];
        for (int i = 0; i < n; i++) {
            group[i] = i % 4;
            point[i] = i;
            for (int k = 0; k < 3; k++) {
                features[3 * i + k] = (float) random.nextDouble();
            }
            target[i] = 2 * features[3 * i] - features[3 * i + 2] + 10 * group[i];
        }
        HeadRows rows = new HeadRows(new HeadFeatures(false), 3, features, target, point, group, 4);
        double deviation = 1 / Math.sqrt(12);
        double[] w = rows.sums(i -> true).solve(1e-9);
        assertThat(w[0] / deviation).isCloseTo(2, offset(0.1));
        assertThat(w[1]).isCloseTo(0, offset(1e-6));
        assertThat(w[2] / deviation).isCloseTo(-1, offset(0.1));
        double[] without =
                rows.sums(i -> true).plus(rows.sums(i -> i < 200), -1).solve(1e-9);
        double[] direct = rows.sums(i -> i >= 200).solve(1e-9);
        assertThat(without).containsExactly(direct, offset(1e-9));
    }

    @Test
    void nearestPointsGoAroundWallsAndAreRight() {
        int width = 30;
        int height = 20;
        float[] step = new float[width * height];
        Arrays.fill(step, 1);
        float[] right = step.clone();
        for (int y = 0; y < height; y++) {
            right[y * width + 14] = 100;
        }
        int[] seeds = {10 * width + 12, 10 * width + 25, 2 * width + 3};
        NearestPoints open = NearestPoints.find(width, height, step, step, seeds, 2);
        NearestPoints walled = NearestPoints.find(width, height, right, step, seeds, 2);
        int node = 10 * width + 16;
        assertThat(open.label[2 * node]).isEqualTo(0);
        assertThat(open.label[2 * node + 1]).isEqualTo(1);
        assertThat(open.cost[2 * node]).isEqualTo(4);
        assertThat(walled.label[2 * node]).isEqualTo(1);
        assertThat(walled.cost[2 * node]).isEqualTo(9);
        for (int i = 0; i < width * height; i++) {
            double best = Double.POSITIVE_INFINITY;
            for (int s : seeds) {
                int dx = Math.abs(i % width - s % width);
                int dy = Math.abs(i / width - s / width);
                best = Math.min(best, Math.max(dx, dy) + (Math.sqrt(2) - 1) * Math.min(dx, dy));
            }
            assertThat((double) open.cost[2 * i]).isCloseTo(best, offset(1e-4));
        }
    }

    @Test
    void fewerPointsThanNeighboursLeavePlacesEmpty() {
        NearestPoints one = NearestPoints.find(3, 2, new float[6], new float[6], new int[] {4}, 3);
        assertThat(one.label).startsWith(0, -1, -1);
    }

    @Test
    void heldOutBlocksAreAQuarterOfThePhotoOneInEachRowAndColumn() {
        for (int v = 0; v < 10; v++) {
            int held = 0;
            int[] rows = new int[4];
            int[] columns = new int[4];
            for (int i = 0; i < 16; i++) {
                if (HeldOutPoints.inBlock(3, v, 100 * (i % 4) + 50, 75 * (i / 4) + 30, 400, 300)) {
                    held++;
                    rows[i / 4]++;
                    columns[i % 4]++;
                }
            }
            assertThat(held).isEqualTo(4);
            assertThat(rows).containsOnly(1);
            assertThat(columns).containsOnly(1);
        }
        int random = 0;
        for (int i = 0; i < 10_000; i++) {
            random += HeldOutPoints.random(7, i) ? 1 : 0;
        }
        assertThat(random).isBetween(1850, 2150);
    }

    @Test
    void picturesShowNearBrightAndUnknownBlack() {
        float[] depth = new float[100];
        for (int i = 0; i < 100; i++) {
            depth[i] = i == 50 ? 0 : 1 + i;
        }
        Image picture = DepthPictures.of(new DepthMap(100, 1, depth, new float[100]));
        assertThat(brightness(picture, 0)).isGreaterThan(brightness(picture, 10) + 100);
        assertThat(brightness(picture, 99)).isLessThan(brightness(picture, 10));
        assertThat(brightness(picture, 50)).isZero();
        Image confidence = DepthPictures.ofConfidence(new DepthMap(2, 1, new float[2], new float[] {0, 1}));
        assertThat(confidence.value(0, 0, 1)).isZero();
        assertThat(confidence.value(1, 0, 1)).isEqualTo(255);
    }

    @Test
    void optionsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DepthOptions(5, 20, 1, 0))
                .withMessageContaining("maxSize must be 16 to 16384 but was 5");
        assertThatIllegalArgumentException().isThrownBy(() -> new DepthOptions(800, 2, 1, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DepthOptions.defaults().withThreads(0));
    }

    private static int brightness(Image picture, int x) {
        return picture.value(x, 0, 0) + picture.value(x, 0, 1) + picture.value(x, 0, 2);
    }
}
