package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class PhotoDepthsTest {

    private static final TrainingScenes WALL = TrainingScenes.wall(2, 1, new Vector3d());
    private static final int WANTED = 300;

    /** How many seeds have a shade where the prior knows depths everywhere and the photos' right halves have that shade. */
    private static int seeds(int shade) throws IOException {
        Map<String, Image> photos = new HashMap<>();
        byte[] rgb = new byte[3 * TrainingScenes.WIDTH * TrainingScenes.HEIGHT];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i / 3 % TrainingScenes.WIDTH < TrainingScenes.WIDTH / 2 ? 200 : shade);
        }
        WALL.photos().keySet().forEach(n -> photos.put(n, new Image(TrainingScenes.WIDTH, TrainingScenes.HEIGHT, rgb)));
        TrainingScenes halves = new TrainingScenes(WALL.scene(), photos);
        DenseSeeds.Points seeds = PhotoDepths.of(
                        halves.scene(),
                        halves.scene().views(),
                        new TrainingPhotos(halves.scene(), halves, TrainingScenes.WIDTH, 1 << 24),
                        new PriorTrainingTest.Priors(halves),
                        TrainOptions.defaults()
                                .withThreads(1)
                                .withTerms(TrainingTerms.none().withPriorSeeds(true)),
                        1 << 24,
                        Progress.NONE)
                .seeds(WANTED);
        float[] colours = seeds.colours();
        assertThat(colours.length / 3).isBetween(WANTED / 2, WANTED);
        Arrays.sort(colours);
        int n = 0;
        while (n < colours.length && colours[n] < 0.5) {
            n++;
        }
        return n / 3;
    }

    @Test
    void noSurfaceIsGuessedWhereAPhotoIsDark() throws IOException {
        assertThat(seeds(20)).isZero();
        assertThat(seeds(40)).isGreaterThan(WANTED / 4);
    }
}
