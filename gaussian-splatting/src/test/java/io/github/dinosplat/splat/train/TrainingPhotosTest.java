package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TrainingPhotosTest {

    private final AtomicInteger reads = new AtomicInteger();
    private final Scene scene = scene(6);

    private static Scene scene(int photos) {
        List<View> views = new ArrayList<>();
        for (int i = 0; i < photos; i++) {
            views.add(new View("p" + i, 0, Rigid3.IDENTITY, new double[0], new int[0]));
        }
        Camera camera = new Camera(CameraModel.PINHOLE, 201, 101, 150, 150, 100, 50);
        return new Scene(List.of(camera), views, ScenePoints.NONE);
    }

    private TrainingPhotos photos(long mostBytes) {
        return new TrainingPhotos(
                scene,
                name -> {
                    reads.incrementAndGet();
                    byte[] rgb = new byte[3 * 201 * 101];
                    new Random(name.hashCode()).nextBytes(rgb);
                    return new Image(201, 101, rgb);
                },
                100,
                mostBytes);
    }

    @Test
    void readsEachPhotoOnceWhereAllFit() throws IOException {
        TrainingPhotos photos = photos(1 << 20);
        photos.preload(scene.views(), 3, Progress.NONE);
        for (int round = 0; round < 3; round++) {
            for (View view : scene.views()) {
                for (int level = 0; level < 3; level++) {
                    Image image = photos.image(view, level);
                    Camera camera = photos.camera(view, level);
                    assertThat(image.width()).isEqualTo(camera.width());
                    assertThat(image.height()).isEqualTo(camera.height());
                }
            }
        }
        assertThat(reads).hasValue(6);
        assertThat(photos.camera(scene.views().get(0), 0).width()).isEqualTo(100);
        assertThat(photos.camera(scene.views().get(0), 1).width()).isEqualTo(50);
        assertThat(photos.camera(scene.views().get(0), 2).fx()).isEqualTo(150 * 25 / 201.0);
    }

    @Test
    void readsAgainWhatDoesNotFitAndGivesTheSamePixels() throws IOException {
        TrainingPhotos roomy = photos(1 << 20);
        TrainingPhotos cramped = photos(2 * 3 * 100 * 50);
        cramped.preload(scene.views(), 2, Progress.NONE);
        for (int round = 0; round < 2; round++) {
            for (View view : scene.views()) {
                for (int level = 2; level >= 0; level--) {
                    assertThat(cramped.image(view, level).rgb())
                            .isEqualTo(roomy.image(view, level).rgb());
                }
            }
        }
        assertThat(reads.get()).isGreaterThan(6 + 6);
    }
}
