package io.github.dinosplat.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TransparencyTest {

    /** A red pixel beside one that is transparent, with green left in it. */
    private static final Image CUT_OUT =
            new Image(2, 1, new byte[] {(byte) 200, 0, 0, 0, (byte) 255, 0}).withAlpha(new byte[] {(byte) 255, 0});

    @Test
    void transparentPixelsLendNoColourToOthers() {
        Image one = CUT_OUT.resized(1, 1);
        // To a level: half of it was rounded.
        assertThat(one.rgb()).containsExactly((byte) 199, 0, 0);
        assertThat(one.alpha()).hasValueSatisfying(a -> assertThat(a).containsExactly(128));
        // As an opaque picture the green would have its part.
        assertThat(new Image(2, 1, CUT_OUT.rgb()).resized(1, 1).value(0, 0, 1)).isEqualTo(128);
    }

    @Test
    void aColourShinesThroughByTheOpacity() {
        assertThat(CUT_OUT.over(0, 0, 1).rgb()).containsExactly((byte) 200, 0, 0, 0, 0, (byte) 255);
        assertThat(CUT_OUT.resized(1, 1).over(1, 1, 1).rgb()).containsExactly((byte) 227, 127, 127);
        Image opaque = new Image(2, 1, CUT_OUT.rgb());
        assertThat(opaque.over(1, 0, 0)).isSameAs(opaque);
        assertThatThrownBy(() -> opaque.withAlpha(new byte[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3");
    }

    @Test
    void opacityGoesWhereItsPhotoGoes() {
        Camera camera = CameraTest.distorted(CameraModel.OPENCV);
        int w = camera.width();
        byte[] alpha = new byte[w * camera.height()];
        byte[] rgb = new byte[3 * alpha.length];
        for (int i = 0; i < alpha.length; i++) {
            alpha[i] = (byte) (i % w >= 200 ? 255 : 0);
            rgb[3 * i] = 100;
        }
        Undistortion undistortion = Undistortion.of(camera);
        Image flat = undistortion.apply(new Image(w, camera.height(), rgb).withAlpha(alpha));
        for (int y = 0; y < flat.height(); y += 7) {
            for (int x = 0; x < flat.width(); x += 7) {
                double from = undistortion.distort(x + 0.5, y + 0.5).x;
                if (Math.abs(from - 200) > 1) {
                    boolean right = from > 200;
                    assertThat(flat.alpha().orElseThrow()[y * flat.width() + x]).isEqualTo((byte) (right ? 255 : 0));
                    assertThat(flat.value(x, y, 0)).isEqualTo(right ? 100 : 0);
                }
            }
        }
    }
}
