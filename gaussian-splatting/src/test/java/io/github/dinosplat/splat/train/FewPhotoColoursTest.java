package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.splat.Gaussians;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Gaussians of wild colours on, behind and beside a wall at depth 5 that up to four photos show. */
class FewPhotoColoursTest {

    private static final float WILD = 3;

    /** The colours of three Gaussians: on the wall; hidden far behind it; where no photo looks. */
    private static float[] held(int photos) {
        Gaussians three = Gaussians.zeros(3, Gaussians.MAX_SH_DEGREE);
        three.means()[2] = 5;
        three.means()[5] = 20;
        three.means()[8] = -5;
        Arrays.fill(three.sh(), WILD);
        three.sh()[1] = -WILD;
        three.sh()[2] = 0.5f;
        new FewPhotoColours(DenseSeedsTest.seen(DenseSeedsTest.plane(1)).subList(0, photos)).hold(three);
        return three.sh();
    }

    @Test
    void whatOneOrTwoPhotosShowIsOfOneColourBetweenBlackAndWhite() {
        for (int photos = 1; photos <= 2; photos++) {
            float[] sh = held(photos);
            assertThat(0.5 + InitialGaussians.SH_BASE * sh[0]).isCloseTo(1, within(1e-6));
            assertThat(0.5 + InitialGaussians.SH_BASE * sh[1]).isCloseTo(0, within(1e-6));
            assertThat(sh[2]).isEqualTo(0.5f);
            assertThat(Arrays.copyOfRange(sh, 3, 48)).containsOnly(0);
        }
    }

    @Test
    void soIsWhatIsHiddenOrOutsideOfAllPhotos() {
        float[] sh = held(4);
        for (int i = 1; i < 3; i++) {
            assertThat(0.5 + InitialGaussians.SH_BASE * sh[48 * i]).isCloseTo(1, within(1e-6));
            assertThat(Arrays.copyOfRange(sh, 48 * i + 3, 48 * i + 48)).containsOnly(0);
        }
    }

    @Test
    void whatMorePhotosShowIsLeftAlone() {
        for (int photos = 3; photos <= 4; photos++) {
            float[] sh = held(photos);
            assertThat(sh[1]).isEqualTo(-WILD);
            assertThat(Arrays.copyOfRange(sh, 3, 48)).containsOnly(WILD);
        }
    }
}
