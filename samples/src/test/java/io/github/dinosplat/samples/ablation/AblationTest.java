package io.github.dinosplat.samples.ablation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.train.TrainingTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bookkeeping of the experiments. */
class AblationTest {

    private static final Variant NONE = new Variant("none", TrainingTerms.none());
    private static final Variant MASKS =
            new Variant("masks", TrainingTerms.none().withTransients(true));

    @TempDir
    private Path folder;

    @Test
    void finishedRunsAreFoundAgainAndAveragedOverSeeds() throws IOException {
        Path file = folder.resolve("results.tsv");
        ResultFile results = new ResultFile(file);
        results.add(NONE.run("fox 3", 0), new HeldOutScores(20, 0.5, 0.1).text());
        results.add(NONE.run("fox 3", 1), new HeldOutScores(22, 0.7, 0.2).text());
        results.add(MASKS.run("fox 3", 0), new HeldOutScores(25, 0.7, 0.2).text());
        ResultFile again = new ResultFile(file);
        assertThat(again.of(NONE.run("fox 3", 1)).map(HeldOutScores::parse)).contains(new HeldOutScores(22, 0.7, 0.2));
        assertThat(again.of(MASKS.run("fox 3", 1))).isEmpty();
        List<Table.Column> columns = List.of(new Table.Column("fox 3", List.of("fox 3")));
        assertThat(new Table(again, columns, List.of(NONE, MASKS), 2).text())
                .contains("| none | 21.00 ± 1.41 |")
                .contains("| masks | NaN ± NaN |");
    }

    @Test
    void aLineThatWasCutShortIsForgottenAndNothingElse() throws IOException {
        Path file = folder.resolve("results.tsv");
        new ResultFile(file).add("fox, points", "0.2 / 1.0");
        Files.writeString(file, "fox, blocks\t0.", StandardOpenOption.APPEND);
        ResultFile again = new ResultFile(file);
        assertThat(again.of("fox, blocks")).isEmpty();
        again.add("temple", "0.5");
        ResultFile third = new ResultFile(file);
        assertThat(third.of("fox, points")).contains("0.2 / 1.0");
        assertThat(third.of("temple")).contains("0.5");
    }

    @Test
    void thingsArePastedIntoEveryThirdTrainingPhotoAlone() throws IOException {
        PhotoSet set = set("set", 40, (byte) 90);
        PhotoSet things = set("things", 20, (byte) 200);
        Path to = folder.resolve("pasted");
        PastedObjects.write(set, set.order(), things, to);
        for (int i = 0; i < 6; i++) {
            String name = set.order().get(i);
            byte[] before = ImageFiles.read(set.images().resolve(name)).rgb();
            byte[] after = ImageFiles.read(to.resolve(name)).rgb();
            assertThat(Arrays.equals(before, after)).as(name).isEqualTo(i % 3 != 1);
        }
        assertThat(ImageFiles.read(to.resolve("judged.png")).rgb())
                .isEqualTo(ImageFiles.read(set.images().resolve("judged.png")).rgb());
    }

    @Test
    void trainingPhotosAreSpreadOverTheirPath() {
        assertThat(PhotoSets.spread(2, 3).apply(List.of("0", "1", "2", "3", "4", "5")))
                .containsExactly(List.of("1", "4"), List.of("1", "3", "5"));
    }

    private PhotoSet set(String name, int size, byte value) throws IOException {
        List<String> order = List.of("0.png", "1.png", "2.png", "3.png", "4.png", "5.png");
        byte[] rgb = new byte[3 * size * size];
        Arrays.fill(rgb, value);
        for (String photo : order) {
            ImageFiles.writePng(new Image(size, size, rgb), folder.resolve(name + "/images/" + photo));
        }
        ImageFiles.writePng(new Image(size, size, rgb), folder.resolve(name + "/images/judged.png"));
        Camera camera = new Camera(CameraModel.PINHOLE, size, size, size, size, size / 2.0, size / 2.0);
        Scene cameras = new Scene(List.of(camera), List.of(), ScenePoints.NONE);
        return new PhotoSet(name, folder.resolve(name), cameras, List.of("judged.png"), order, List.of(order), false);
    }
}
