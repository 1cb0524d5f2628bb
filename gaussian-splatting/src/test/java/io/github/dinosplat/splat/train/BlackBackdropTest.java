package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Mask;
import io.github.dinosplat.scene.PhotoSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlackBackdropTest {

    private static final int SIZE = 100;
    private static final int BLACK = 20;
    private static final int DARK = 40;
    private static final int LIT = 150;

    /** A lit square with a hole of 20x20 pixels and a crack of 4x2, before a shade; the left half of the lowest rows is lit too. */
    private static Image thing(int shade, int litRows) {
        byte[] rgb = new byte[3 * SIZE * SIZE];
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % SIZE;
            int y = i / 3 / SIZE;
            boolean square = x >= 30 && x < 80 && y >= 30 && y < 80;
            boolean hole = x >= 40 && x < 60 && y >= 40 && y < 60 || x >= 70 && x < 74 && y >= 70 && y < 72;
            rgb[i] = (byte) (square && !hole || x < SIZE / 2 && y >= SIZE - litRows ? LIT : shade);
        }
        return new Image(SIZE, SIZE, rgb);
    }

    private static Optional<byte[]> alpha(PhotoSource photos, String name) throws IOException {
        return BlackBackdrop.cutOut(photos, List.of("a", "b")).read(name).alpha();
    }

    @Test
    void whatIsBeforeBlackIsCutOut() throws IOException {
        byte[] alpha = alpha(name -> thing(BLACK, 10), "b").orElseThrow();
        assertThat(alpha[10 * SIZE + 10]).as("beside the thing").isZero();
        assertThat(alpha[50 * SIZE + 50]).as("seen through the thing").isZero();
        assertThat(alpha[35 * SIZE + 35]).as("on the thing").isEqualTo((byte) 255);
        assertThat(alpha[71 * SIZE + 72]).as("in a crack").isEqualTo((byte) 255);
    }

    @Test
    void otherPhotosStayAsTheyAre() throws IOException {
        assertThat(alpha(name -> thing(BLACK, 10), "held out")).isEmpty();
        assertThat(alpha(name -> thing(DARK, 10), "a")).isEmpty();
        assertThat(alpha(name -> thing(BLACK, 60), "a")).isEmpty();
        assertThat(alpha(name -> thing(name.equals("a") ? BLACK : DARK, 10), "a"))
                .as("before black in one of two photos")
                .isEmpty();
        byte[] own = new byte[SIZE * SIZE];
        assertThat(alpha(name -> thing(BLACK, 10).withAlpha(own), "a").orElseThrow())
                .as("cut out already")
                .isEqualTo(own);
    }

    @Test
    void masksStay() throws IOException {
        Mask mask = Mask.of(SIZE, SIZE, (x, y) -> x > y);
        PhotoSource masked = ((PhotoSource) name -> thing(BLACK, 10)).withMasks(name -> Optional.of(mask));
        assertThat(BlackBackdrop.cutOut(masked, List.of("a")).mask("a")).contains(mask);
    }
}
