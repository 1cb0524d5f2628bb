package io.github.dinosplat.splat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Rigid3;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class PinholeViewTest {

    private static final PinholeView VIEW = new PinholeView(
            90, 110, 33, 21, 64, 48, new Rigid3(new Quaterniond().rotateXYZ(0.3, -0.2, 0.5), new Vector3d(1, -2, 3)));

    @Test
    void aPlaceInThePictureWithADepthIsAPointOfTheWorld() {
        Vector3d point = VIEW.unproject(12.25, 40.5, 7);

        assertThat(VIEW.camFromWorld().transform(point).z).isCloseTo(7, within(1e-12));
        PicturePoint back = VIEW.see(point).orElseThrow();
        assertThat(back.x()).isCloseTo(12.25, within(1e-11));
        assertThat(back.y()).isCloseTo(40.5, within(1e-11));
        assertThat(back.depth()).isCloseTo(7, within(1e-12));
    }

    @Test
    void thePictureEndsAtItsBorders() {
        assertThat(VIEW.see(VIEW.unproject(0.01, 0.01, 1))).isPresent();
        assertThat(VIEW.see(VIEW.unproject(63.99, 47.99, 1))).isPresent();
        assertThat(VIEW.see(VIEW.unproject(-0.01, 5, 1))).isEmpty();
        assertThat(VIEW.see(VIEW.unproject(5, 48.01, 1))).isEmpty();
        assertThat(VIEW.project(VIEW.unproject(5, 48.01, 1)).orElseThrow().y()).isCloseTo(48.01, within(1e-11));
    }

    @Test
    void nothingIsSeenBehindTheCamera() {
        assertThat(VIEW.project(VIEW.unproject(32, 24, -1))).isEmpty();
        assertThat(VIEW.project(new Vector3d(Double.NaN))).isEmpty();
    }
}
