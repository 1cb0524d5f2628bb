package io.github.dinosplat.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PcaPicturesTest {

    @Test
    void likePatchesOfTwoPhotosHaveLikeColoursAndUnlikeOnesDiffer() {
        // Left half of the first map and right half of the second are of one kind, the others of another.
        List<Image> pictures = PcaPictures.of(List.of(map(true, 1), map(false, 2)));
        assertThat(pictures).hasSize(2);
        Image a = pictures.get(0);
        Image b = pictures.get(1);
        assertThat(a.width()).isEqualTo(8);
        assertThat(a.height()).isEqualTo(6);
        assertThat(Math.abs(a.value(1, 3, 0) - b.value(6, 3, 0))).isLessThan(25);
        assertThat(Math.abs(a.value(1, 3, 0) - a.value(6, 3, 0))).isGreaterThan(100);
    }

    @Test
    void emptyAndConstantMapsWork() {
        assertThat(PcaPictures.of(List.of())).isEmpty();
        Image flat = PcaPictures.of(List.of(new FeatureMap(2, 2, 5, 10, 10, new float[20])))
                .get(0);
        assertThat(flat.value(0, 0, 0)).isEqualTo(128);
    }

    @Test
    void mapsOfDifferentMethodsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PcaPictures.of(List.of(
                        new FeatureMap(1, 1, 2, 1, 1, new float[2]), new FeatureMap(1, 1, 3, 1, 1, new float[3]))))
                .withMessageContaining("2 and 3");
    }

    private static FeatureMap map(boolean firstLeft, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[6 * 8 * 12];
        for (int p = 0; p < 48; p++) {
            boolean first = (p % 8 < 4) == firstLeft;
            for (int k = 0; k < 12; k++) {
                values[p * 12 + k] = (float) ((first == k < 6 ? 1 : 0) + 0.05 * random.nextDouble());
            }
        }
        return new FeatureMap(6, 8, 12, 80, 60, values);
    }
}
