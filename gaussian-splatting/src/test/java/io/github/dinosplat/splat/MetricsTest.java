package io.github.dinosplat.splat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Image;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private static final int WIDTH = 40;
    private static final int HEIGHT = 31;

    private static Image pattern(boolean disturbed) {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                for (int c = 0; c < 3; c++) {
                    int value = (x * 7 + y * 13 + c * 50 + (x * y) % 17 * 3) % 256;
                    int noise = disturbed ? (x * 5 + y * 3 + c * 11) % 23 - 11 : 0;
                    rgb[3 * (y * WIDTH + x) + c] = (byte) Math.min(255, Math.max(0, value + noise));
                }
            }
        }
        return new Image(WIDTH, HEIGHT, rgb);
    }

    private static Image plain(int value) {
        byte[] rgb = new byte[3 * 20 * 20];
        Arrays.fill(rgb, (byte) value);
        return new Image(20, 20, rgb);
    }

    /** The values are NumPy's, by an independent program that agrees with scikit-image 0.19 to 1e-9. */
    @Test
    void agreesWithIndependentProgram() {
        assertThat(Metrics.psnr(pattern(false), pattern(true))).isCloseTo(31.810505306159452, within(1e-9));
        assertThat(Metrics.ssim(pattern(false), pattern(true))).isCloseTo(0.9815469292919919, within(1e-9));
    }

    @Test
    void identicalPicturesAreAsAlikeAsCanBe() {
        assertThat(Metrics.psnr(pattern(true), pattern(true))).isEqualTo(100);
        assertThat(Metrics.ssim(pattern(true), pattern(true))).isCloseTo(1, within(1e-12));
    }

    @Test
    void constantOffsetHasTheDecibelsOfItsSquare() {
        assertThat(Metrics.psnr(plain(100), plain(151))).isCloseTo(20 * Math.log10(5), within(1e-9));
    }

    @Test
    void pixelsThatDoNotCountAreNotLookedAt() {
        byte[] rgb = plain(100).rgb().clone();
        Arrays.fill(rgb, 0, 600, (byte) 255);
        Image halfOff = new Image(20, 20, rgb);
        boolean[] counts = new boolean[400];
        assertThat(Metrics.psnr(plain(151), halfOff, counts)).isNaN();
        Arrays.fill(counts, 200, 400, true);
        assertThat(Metrics.psnr(plain(151), halfOff, counts)).isCloseTo(20 * Math.log10(5), within(1e-9));
        counts[199] = true;
        assertThat(Metrics.psnr(plain(151), halfOff, counts)).isLessThan(20 * Math.log10(5) - 1e-3);
        assertThatThrownBy(() -> Metrics.psnr(plain(1), plain(2), new boolean[399]))
                .hasMessageContaining("399");
    }

    @Test
    void refusesPicturesOfDifferentOrTooSmallSize() {
        assertThatThrownBy(() -> Metrics.psnr(pattern(false), plain(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("40x31");
        Image tiny = new Image(10, 30, new byte[900]);
        assertThatThrownBy(() -> Metrics.ssim(tiny, tiny)).hasMessageContaining("11x11");
    }

    @Test
    void blurKeepsPlainPicturesAndSpreadsAPointAsAGaussian() {
        assertThat(Metrics.blurred(plain(77), 4).rgb()).containsOnly((byte) 77);
        byte[] rgb = new byte[3 * 41 * 41];
        Arrays.fill(rgb, 3 * (20 * 41 + 20), 3 * (20 * 41 + 20) + 3, (byte) 255);
        Image spread = Metrics.blurred(new Image(41, 41, rgb), 1.5);
        double expected = 255 / (2 * Math.PI * 1.5 * 1.5) * Math.exp(-(4.0 + 1) / (2 * 1.5 * 1.5));
        assertThat((double) spread.value(22, 21, 1)).isCloseTo(expected, within(0.6));
        assertThat(spread.value(21, 22, 1)).isEqualTo(spread.value(22, 21, 1));
        // Mirrored borders keep the mean of a picture.
        assertThat(mean(Metrics.blurred(pattern(false), 4))).isCloseTo(mean(pattern(false)), within(0.1));
    }

    private static double mean(Image image) {
        double sum = 0;
        for (byte b : image.rgb()) {
            sum += b & 0xff;
        }
        return sum / image.rgb().length;
    }
}
