package io.github.dinosplat.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.joml.Vector2d;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CameraTest {

    /** Distortion as strong as that of an action camera. */
    static Camera distorted(CameraModel model) {
        double[] p = switch (model) {
            case SIMPLE_PINHOLE -> new double[] {700, 401, 299};
            case PINHOLE -> new double[] {700, 690, 401, 299};
            case SIMPLE_RADIAL -> new double[] {700, 401, 299, -0.16};
            case RADIAL -> new double[] {700, 401, 299, -0.2, 0.05};
            case OPENCV -> new double[] {700, 690, 401, 299, 0.23, -0.3, -0.003, 0.002};
            case OPENCV_FISHEYE -> new double[] {300, 305, 401, 299, 0.03, -0.01, 0.004, -0.0008};
            case FULL_OPENCV -> new double[] {700, 690, 401, 299, 0.2, -0.1, -0.003, 0.002, 0.03, 0.15, -0.05, 0.01};
            case SIMPLE_RADIAL_FISHEYE -> new double[] {300, 401, 299, 0.02};
        };
        return new Camera(model, 800, 600, p);
    }

    @ParameterizedTest
    @EnumSource(CameraModel.class)
    void derivativesAreThoseOfCentralDifferences(CameraModel model) {
        Camera camera = distorted(model);
        SplittableRandom random = new SplittableRandom(model.ordinal());
        int n = model.parameterCount();
        boolean fisheye = model == CameraModel.OPENCV_FISHEYE || model == CameraModel.SIMPLE_RADIAL_FISHEYE;
        for (int trial = 0; trial < 200; trial++) {
            // Every fourth point lies behind a fisheye, where it still sees.
            double z = fisheye && trial % 4 == 0 ? random.nextDouble(-3, -0.5) : random.nextDouble(1, 5);
            double[] point = {z * random.nextDouble(-0.6, 0.6), z * random.nextDouble(-0.45, 0.45), z};
            if (trial == 1) {
                point[0] = 0;
                point[1] = 0;
            }
            double[] pixel = new double[2];
            double[] dPoint = new double[6];
            double[] dParameters = new double[2 * n];
            camera.project(point[0], point[1], point[2], pixel, dPoint, dParameters);
            double[] lower = new double[2];
            double[] upper = new double[2];
            for (int i = 0; i < 3; i++) {
                double h = 1e-5;
                double[] a = point.clone();
                double[] b = point.clone();
                a[i] -= h;
                b[i] += h;
                camera.project(a[0], a[1], a[2], lower, null, null);
                camera.project(b[0], b[1], b[2], upper, null, null);
                for (int row = 0; row < 2; row++) {
                    double numeric = (upper[row] - lower[row]) / (2 * h);
                    assertThat(dPoint[3 * row + i]).isCloseTo(numeric, within(1e-4 * (1 + Math.abs(numeric))));
                }
            }
            double[] p = camera.parameters();
            for (int i = 0; i < n; i++) {
                double h = 1e-6 * Math.max(1, Math.abs(p[i]));
                double[] a = p.clone();
                double[] b = p.clone();
                a[i] -= h;
                b[i] += h;
                camera.withParameters(a).project(point[0], point[1], point[2], lower, null, null);
                camera.withParameters(b).project(point[0], point[1], point[2], upper, null, null);
                for (int row = 0; row < 2; row++) {
                    double numeric = (upper[row] - lower[row]) / (2 * h);
                    assertThat(dParameters[n * row + i]).isCloseTo(numeric, within(1e-4 * (1 + Math.abs(numeric))));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CameraModel.class)
    void unprojectInvertsProjectOverTheWholePicture(CameraModel model) {
        Camera camera = distorted(model);
        double[] ray = new double[2];
        double[] pixel = new double[2];
        boolean fisheye = model == CameraModel.OPENCV_FISHEYE || model == CameraModel.SIMPLE_RADIAL_FISHEYE;
        int beyond = 0;
        for (double y = 0; y <= 600; y += 25) {
            for (double x = 0; x <= 800; x += 25) {
                Vector3d d = camera.direction(x, y);
                assertThat(d.length()).isCloseTo(1, within(1e-12));
                camera.project(d.x, d.y, d.z, pixel, null, null);
                assertThat(Math.hypot(pixel[0] - x, pixel[1] - y)).isLessThan(1e-8);
                boolean found = camera.unproject(x, y, ray);
                assertThat(found).as(model + " at " + x + ", " + y).isEqualTo(d.z > 0);
                if (found) {
                    camera.project(ray[0], ray[1], 1, pixel, null, null);
                    assertThat(Math.hypot(pixel[0] - x, pixel[1] - y)).isLessThan(1e-8);
                } else {
                    beyond++;
                }
            }
        }
        // The fisheyes of this test see beyond 90 degrees in their corners.
        assertThat(beyond > 0).isEqualTo(fisheye);
    }

    @Test
    void pixelsThatNoRayReachesAreSaidToHaveNone() {
        double[] ray = new double[2];
        // Barrel distortion that folds back at r = 1 / sqrt(0.9): no ray reaches farther than 2/3 of that.
        Camera folding = new Camera(CameraModel.SIMPLE_RADIAL, 2000, 2000, 700, 1000, 1000, -0.3);
        assertThat(folding.unproject(0, 1000, ray)).isFalse();
        assertThat(folding.unproject(600, 1000, ray)).isTrue();
        Camera fisheye = new Camera(CameraModel.SIMPLE_RADIAL_FISHEYE, 2000, 2000, 700, 1000, 1000, -0.3);
        assertThat(fisheye.unproject(0, 1000, ray)).isFalse();
        assertThat(fisheye.unproject(600, 1000, ray)).isTrue();
    }

    @Test
    void modelsReduceToEachOther() {
        Vector3d point = new Vector3d(0.4, -0.3, 1.3);
        Vector2d simple = new Camera(CameraModel.SIMPLE_RADIAL, 800, 600, 700, 400, 300, -0.1)
                .project(point)
                .orElseThrow();
        Camera radial = new Camera(CameraModel.RADIAL, 800, 600, 700, 400, 300, -0.1, 0);
        Camera brown = new Camera(CameraModel.OPENCV, 800, 600, 700, 700, 400, 300, -0.1, 0, 0, 0);
        Camera rational = new Camera(CameraModel.FULL_OPENCV, 800, 600, 700, 700, 400, 300, -0.1, 0, 0, 0, 0, 0, 0, 0);
        assertThat(radial.project(point).orElseThrow().distance(simple)).isLessThan(1e-12);
        assertThat(brown.project(point).orElseThrow().distance(simple)).isLessThan(1e-12);
        assertThat(rational.project(point).orElseThrow().distance(simple)).isLessThan(1e-12);
        // An equidistant fisheye, by hand: 30 degrees off axis lie f * pi / 6 from the centre.
        Camera fisheye = new Camera(CameraModel.OPENCV_FISHEYE, 800, 600, 300, 300, 400, 300, 0, 0, 0, 0);
        Vector2d pixel =
                fisheye.project(new Vector3d(Math.tan(Math.PI / 6), 0, 1)).orElseThrow();
        assertThat(pixel.x).isCloseTo(400 + 300 * Math.PI / 6, within(1e-10));
        // 120 degrees off axis, behind the camera.
        double[] behind = new double[2];
        fisheye.project(Math.sin(2 * Math.PI / 3), 0, Math.cos(2 * Math.PI / 3), behind, null, null);
        assertThat(behind[0]).isCloseTo(400 + 300 * 2 * Math.PI / 3, within(1e-10));
        assertThat(behind[1]).isCloseTo(300, within(1e-10));
    }

    @Test
    void openCvModelGivesTheFiguresOfOpenCv() {
        // By hand from OpenCV's documentation of projectPoints: x = 0.3, y = -0.2, r2 = 0.13.
        Camera camera = new Camera(CameraModel.OPENCV, 640, 480, 500, 510, 320, 240, 0.1, -0.05, 0.01, -0.02);
        double radial = 1 + 0.1 * 0.13 - 0.05 * 0.13 * 0.13;
        double x = 0.3 * radial + 2 * 0.01 * 0.3 * -0.2 + -0.02 * (0.13 + 2 * 0.09);
        double y = -0.2 * radial + 0.01 * (0.13 + 2 * 0.04) + 2 * -0.02 * 0.3 * -0.2;
        Vector2d pixel = camera.project(new Vector3d(0.6, -0.4, 2)).orElseThrow();
        assertThat(pixel.x).isCloseTo(500 * x + 320, within(1e-10));
        assertThat(pixel.y).isCloseTo(510 * y + 240, within(1e-10));
    }

    @Test
    void resizedCameraSeesTheSamePlaces() {
        for (CameraModel model : CameraModel.values()) {
            Camera camera = distorted(model);
            Camera half = camera.resized(400, 300);
            Vector3d point = new Vector3d(0.3, 0.2, 1.1);
            Vector2d full = camera.project(point).orElseThrow();
            assertThat(half.project(point).orElseThrow().distance(full.mul(0.5)))
                    .isLessThan(1e-9);
        }
    }

    @Test
    void pointsBehindDoNotProjectAndBadParametersAreNamed() {
        Camera camera = distorted(CameraModel.PINHOLE);
        assertThat(camera.project(new Vector3d(0, 0, -1))).isEmpty();
        assertThat(camera.project(new Vector3d(0, 0, 0))).isEmpty();
        assertThatThrownBy(() -> new Camera(CameraModel.PINHOLE, 10, 10, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fx, fy, cx, cy");
        assertThatThrownBy(() -> new Camera(CameraModel.PINHOLE, 10, 10, 1, -1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fy");
        assertThatThrownBy(() -> new Camera(CameraModel.PINHOLE, 0, 10, 1, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(distorted(CameraModel.RADIAL)).isEqualTo(distorted(CameraModel.RADIAL));
    }
}
