package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class PhotoDepthsTest {

    private static final TrainingScenes WALL = TrainingScenes.wall(2, 1, new Vector3d());
    private static final int WANTED = 300;

    /** How many seeds are dark where the photos' left halves have one shade and their right halves another. */
    private static int darkSeeds(IntUnaryOperator left, IntUnaryOperator right, TrainingTerms terms)
            throws IOException {
        Map<String, Image> photos = new HashMap<>();
        WALL.photos().forEach((name, photo) -> {
            byte[] rgb = photo.rgb().clone();
            for (int i = 0; i < rgb.length; i++) {
                boolean isLeft = i / 3 % TrainingScenes.WIDTH < TrainingScenes.WIDTH / 2;
                rgb[i] = (byte) (isLeft ? left : right).applyAsInt(rgb[i] & 0xff);
            }
            photos.put(name, new Image(TrainingScenes.WIDTH, TrainingScenes.HEIGHT, rgb));
        });
        TrainingScenes halves = new TrainingScenes(WALL.scene(), photos);
        DenseSeeds.Points seeds = PhotoDepths.of(
                        halves.scene(),
                        halves.scene().views(),
                        new TrainingPhotos(halves.scene(), halves, TrainingScenes.WIDTH, 1 << 24),
                        new PriorTrainingTest.Priors(halves),
                        TrainOptions.defaults().withThreads(1).withTerms(terms),
                        1 << 24,
                        Progress.NONE)
                .seeds(WANTED);
        float[] colours = seeds.colours();
        assertThat(colours.length / 3).isBetween(WANTED / 2, WANTED);
        int n = 0;
        for (int i = 0; i < colours.length; i += 3) {
            n += Math.max(colours[i], Math.max(colours[i + 1], colours[i + 2])) < 0.3 ? 1 : 0;
        }
        return n;
    }

    @Test
    void noSurfaceIsGuessedWhereAPhotoIsDark() throws IOException {
        TrainingTerms priors = TrainingTerms.none().withPriorSeeds(true);
        assertThat(darkSeeds(v -> 200, v -> 20, priors)).isZero();
        assertThat(darkSeeds(v -> 200, v -> 40, priors)).isGreaterThan(WANTED / 4);
    }

    @Test
    void whatIsDarkIsNoSurfaceThoughPhotosAgreeOnIt() throws IOException {
        TrainingTerms stereo = TrainingTerms.none().withStereo(true);
        assertThat(darkSeeds(v -> v / 2 + 100, v -> v * 20 / 255, stereo)).isZero();
        assertThat(darkSeeds(v -> v / 2 + 100, v -> 26 + v * 20 / 255, stereo)).isGreaterThan(WANTED / 4);
    }
}
