package io.github.dinosplat.matching.twoview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.features.onnx.MatrixProduct;
import io.github.dinosplat.matching.keypoint.AffineKeypoints;
import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.scene.FeatureMap;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Windows that look the same, in regions that do not. */
class PatchGuidanceTest {

    private static final int ROWS = 6;
    private static final int COLUMNS = 8;
    private static final int CELL = 40;
    private static final int CHANNELS = 24;
    private static final int SIDE = COLUMNS * CELL;

    private static final MatrixProduct PRODUCT = new MatrixProduct();

    @AfterAll
    static void stop() {
        PRODUCT.close();
    }

    /** One keypoint in each cell; the descriptors repeat after every second cell, with a little noise. */
    private static AffineKeypoints facade(long seed) {
        int n = ROWS * COLUMNS;
        int size = Keypoints.DESCRIPTOR_SIZE;
        float[] x = new float[n];
        float[] y = new float[n];
        float[] scale = new float[n];
        float[] descriptors = new float[n * size];
        float[] frames = new float[4 * n];
        Random noise = new Random(seed);
        for (int i = 0; i < n; i++) {
            x[i] = (i % COLUMNS + 0.5f) * CELL;
            y[i] = (i / COLUMNS + 0.5f) * CELL;
            scale[i] = 4;
            frames[4 * i] = 4;
            frames[4 * i + 3] = 4;
            Random window = new Random(i % 2);
            double square = 0;
            for (int d = 0; d < size; d++) {
                float v = window.nextFloat() + 0.1f * noise.nextFloat();
                descriptors[i * size + d] = v;
                square += v * v;
            }
            for (int d = 0; d < size; d++) {
                descriptors[i * size + d] /= (float) Math.sqrt(square);
            }
        }
        return new AffineKeypoints(new Keypoints(x, y, scale, new float[n], descriptors), frames);
    }

    /** A vector for each cell, of length 3; what cell {@code i} shows is what cell {@code shown(i)} is. */
    private static FeatureMap map(IntUnaryOperator shown) {
        float[] values = new float[ROWS * COLUMNS * CHANNELS];
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            Random cell = new Random(1000 + shown.applyAsInt(i));
            double square = 0;
            for (int k = 0; k < CHANNELS; k++) {
                values[i * CHANNELS + k] = (float) cell.nextGaussian();
                square += values[i * CHANNELS + k] * values[i * CHANNELS + k];
            }
            for (int k = 0; k < CHANNELS; k++) {
                values[i * CHANNELS + k] *= (float) (3 / Math.sqrt(square));
            }
        }
        return new FeatureMap(ROWS, COLUMNS, CHANNELS, SIDE, ROWS * CELL, values);
    }

    private static PatchGuidance guidance(FeatureMap a, FeatureMap b) {
        return new PatchGuidance(PRODUCT, a, facade(1).keypoints(), b, facade(2).keypoints());
    }

    private static PlaceMatches match(Optional<PatchGuidance> guidance) {
        return new DistinctMatcher(PRODUCT, 0.8).match(facade(1), facade(2), guidance, SIDE);
    }

    /** Matches that join a cell with the cell that it is moved to. */
    private static int joined(PlaceMatches places, int columns) {
        int count = 0;
        for (int i = 0; i < places.count(); i++) {
            boolean there = Math.abs(places.b()[2 * i] - places.a()[2 * i] - columns * CELL) < 1
                    && Math.abs(places.b()[2 * i + 1] - places.a()[2 * i + 1]) < 1;
            count += there ? 1 : 0;
        }
        return count;
    }

    @Test
    void featuresTellRepeatedWindowsApart() {
        assertThat(match(Optional.empty()).count()).isLessThan(ROWS * COLUMNS / 8);
        PlaceMatches guided = match(Optional.of(guidance(map(i -> i), map(i -> i))));
        assertThat(guided.count()).isEqualTo(ROWS * COLUMNS);
        assertThat(joined(guided, 0)).isEqualTo(guided.count());
    }

    @Test
    void featuresDecideWhichOfTheRepeatedWindowsItIs() {
        // The second photo shows everything two columns further to the right; its two first columns are new.
        FeatureMap moved = map(i -> i % COLUMNS < 2 ? 500 + i : i - 2);
        PlaceMatches guided = match(Optional.of(guidance(map(i -> i), moved)));
        assertThat(joined(guided, 2)).isEqualTo(ROWS * (COLUMNS - 2));
    }

    @Test
    void likenessIsThatOfTheDescriptorsWhereThePatchesAreEachOthersBest() {
        PatchGuidance guidance = guidance(map(i -> i), map(i -> i));
        Keypoints k = facade(1).keypoints();
        DistinctMatcher.Described plain = DistinctMatcher.Described.plain(k.descriptors(), Keypoints.DESCRIPTOR_SIZE);
        DistinctMatcher.Described a = guidance.first(plain);
        DistinctMatcher.Described b = guidance.second(plain);
        assertThat(a.size()).isEqualTo(Keypoints.DESCRIPTOR_SIZE + CHANNELS);
        assertThat(likeness(a, 9, b, 9)).isCloseTo(1, within(1e-4));
        // The window looks the same, the region does not.
        assertThat(likeness(a, 9, b, 11)).isLessThan(0.9);
    }

    private static double likeness(DistinctMatcher.Described a, int i, DistinctMatcher.Described b, int j) {
        double dot = 0;
        for (int d = 0; d < a.size(); d++) {
            dot += a.vectors()[i * a.size() + d] * b.vectors()[j * a.size() + d];
        }
        return dot - a.handicaps()[i] - b.handicaps()[j];
    }
}
