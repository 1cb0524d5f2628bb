package io.github.dinosplat.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SiftColourFeaturesTest {

    private final DenseFeatures features = DenseFeatures.handCrafted();

    @Test
    void theGridCoversThePhotoAtEveryEighthPixelOfTheReducedPhoto() {
        FeatureMap map = features.extract(noise(1600, 1000, 0, 0));
        assertThat(map.columns()).isEqualTo(100);
        assertThat(map.rows()).isEqualTo(63);
        assertThat(map.channels()).isEqualTo(268);
        assertThat(map.photoWidth()).isEqualTo(1600);
    }

    @Test
    void aShiftedPhotoHasShiftedFeaturesAndOtherPlacesDiffer() {
        FeatureMap still = features.extract(noise(400, 320, 0, 0));
        FeatureMap moved = features.extract(noise(400, 320, 16, 8));
        double same = distance(still, 20, 22, moved, 21, 24);
        double other = distance(still, 20, 22, moved, 20, 22);
        assertThat(same).isLessThan(1e-4);
        assertThat(other).isGreaterThan(0.1);
    }

    @Test
    void aStepGivesOneOrientation() {
        byte[] rgb = new byte[3 * 160 * 160];
        for (int i = 0; i < 160 * 160; i++) {
            if (i % 160 >= 80) {
                rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = (byte) 200;
            }
        }
        FeatureMap map = features.extract(new Image(160, 160, rgb));
        // The gradient points along +x: orientation 0 in every cell, nothing elsewhere.
        double along = 0;
        double rest = 0;
        for (int i = 0; i < 128; i++) {
            double v = map.value(10, 10, i);
            if (i % 8 == 0) {
                along += v * v;
            } else {
                rest += v * v;
            }
        }
        assertThat(along).isGreaterThan(0.5).isLessThanOrEqualTo(1);
        assertThat(rest).isLessThan(1e-6);
    }

    @Test
    void aPlainPhotoHasItsColourAndNoGradients() {
        byte[] rgb = new byte[3 * 64 * 64];
        for (int i = 0; i < 64 * 64; i++) {
            rgb[3 * i] = (byte) 255;
        }
        FeatureMap map = features.extract(new Image(64, 64, rgb));
        for (int i = 0; i < 256; i++) {
            assertThat(map.value(3, 3, i)).isZero();
        }
        // L*a*b* of pure sRGB red is (53.24, 80.09, 67.20).
        assertThat(map.value(3, 3, 256)).isCloseTo(0.5324f, offset(0.0005f));
        assertThat(map.value(3, 3, 257)).isCloseTo(0.8009f, offset(0.0005f));
        assertThat(map.value(3, 3, 258)).isCloseTo(0.6720f, offset(0.0005f));
        assertThat(map.value(3, 3, 259)).isCloseTo(0, offset(0.001f));
    }

    @Test
    void tinyPhotosWork() {
        FeatureMap map = features.extract(noise(3, 2, 0, 0));
        assertThat(map.rows() * map.columns()).isEqualTo(1);
        for (int k = 0; k < map.channels(); k++) {
            assertThat(map.value(0, 0, k)).isFinite();
        }
    }

    private static double distance(FeatureMap a, int rowA, int columnA, FeatureMap b, int rowB, int columnB) {
        double sum = 0;
        for (int k = 0; k < a.channels(); k++) {
            sum += Math.pow(a.value(rowA, columnA, k) - b.value(rowB, columnB, k), 2);
        }
        return Math.sqrt(sum);
    }

    /** A patch of an endless smooth random texture, moved right and down. */
    private static Image noise(int width, int height, int right, int down) {
        SplittableRandom random = new SplittableRandom(5);
        double[][] waves = new double[40][4];
        for (double[] w : waves) {
            w[0] = random.nextDouble(-0.5, 0.5);
            w[1] = random.nextDouble(-0.5, 0.5);
            w[2] = random.nextDouble(6.3);
            w[3] = random.nextDouble(12);
        }
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double v = 128;
                for (double[] w : waves) {
                    v += w[3] * Math.sin(w[0] * (x - right) + w[1] * (y - down) + w[2]);
                }
                int i = 3 * (y * width + x);
                rgb[i] = rgb[i + 1] = (byte) Math.max(0, Math.min(255, v));
                rgb[i + 2] = (byte) Math.max(0, Math.min(255, v / 2));
            }
        }
        return new Image(width, height, rgb);
    }
}
