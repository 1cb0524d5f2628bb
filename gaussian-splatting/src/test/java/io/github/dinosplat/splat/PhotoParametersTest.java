package io.github.dinosplat.splat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Rigid3;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class PhotoParametersTest {

    @Test
    void motionsComposeOnTheCamerasSide() {
        PhotoParameters photos = PhotoParameters.start(2);
        assertThat(photos.motion(1)).isEqualTo(Rigid3.IDENTITY);
        double[][] steps = {{0.1, -0.2, 0.05, 1, 2, 3}, {-0.3, 0.1, 0.2, 0, -1, 0.5}, {0, 0, 0, 0, 0, 1}};
        Rigid3 expected = Rigid3.IDENTITY;
        for (double[] step : steps) {
            photos.move(1, step);
            Quaterniond turn = new Quaterniond();
            double angle = new Vector3d(step[0], step[1], step[2]).length();
            if (angle > 0) {
                turn.fromAxisAngleRad(step[0] / angle, step[1] / angle, step[2] / angle, angle);
            }
            expected = new Rigid3(turn, new Vector3d(step[3], step[4], step[5])).compose(expected);
        }
        Vector3d point = new Vector3d(1, -2, 4);
        assertThat(photos.motion(1).transform(point).distance(expected.transform(point)))
                .isCloseTo(0, within(1e-6));
        // The order matters, and the other photo stays.
        photos.move(0, steps[1]);
        photos.move(0, steps[0]);
        photos.move(0, steps[2]);
        assertThat(photos.motion(0).transform(point).distance(expected.transform(point)))
                .isGreaterThan(0.1);
    }

    @Test
    void refusesArraysOfOtherLengths() {
        assertThatThrownBy(() ->
                        new PhotoParameters(new float[18], new float[18], new float[18], new int[1], new float[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("background");
    }
}
