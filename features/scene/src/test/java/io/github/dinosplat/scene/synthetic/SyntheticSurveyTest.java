package io.github.dinosplat.scene.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.Undistortion;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.joml.Vector2d;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticSurveyTest {

    private static final SyntheticSurvey DEMO = small(SyntheticSurvey.demo(1), 320, 240);

    /** The same survey with smaller photos, for speed. */
    private static SyntheticSurvey small(SyntheticSurvey survey, int width, int height) {
        Scene s = survey.cameras();
        List<Camera> cameras =
                s.cameras().stream().map(c -> c.resized(width, height)).toList();
        return new SyntheticSurvey(survey.world(), new Scene(cameras, s.views(), s.points()));
    }

    private static double psnr(Image a, Image b) {
        assertThat(a.width()).isEqualTo(b.width());
        double sum = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            double d = (a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff);
            sum += d * d;
        }
        return 10 * Math.log10(255 * 255 * a.rgb().length / Math.max(sum, 1e-9));
    }

    @Test
    void everyDemoPhotoIsFullOfSurfaces() {
        assertThat(DEMO.cameras().views()).hasSize(14);
        for (View view : DEMO.cameras().views()) {
            DepthMap depth = DEMO.depth(view.name());
            for (int y = 0; y < depth.height(); y++) {
                for (int x = 0; x < depth.width(); x++) {
                    assertThat(depth.depth(x, y)).isBetween(2f, 14f);
                    assertThat(depth.confidence(x, y)).isEqualTo(1f);
                }
            }
        }
    }

    @Test
    void photosAreTexturedAllOver() {
        Image photo = DEMO.photo("photo-04.png");
        float[] grey = photo.luma();
        int flat = 0;
        int blocks = 0;
        for (int by = 0; by + 16 <= photo.height(); by += 16) {
            for (int bx = 0; bx + 16 <= photo.width(); bx += 16) {
                double sum = 0;
                double squares = 0;
                for (int i = 0; i < 256; i++) {
                    double v = grey[(by + i / 16) * photo.width() + bx + i % 16];
                    sum += v;
                    squares += v * v;
                }
                double deviation = Math.sqrt(squares / 256 - sum * sum / 65536);
                flat += deviation < 4 ? 1 : 0;
                blocks++;
                assertThat(sum / 256).isBetween(10.0, 245.0);
            }
        }
        assertThat((double) flat / blocks).isLessThan(0.05);
    }

    @Test
    void photosAndWorldsAreTheSameEveryTimeAndDifferBySeed() {
        Image first = small(DEMO, 80, 60).photo("photo-02.png");
        SyntheticSurvey again = small(SyntheticSurvey.demo(1), 80, 60);
        assertThat(again.photo("photo-02.png").rgb()).isEqualTo(first.rgb());
        SyntheticSurvey other = small(SyntheticSurvey.demo(2), 80, 60);
        assertThat(psnr(other.photo("photo-02.png"), first)).isLessThan(20);
    }

    @Test
    void filesAreTheSameForAnyNumberOfThreads(@TempDir Path folder) throws IOException {
        SyntheticSurvey tiny = small(DEMO, 64, 48);
        tiny.writePhotos(folder.resolve("one"), 1);
        tiny.writePhotos(folder.resolve("three"), 3);
        for (View view : tiny.cameras().views()) {
            assertThat(Files.readAllBytes(folder.resolve("three").resolve(view.name())))
                    .isEqualTo(Files.readAllBytes(folder.resolve("one").resolve(view.name())));
        }
    }

    @Test
    void pixelsAreMeansOverTheirArea() {
        View view = DEMO.cameras().views().get(5);
        Camera camera = DEMO.cameras().cameras().get(0).resized(200, 150);
        Image photo = DEMO.world().render(camera, view.camFromWorld());
        Image fine = DEMO.world()
                .render(camera.resized(800, 600), view.camFromWorld())
                .resized(200, 150);
        assertThat(psnr(photo, fine)).isGreaterThan(28);
    }

    @Test
    void onePhotoWarpedByItsDepthGivesTheOther() {
        View a = DEMO.cameras().views().get(6);
        View b = DEMO.cameras().views().get(7);
        Camera camera = DEMO.cameras().cameras().get(0);
        Image photoA = DEMO.photo(a.name());
        Image photoB = DEMO.photo(b.name());
        DepthMap depthA = DEMO.depth(a.name());
        double sum = 0;
        double shuffled = 0;
        int n = 0;
        for (int y = 0; y < 240; y++) {
            for (int x = 0; x < 320; x++) {
                Vector3d inA = camera.direction(x + 0.5, y + 0.5);
                inA.mul(depthA.depth(x, y) / inA.z);
                Vector3d world = a.camFromWorld().inverse().transform(inA);
                var seen = DEMO.world().see(camera, b.camFromWorld(), world);
                if (seen.isEmpty()) {
                    continue;
                }
                Vector2d p = seen.orElseThrow();
                for (int c = 0; c < 3; c++) {
                    double d = photoA.value(x, y, c) - photoB.value((int) p.x, (int) p.y, c);
                    sum += d * d;
                    double e = photoA.value(x, y, c) - photoB.value(x, y, c);
                    shuffled += e * e;
                }
                n += 3;
            }
        }
        assertThat(n).isGreaterThan(3 * 320 * 240 / 2);
        // Nearest pixels of textures with detail at the pixel: not exact, but far from unrelated.
        assertThat(10 * Math.log10(65025.0 * n / sum)).isGreaterThan(22);
        assertThat(10 * Math.log10(65025.0 * n / shuffled)).isLessThan(18);
    }

    @Test
    void distortedPhotoUndistortedIsThePinholePhoto() {
        Rigid3 pose = DEMO.cameras().views().get(5).camFromWorld();
        Camera camera = new Camera(CameraModel.SIMPLE_RADIAL, 320, 240, 300, 160, 120, -0.12);
        Undistortion undistortion = Undistortion.of(camera);
        Image flat = undistortion.apply(DEMO.world().render(camera, pose));
        Image truth = DEMO.world().render(undistortion.pinholeCamera(), pose);
        assertThat(psnr(flat, truth)).isGreaterThan(30);
        assertThat(undistortion.pinholeCamera().width()).isGreaterThan(320);
    }

    @Test
    void tracksAreExactAndNoiseIsWhatWasAskedFor() {
        Scene exact = DEMO.withTracks(400, 0, 5);
        assertThat(exact.points().count()).isGreaterThan(300);
        assertThat(exact.meanReprojectionError()).isLessThan(1e-9);
        assertThat((double) exact.observationCount() / exact.points().count()).isGreaterThan(4);
        for (int p = 0; p < exact.points().count(); p += 7) {
            View view = exact.views().get(exact.trackView(p, 0));
            int k = exact.trackKeypoint(p, 0);
            Vector3d inCam = view.camFromWorld().transform(exact.points().position(p));
            Camera camera = exact.cameraOf(view);
            Vector3d direction =
                    view.camFromWorld().rotation().transformInverse(camera.direction(view.x(k), view.y(k)));
            double distance = DEMO.world()
                    .distance(view.camFromWorld().targetOriginInSource(), direction)
                    .orElseThrow();
            assertThat(distance).isCloseTo(inCam.length(), within(1e-6));
        }
        Scene noisy = DEMO.withTracks(400, 0.5, 5);
        assertThat(noisy.meanReprojectionError()).isCloseTo(0.5 * Math.sqrt(Math.PI / 2), within(0.05));
        assertThat(noisy.points().error(3)).isPositive();
    }

    @Test
    void terrainFillsTheViewFromTheAir() {
        SyntheticSurvey flight = small(SyntheticSurvey.flight(3, 5, 5), 80, 60);
        assertThat(flight.cameras().views()).hasSize(25);
        for (View view : flight.cameras().views()) {
            DepthMap depth = flight.depth(view.name());
            for (int i = 0; i < 80 * 60; i++) {
                assertThat(depth.depth(i % 80, i / 80)).isBetween(40f, 130f);
            }
        }
        assertThatThrownBy(() -> flight.photos().read("absent.png")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SyntheticSurvey.flight(3, 0, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void camerasLookWhereTheyShouldWithTheSkyUp() {
        Rigid3 level = SyntheticSurvey.lookAt(new Vector3d(0, -5, 1), new Vector3d(0, 0, 1), 0);
        assertThat(level.transform(new Vector3d(0, 0, 1)).distance(0, 0, 5)).isLessThan(1e-12);
        assertThat(level.transform(new Vector3d(1, 0, 2)).distance(1, -1, 5)).isLessThan(1e-12);
        Rigid3 down = SyntheticSurvey.lookAt(new Vector3d(3, 4, 70), new Vector3d(3, 4, 0), 0);
        assertThat(down.transform(new Vector3d(4, 6, 0)).distance(1, -2, 70)).isLessThan(1e-12);
    }
}
