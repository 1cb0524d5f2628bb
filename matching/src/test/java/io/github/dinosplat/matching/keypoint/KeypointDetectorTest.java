package io.github.dinosplat.matching.keypoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Image;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KeypointDetectorTest {

    private static final int W = 320;
    private static final int H = 240;
    private static final Image PLAIN = Textures.render(W, H, (x, y) -> new double[] {x, y});
    private static final KeypointDetector DETECTOR = new KeypointDetector(KeypointOptions.defaults());

    /** Takes a point of the first picture to the second. */
    private interface Motion {
        double[] apply(double x, double y);
    }

    /** Of the first picture's keypoints that stay in view, the share found again within a pixel, and the mean offset. */
    private static double[] repeatability(Keypoints a, Keypoints b, int width, int height, Motion motion) {
        int inView = 0;
        int found = 0;
        double dx = 0;
        double dy = 0;
        for (int i = 0; i < a.count(); i++) {
            double[] p = motion.apply(a.x(i), a.y(i));
            if (p[0] < 10 || p[1] < 10 || p[0] > width - 10 || p[1] > height - 10) {
                continue;
            }
            inView++;
            double nearest = 1;
            int at = -1;
            for (int j = 0; j < b.count(); j++) {
                double d = Math.hypot(b.x(j) - p[0], b.y(j) - p[1]);
                if (d < nearest) {
                    nearest = d;
                    at = j;
                }
            }
            if (at >= 0) {
                found++;
                dx += b.x(at) - p[0];
                dy += b.y(at) - p[1];
            }
        }
        return new double[] {(double) found / inView, dx / found, dy / found, inView};
    }

    @Test
    void findsManyKeypointsWithUnitDescriptors() {
        Keypoints k = DETECTOR.detect(PLAIN);
        assertThat(k.count()).isGreaterThan(300);
        for (int i = 0; i < k.count(); i++) {
            double norm = 0;
            for (int d = 0; d < 128; d++) {
                norm += k.descriptors()[128 * i + d] * k.descriptors()[128 * i + d];
            }
            assertThat(norm).isCloseTo(1, within(1e-4));
            assertThat(k.x(i)).isBetween(0.0, (double) W);
            assertThat(k.y(i)).isBetween(0.0, (double) H);
        }
    }

    @Test
    void turnedByHalfThePositionsMirrorExactly() {
        // Only pixel centres at +0.5 make a half turn the map (W - x, H - y).
        byte[] rgb = new byte[3 * W * H];
        for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * W + x) + c] = (byte) PLAIN.value(W - 1 - x, H - 1 - y, c);
                }
            }
        }
        double[] r = repeatability(DETECTOR.detect(PLAIN), DETECTOR.detect(new Image(W, H, rgb)), W, H, (x, y) ->
                new double[] {W - x, H - y});
        assertThat(r[0]).isGreaterThan(0.97);
        assertThat(r[1]).isCloseTo(0, within(0.01));
        assertThat(r[2]).isCloseTo(0, within(0.01));
    }

    @Test
    void keypointsFollowATurnAndAScaleWithoutBias() {
        double s = 1.4;
        double c = Math.cos(0.5) / s;
        double n = Math.sin(0.5) / s;
        Image turned = Textures.render(W, H, (x, y) ->
                new double[] {160 + c * (x - 160) + n * (y - 120), 120 - n * (x - 160) + c * (y - 120)});
        double[] r = repeatability(DETECTOR.detect(PLAIN), DETECTOR.detect(turned), W, H, (x, y) -> new double[] {
            160 + s * s * (c * (x - 160) - n * (y - 120)), 120 + s * s * (n * (x - 160) + c * (y - 120))
        });
        assertThat(r[3]).isGreaterThan(100);
        assertThat(r[0]).isGreaterThan(0.7);
        assertThat(r[1]).isCloseTo(0, within(0.04));
        assertThat(r[2]).isCloseTo(0, within(0.04));
    }

    @Test
    void positionsAreThoseOfTheStoredPhotoWhenItIsReduced() {
        Keypoints full = DETECTOR.detect(PLAIN);
        Keypoints half = new KeypointDetector(KeypointOptions.defaults().withMaxLongSide(160)).detect(PLAIN);
        assertThat(half.count()).isBetween(50, full.count());
        double[] r = repeatability(half, full, W, H, (x, y) -> new double[] {x, y});
        assertThat(r[0]).isGreaterThan(0.7);
        assertThat(r[1]).isCloseTo(0, within(0.05));
        assertThat(r[2]).isCloseTo(0, within(0.05));
    }

    @Test
    void theLimitKeepsTheStrongest() {
        Keypoints all = DETECTOR.detect(PLAIN);
        Keypoints few = new KeypointDetector(KeypointOptions.defaults().withMaxKeypoints(50)).detect(PLAIN);
        assertThat(few.count()).isEqualTo(50);
        assertThat(few.x(0)).isEqualTo(all.x(0));
        assertThat(Arrays.copyOf(few.descriptors(), 128)).isEqualTo(Arrays.copyOf(all.descriptors(), 128));
    }

    @Test
    void blankAndTinyPhotosHaveNone() {
        assertThat(DETECTOR.detect(new Image(64, 48, new byte[3 * 64 * 48])).count())
                .isZero();
        assertThat(DETECTOR.detect(new Image(1, 1, new byte[3])).count()).isZero();
        assertThat(DETECTOR.detect(new Image(3, 50, new byte[450])).count()).isZero();
    }

    @Test
    void theSamePhotoGivesTheSameBits() {
        assertThat(DETECTOR.detect(PLAIN)).isEqualTo(DETECTOR.detect(PLAIN));
    }

    @Test
    void theAngleIsThatOfAtan2() {
        for (int i = 0; i < 1000; i++) {
            double a = i * 2 * Math.PI / 1000;
            double got = SiftDescriptor.angle((float) Math.sin(a), (float) Math.cos(a));
            double error = Math.abs(got - a);
            assertThat(Math.min(error, 2 * Math.PI - error)).isLessThan(1e-4);
        }
        assertThat(SiftDescriptor.angle(0, 0)).isZero();
    }

    @Test
    void badOptionsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeypointOptions.defaults().withMaxKeypoints(0))
                .withMessageContaining("maxKeypoints");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Keypoints(new float[2], new float[2], new float[2], new float[2], new float[2]))
                .withMessageContaining("[N=2]");
    }
}
