package io.github.dinosplat.samples.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.util.ArrayList;
import java.util.List;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

/** Cameras on a circle that look at its centre: what flies through them must stay near the circle and look there too. */
class CameraPathTest {

    private static final Camera CAMERA = new Camera(CameraModel.PINHOLE, 80, 60, 70, 71, 40, 30);
    private static final double RADIUS = 3;

    private static final double BETWEEN = Math.toRadians(20);

    /** A camera on the circle around the origin; the sign of its quaternion is of no meaning. */
    private static Rigid3 pose(double angle, int sign) {
        Quaterniond rotation = new Quaterniond().rotationY(angle);
        return new Rigid3(
                new Quaterniond(rotation.x * sign, rotation.y * sign, rotation.z * sign, rotation.w * sign),
                new Vector3d(0, 0, RADIUS));
    }

    private static Scene circle(int views) {
        List<View> around = new ArrayList<>();
        for (int i = views - 1; i >= 0; i--) {
            around.add(new View("p" + i, 0, pose(i * BETWEEN, i % 2 == 0 ? 1 : -1), new double[0], new int[0]));
        }
        return new Scene(List.of(CAMERA), around, ScenePoints.NONE);
    }

    @Test
    void everyCameraIsPassedInOrderOfNames() {
        List<View> flown = CameraPath.through(circle(5), 9).views();
        assertThat(flown).extracting(View::name).startsWith("00001.png").endsWith("00009.png");
        for (int i = 0; i < 5; i++) {
            Rigid3 found = flown.get(2 * i).camFromWorld();
            assertThat(found.rotationAngleTo(pose(i * BETWEEN, 1))).isLessThan(1e-7);
            assertThat(found.translation().distance(0, 0, RADIUS)).isLessThan(1e-12);
        }
    }

    @Test
    void betweenTwoCamerasItIsHalfwayAndKeepsToTheCircle() {
        List<View> flown = CameraPath.through(circle(5), 9).views();
        for (int i = 1; i < 9; i += 2) {
            Rigid3 found = flown.get(i).camFromWorld();
            assertThat(found.rotationAngleTo(pose(i * BETWEEN / 2, 1))).isLessThan(1e-7);
            // At the ends the spline has no neighbour to bend by, and cuts the corner: the chord is 1.5 % inside.
            assertThat(found.targetOriginInSource().length())
                    .isCloseTo(RADIUS, within(i == 1 || i == 7 ? 0.03 : 0.003));
        }
    }

    @Test
    void oneCameraAndOnePictureAreEnough() {
        assertThat(CameraPath.through(circle(1), 3).views())
                .allSatisfy(v -> assertThat(v.camFromWorld().translation().distance(0, 0, RADIUS))
                        .isLessThan(1e-12));
        assertThat(CameraPath.through(circle(4), 1).views()).hasSize(1);
    }
}
