package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.jvm.JvmEngine;
import java.io.IOException;
import java.util.List;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class SurroundingsTest {

    private static final int SIZE = 64;
    private static final int SHELL = Surroundings.countFor(100_000);

    /** A photo that is red on the left and blue on the right, and nothing else. */
    private static Gaussians shell(int count) throws IOException {
        View view = new View("a", 0, Rigid3.IDENTITY, new double[0], new int[0]);
        Camera camera = new Camera(CameraModel.PINHOLE, SIZE, SIZE, 40, 40, SIZE / 2.0, SIZE / 2.0);
        Scene scene = new Scene(List.of(camera), List.of(view), ScenePoints.NONE);
        byte[] rgb = new byte[3 * SIZE * SIZE];
        for (int i = 0; i < SIZE * SIZE; i++) {
            rgb[3 * i + (i % SIZE < SIZE / 2 ? 0 : 2)] = (byte) 200;
        }
        TrainingPhotos photos = new TrainingPhotos(scene, name -> new Image(SIZE, SIZE, rgb), SIZE, 1 << 20);
        Gaussians inner = Gaussians.zeros(1, 3);
        inner.means()[2] = 7;
        inner.quaternions()[0] = 1;
        inner.logScales()[0] = -9;
        return Surroundings.around(inner, List.of(view), photos, count);
    }

    private static Rendering render(Gaussians gaussians, Quaterniond camFromWorld) {
        PinholeView view = new PinholeView(40, 40, 32, 32, SIZE, SIZE, new Rigid3(camFromWorld, new Vector3d()));
        try (JvmEngine engine = new JvmEngine(1)) {
            engine.load(TrainingState.start(gaussians));
            return engine.render(view, RenderOptions.defaults());
        }
    }

    @Test
    void fillsEveryDirectionBehindTheScene() throws IOException {
        Gaussians all = shell(SHELL);
        assertThat(all.count()).isEqualTo(SHELL + 1);
        assertThat(all.means()[2]).isEqualTo(7);
        assertThat(all.firstUnusable()).isEqualTo(-1);
        for (double angle : new double[] {0, 1, 2, Math.PI, 5}) {
            Rendering seen = render(all, new Quaterniond().rotateXYZ(angle / 3, angle, 0));
            for (float alpha : seen.alpha()) {
                assertThat(alpha).isGreaterThan(0.9f);
            }
        }
        // Negative control: without a shell there is next to nothing.
        assertThat(render(shell(0), new Quaterniond()).alpha()[0]).isLessThan(0.1f);
    }

    @Test
    void continuesThePhotosBeyondTheirBorders() throws IOException {
        Gaussians all = shell(SHELL);
        Rendering ahead = render(all, new Quaterniond());
        int left = 3 * (SIZE * SIZE / 2 + 8);
        int right = 3 * (SIZE * SIZE / 2 + SIZE - 8);
        assertThat(ahead.rgb()[left]).isCloseTo(200 / 255f, within(0.1f));
        assertThat(ahead.rgb()[left + 2]).isLessThan(0.1f);
        assertThat(ahead.rgb()[right + 2]).isCloseTo(200 / 255f, within(0.1f));
        // Turned to the left by 60 degrees the photo's half field of view of 39 degrees is left behind.
        Rendering aside = render(all, new Quaterniond().rotateY(Math.PI / 3));
        assertThat(aside.rgb()[3 * (SIZE * SIZE / 2 + SIZE / 2)]).isGreaterThan(0.6f);
        assertThat(aside.rgb()[3 * (SIZE * SIZE / 2 + SIZE / 2) + 2]).isLessThan(0.25f);
    }

    @Test
    void leavesRoomForTheScene() {
        assertThat(Surroundings.countFor(100_000)).isEqualTo(300);
        assertThat(Surroundings.countFor(90)).isEqualTo(9);
        assertThat(Surroundings.countFor(1)).isZero();
    }
}
