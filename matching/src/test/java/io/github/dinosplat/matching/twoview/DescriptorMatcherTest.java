package io.github.dinosplat.matching.twoview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.features.onnx.ByteProduct;
import io.github.dinosplat.matching.keypoint.Keypoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DescriptorMatcherTest {

    private static final int SIZE = Keypoints.DESCRIPTOR_SIZE;
    private static final double RATIO = 0.8;

    @Test
    void looksThatGrowFindWhatPlainLoopsFind() {
        float[] a = random(600, 1);
        float[] b = random(2300, 2);
        // Half of the first photo's descriptors are in the second, some of them twice.
        for (int i = 0; i < 300; i++) {
            System.arraycopy(a, 2 * i * SIZE, b, (7 * i + 3) * SIZE, SIZE);
        }
        for (int i = 0; i < 40; i++) {
            System.arraycopy(a, 4 * i * SIZE, b, (14 * i + 4) * SIZE, SIZE);
        }
        try (ByteProduct product = new ByteProduct()) {
            DescriptorMatcher.Comparison growing =
                    new DescriptorMatcher(product).compare(ByteDescriptors.of(a), ByteDescriptors.of(b));
            for (int most : new int[] {100, 400, 1000, 2300}) {
                KeypointMatches found = growing.first(most, RATIO);
                assertThat(pairs(found)).isEqualTo(plain(a, Math.min(most, 600), b, most));
                assertThat(found.count()).isGreaterThan(0);
            }
            assertThat(growing.first(2300, RATIO).count()).isEqualTo(260);
        }
    }

    @Test
    void bytesKeepDistances() {
        Random random = new Random(7);
        float[] both = new float[2 * SIZE];
        for (int trial = 0; trial < 100; trial++) {
            double near = 0.05 + 0.5 * random.nextDouble();
            double norm2A = 0;
            double norm2B = 0;
            for (int k = 0; k < SIZE; k++) {
                both[k] = (float) random.nextGaussian();
                both[SIZE + k] = (float) (both[k] + near * random.nextGaussian());
                norm2A += both[k] * both[k];
                norm2B += both[SIZE + k] * both[SIZE + k];
            }
            for (int k = 0; k < SIZE; k++) {
                both[k] /= (float) Math.sqrt(norm2A);
                both[SIZE + k] /= (float) Math.sqrt(norm2B);
            }
            ByteDescriptors bytes = ByteDescriptors.of(both);
            int dot = 0;
            for (int k = 0; k < SIZE; k++) {
                dot += (bytes.bytes()[k] & 0xff) * (bytes.bytes()[SIZE + k] & 0xff);
            }
            double distance2 = bytes.squaredLengths()[0] + bytes.squaredLengths()[1] - 2.0 * dot;
            assertThat(Math.sqrt(distance2 / ByteDescriptors.UNIT))
                    .isCloseTo(Math.sqrt(distance2(both, 0, both, 1)), within(0.01));
        }
    }

    private static List<Integer> pairs(KeypointMatches found) {
        List<Integer> pairs = new ArrayList<>();
        for (int k = 0; k < found.count(); k++) {
            pairs.add(10_000 * found.a()[k] + found.b()[k]);
        }
        pairs.sort(null);
        return pairs;
    }

    private static List<Integer> plain(float[] a, int countA, float[] b, int countB) {
        List<Integer> pairs = new ArrayList<>();
        for (int i = 0; i < countA; i++) {
            int j = best(a, i, b, countB, -1);
            if (best(b, j, a, countA, -1) != i) {
                continue;
            }
            double nearest = distance2(a, i, b, j);
            double next = Math.min(
                    distance2(a, i, b, best(a, i, b, countB, j)), distance2(b, j, a, best(b, j, a, countA, i)));
            if (nearest < RATIO * RATIO * next) {
                pairs.add(10_000 * i + j);
            }
        }
        return pairs;
    }

    private static int best(float[] from, int i, float[] to, int count, int except) {
        int best = -1;
        for (int j = 0; j < count; j++) {
            if (j != except && (best < 0 || distance2(from, i, to, j) < distance2(from, i, to, best))) {
                best = j;
            }
        }
        return best;
    }

    private static double distance2(float[] a, int i, float[] b, int j) {
        double sum = 0;
        for (int k = 0; k < SIZE; k++) {
            double d = a[i * SIZE + k] - b[j * SIZE + k];
            sum += d * d;
        }
        return sum;
    }

    /** About unit vectors, of entries that bytes can hold. */
    private static float[] random(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] all = new float[n * SIZE];
        for (int i = 0; i < n; i++) {
            double norm2 = 0;
            for (int k = i * SIZE; k < (i + 1) * SIZE; k++) {
                all[k] = (float) random.nextDouble();
                norm2 += all[k] * all[k];
            }
            for (int k = i * SIZE; k < (i + 1) * SIZE; k++) {
                all[k] = Math.round(256 * all[k] / (float) Math.sqrt(norm2)) / 256f;
            }
        }
        return all;
    }
}
