package io.github.dinosplat.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.joml.Vector2d;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UndistortionTest {

    @ParameterizedTest
    @EnumSource(CameraModel.class)
    void everyPixelOfThePictureComesFromThePhoto(CameraModel model) {
        Camera camera = CameraTest.distorted(model);
        Undistortion undistortion = Undistortion.of(camera);
        Camera pinhole = undistortion.pinholeCamera();
        assertThat(pinhole.model()).isEqualTo(CameraModel.PINHOLE);
        assertThat(pinhole.fx()).isEqualTo(camera.fx());
        assertThat(pinhole.fy()).isEqualTo(camera.fy());
        assertThat(pinhole.width()).isBetween(400, 1600);
        for (int y = 0; y <= pinhole.height(); y += 4) {
            for (int x = 0; x <= pinhole.width(); x += 4) {
                Vector2d p = undistortion.distort(x, y);
                assertThat(p.x).isBetween(-1e-6, 800 + 1e-6);
                assertThat(p.y).isBetween(-1e-6, 600 + 1e-6);
                assertThat(undistortion.undistort(p.x, p.y).distance(x, y)).isLessThan(1e-6);
            }
        }
        // No larger than it may be: some border pixel's source touches the photo's border, or growth was limited.
        double nearest = Double.POSITIVE_INFINITY;
        for (int x = 0; x <= pinhole.width(); x++) {
            nearest = Math.min(nearest, undistortion.distort(x, 0).y);
        }
        assertThat(nearest)
                .isLessThan(
                        model == CameraModel.OPENCV_FISHEYE || model == CameraModel.SIMPLE_RADIAL_FISHEYE ? 200 : 2);
    }

    @ParameterizedTest
    @EnumSource(CameraModel.class)
    void undistortedPhotoShowsWhatThePinholeSees(CameraModel model) {
        Camera camera = CameraTest.distorted(model);
        Undistortion undistortion = Undistortion.of(camera);
        Image seen = paint(camera);
        Image expected = paint(undistortion.pinholeCamera());
        Image actual = undistortion.apply(seen);
        assertThat(actual.width()).isEqualTo(expected.width());
        long sum = 0;
        for (int i = 0; i < actual.rgb().length; i++) {
            sum += Math.abs((actual.rgb()[i] & 0xff) - (expected.rgb()[i] & 0xff));
        }
        assertThat((double) sum / actual.rgb().length).isLessThan(1.0);
    }

    /** A smooth pattern on the sphere of directions as a camera sees it. */
    private static Image paint(Camera camera) {
        byte[] rgb = new byte[3 * camera.width() * camera.height()];
        for (int y = 0; y < camera.height(); y++) {
            for (int x = 0; x < camera.width(); x++) {
                Vector3d d = camera.direction(x + 0.5, y + 0.5);
                int i = 3 * (y * camera.width() + x);
                rgb[i] = (byte) (int) (128 + 100 * Math.sin(20 * d.x));
                rgb[i + 1] = (byte) (int) (128 + 100 * Math.sin(20 * d.y));
                rgb[i + 2] = (byte) (int) (128 + 100 * Math.sin(15 * (d.x + d.y)));
            }
        }
        return new Image(camera.width(), camera.height(), rgb);
    }

    @Test
    void pinholesStayAsTheyAre() {
        Camera camera = CameraTest.distorted(CameraModel.SIMPLE_PINHOLE);
        Undistortion undistortion = Undistortion.of(camera);
        assertThat(undistortion.isIdentity()).isTrue();
        Image photo = new Image(800, 600, new byte[3 * 800 * 600]);
        assertThat(undistortion.apply(photo)).isSameAs(photo);
        assertThat(undistortion.undistort(3.25, 7.5).distance(3.25, 7.5)).isLessThan(1e-12);
        assertThatThrownBy(() -> undistortion.apply(photo.resized(80, 60)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("800x600");
    }

    @Test
    void masksGoWhereTheirPhotosGo() {
        Camera camera = CameraTest.distorted(CameraModel.OPENCV);
        Undistortion undistortion = Undistortion.of(camera);
        // A mask of half the photo's size that keeps what lies right of a line.
        Mask half = Mask.of(camera.width() / 2, camera.height() / 2, (x, y) -> x >= 100);
        Mask flat = undistortion.apply(half);
        Camera pinhole = undistortion.pinholeCamera();
        assertThat(flat.width()).isEqualTo(pinhole.width());
        int kept = 0;
        for (int y = 0; y < pinhole.height(); y += 7) {
            for (int x = 0; x < pinhole.width(); x += 7) {
                boolean right = undistortion.distort(x + 0.5, y + 0.5).x >= 200;
                assertThat(flat.keeps(x + 0.5, y + 0.5)).isEqualTo(right);
                kept += right ? 1 : 0;
            }
        }
        assertThat(kept).isPositive();
        assertThat(flat.ignoredShare()).isBetween(0.1, 0.5);
    }

    @Test
    void aScenesPhotosComeWithTheirMasks() throws IOException {
        Camera camera = CameraTest.distorted(CameraModel.OPENCV);
        Image photo = new Image(camera.width(), camera.height(), new byte[3 * camera.width() * camera.height()]);
        Mask mask = Mask.of(camera.width(), camera.height(), (x, y) -> x >= 200);
        PhotoSource taken = ((PhotoSource) name -> photo).withMasks(name -> Optional.of(mask));
        View view = new View("a.jpg", 0, Rigid3.IDENTITY, new double[0], new int[0]);
        Scene scene = new Scene(List.of(camera), List.of(view), ScenePoints.NONE);
        PhotoSource flat = Undistortion.photos(scene, taken);
        Camera pinhole = Undistortion.scene(scene).cameras().get(0);
        assertThat(flat.read("a.jpg").width()).isEqualTo(pinhole.width());
        assertThat(flat.mask("a.jpg").orElseThrow().width()).isEqualTo(pinhole.width());
        assertThat(flat.mask("a.jpg").orElseThrow().keeps(1, 1)).isFalse();
        assertThatThrownBy(() -> flat.read("b.jpg"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("b.jpg");
    }

    @Test
    void worksAtReducedSize() {
        Camera camera = CameraTest.distorted(CameraModel.OPENCV);
        Camera small = Undistortion.of(camera.resized(400, 300)).pinholeCamera();
        Camera large = Undistortion.of(camera).pinholeCamera();
        assertThat(small.width()).isCloseTo(large.width() / 2, within(2));
        assertThat(small.fx()).isCloseTo(large.fx() / 2, within(1e-9));
    }

    @Test
    void undistortedSceneKeepsItsReprojectionErrors() {
        Camera camera = CameraTest.distorted(CameraModel.OPENCV);
        Vector3d point = new Vector3d(0.2, 0.1, 2);
        Vector2d pixel = camera.project(point).orElseThrow();
        View view = new View("a.jpg", 0, Rigid3.IDENTITY, new double[] {pixel.x + 0.5, pixel.y}, new int[] {0});
        Scene scene = new Scene(
                List.of(camera),
                List.of(view),
                new ScenePoints(new double[] {point.x, point.y, point.z}, new byte[3], new double[1]));
        Scene flat = Undistortion.scene(scene);
        assertThat(flat.cameras().get(0).model()).isEqualTo(CameraModel.PINHOLE);
        assertThat(flat.meanReprojectionError()).isCloseTo(0.5, within(0.05));
    }
}
