package io.github.dinosplat.matching.twoview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.matching.keypoint.KeypointDetector;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.keypoint.Textures;
import io.github.dinosplat.scene.Image;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PhotoMatcherTest {

    private static final int W = 480;
    private static final int H = 360;

    private static PhotoMatcher matcher;
    private static Image upright;

    @BeforeAll
    static void start() {
        matcher = new PhotoMatcher(
                KeypointOptions.defaults(), MatchOptions.defaults().withEpipolarSearch(true), Optional.empty());
        upright = Textures.render(W, H, (x, y) -> new double[] {3000 + x, 3000 + y});
    }

    @AfterAll
    static void stop() {
        matcher.close();
    }

    private static PhotoMatches match(Image a, Image b) {
        return matcher.match(a, Optional.empty(), b, Optional.empty());
    }

    /** Share of the matches within three pixels of where a map takes them. */
    private static double right(PhotoMatches m, UnaryOperator<double[]> truth) {
        int right = 0;
        for (int i = 0; i < m.count(); i++) {
            double[] expected = truth.apply(new double[] {m.pixelsA()[2 * i], m.pixelsA()[2 * i + 1]});
            double dx = m.pixelsB()[2 * i] - expected[0];
            double dy = m.pixelsB()[2 * i + 1] - expected[1];
            right += Math.hypot(dx, dy) < 3 ? 1 : 0;
        }
        return (double) right / Math.max(1, m.count());
    }

    @Test
    void turnedCopiesMatchAsWellAsUprightOnes() {
        Image moved = Textures.render(W, H, (x, y) -> new double[] {3020 + x, 2990 + y});
        int straight = match(upright, moved).count();
        PhotoMatches quarter = match(upright, HardPairsTest.turned(moved));
        PhotoMatches half = match(upright, HardPairsTest.turned(HardPairsTest.turned(moved)));
        assertThat(straight).isGreaterThan(200);
        assertThat((double) quarter.count()).isGreaterThan(0.8 * straight);
        assertThat((double) half.count()).isGreaterThan(0.8 * straight);
        assertThat(right(quarter, p -> new double[] {H - (p[1] + 10), p[0] - 20}))
                .isGreaterThan(0.95);
        assertThat(right(half, p -> new double[] {W - (p[0] - 20), H - (p[1] + 10)}))
                .isGreaterThan(0.95);
    }

    @Test
    void aPhotoAndTheNegativeOfTheNextMatchWithoutTheSignOfGradients() {
        Image moved = Textures.render(W, H, (x, y) -> new double[] {3020 + x, 2990 + y});
        byte[] negative = moved.rgb().clone();
        for (int i = 0; i < negative.length; i++) {
            negative[i] = (byte) (255 - (negative[i] & 255));
        }
        PhotoMatches m = match(upright, new Image(W, H, negative));
        assertThat(m.way()).isEqualTo(PhotoMatches.Way.HALF_CIRCLE);
        assertThat(m.count()).isGreaterThan(60);
        assertThat(right(m, p -> new double[] {p[0] - 20, p[1] + 10})).isGreaterThan(0.9);
    }

    @Test
    void aViewFromFarAsideMatchesBySyntheticViews() {
        // Shortened to a quarter along one direction, as a wall that is seen at 76 degrees.
        Image slanted = Textures.render(4 * W, H, (x, y) -> new double[] {3000 + x - 1.5 * W, 3000 + y})
                .resized(W, H);
        PhotoMatches m = match(upright, slanted);
        assertThat(m.way()).isEqualTo(PhotoMatches.Way.SYNTHETIC_VIEWS);
        assertThat(m.count()).isGreaterThan(15);
        assertThat(right(m, p -> new double[] {(p[0] + 1.5 * W) / 4, p[1]})).isGreaterThan(0.9);
    }

    @Test
    void strangersHaveNoGeometry() {
        Image stranger = Textures.render(W, H, (x, y) -> new double[] {9000 + x, 15000 + y});
        PhotoMatches m = match(upright, stranger);
        assertThat(m.way()).isEqualTo(PhotoMatches.Way.NONE);
        assertThat(m.fundamental()).isEmpty();
        assertThat(m.count()).isZero();
    }

    @Test
    void halfCirclesHaveLengthOneAndTurnTwiceIntoThemselves() {
        Keypoints k = new KeypointDetector(KeypointOptions.defaults().withMaxKeypoints(50)).detect(upright);
        float[] half = HalfSift.of(k.descriptors());
        assertThat(half).hasSize(HalfSift.SIZE * k.count());
        for (int i = 0; i < k.count(); i++) {
            double norm = 0;
            for (int d = 0; d < HalfSift.SIZE; d++) {
                norm += half[i * HalfSift.SIZE + d] * half[i * HalfSift.SIZE + d];
            }
            assertThat(norm).isCloseTo(1, within(1e-3));
        }
        assertThat(HalfSift.turned(HalfSift.turned(half))).isEqualTo(half);
        assertThat(HalfSift.turned(half)).isNotEqualTo(half);
    }
}
