package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.splat.Gaussians;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gaussians of wild colours on, behind and beside a wall at depth 5 that up to four photos show. */
class FewPhotoColoursTest {

    private static final float WILD = 3;

    /** Pictures in which red goes from 0 in the left half to 1 in the right one, green is 0.6 and blue 0.2. */
    private static List<ColourRanges> pictures(int count, List<SeenDepths> seen) {
        int width = seen.get(0).camera().width();
        int height = seen.get(0).camera().height();
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            rgb[3 * i] = (byte) (i % width < width / 2 ? 0 : 255);
            rgb[3 * i + 1] = (byte) 153;
            rgb[3 * i + 2] = (byte) 51;
        }
        return Collections.nCopies(count, ColourRanges.of(new Image(width, height, rgb)));
    }

    /** The colours of three Gaussians: on the wall; hidden far behind it; where no photo looks. */
    private static float[] held(int photos) {
        Gaussians three = Gaussians.zeros(3, Gaussians.MAX_SH_DEGREE);
        three.means()[2] = 5;
        three.means()[5] = 20;
        three.means()[8] = -5;
        Arrays.fill(three.sh(), WILD);
        three.sh()[1] = -WILD;
        three.sh()[2] = coefficient(0.25);
        List<SeenDepths> seen = DenseSeedsTest.seen(DenseSeedsTest.plane(1)).subList(0, photos);
        new FewPhotoColours(seen, pictures(photos, seen)).hold(three);
        return three.sh();
    }

    private static float coefficient(double colour) {
        return (float) ((colour - 0.5) / InitialGaussians.SH_BASE);
    }

    @Test
    void whatOneOrTwoPhotosShowIsOfOneColourLittleBeyondTheirs() {
        for (int photos = 1; photos <= 2; photos++) {
            float[] sh = held(photos);
            assertThat(0.5 + InitialGaussians.SH_BASE * sh[0]).isCloseTo(1, within(1e-6));
            assertThat(0.5 + InitialGaussians.SH_BASE * sh[1]).isCloseTo(0.5, within(1e-6));
            assertThat(sh[2]).isEqualTo(coefficient(0.25));
            assertThat(Arrays.copyOfRange(sh, 3, 48)).containsOnly(0);
        }
    }

    @Test
    void rangesAreOfTheColoursAround() {
        byte[] rgb = new byte[3 * 256 * 64];
        rgb[3 * (31 * 256 + 100) + 1] = (byte) 255;
        ColourRanges ranges = ColourRanges.of(new Image(256, 64, rgb));
        // The pixel lies in cell 50, 15; cells are two pixels wide, and two to each side count.
        assertThat(ranges.greatest(96.5, 27.5, 1)).isEqualTo(1);
        assertThat(ranges.greatest(105.5, 34.5, 1)).isEqualTo(1);
        assertThat(ranges.greatest(95.5, 30.5, 1)).isEqualTo(0);
        assertThat(ranges.greatest(106.5, 30.5, 1)).isEqualTo(0);
        assertThat(ranges.greatest(100.5, 36.5, 1)).isEqualTo(0);
        assertThat(ranges.greatest(100.5, 30.5, 0)).isEqualTo(0);
        assertThat(ranges.least(100.5, 30.5, 1)).isEqualTo(0);
    }

    @Test
    void whatIsHiddenIsLikeWhatHidesIt() {
        assertThat(0.5 + InitialGaussians.SH_BASE * held(4)[48 + 1]).isCloseTo(0.7, within(1e-6));
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
