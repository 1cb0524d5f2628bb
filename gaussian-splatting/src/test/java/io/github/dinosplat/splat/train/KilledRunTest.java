package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.splat.train.TrainingMethod.Background;
import io.github.dinosplat.splat.train.TrainingMethod.Exposure;
import io.github.dinosplat.splat.train.TrainingMethod.Refinement;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.joml.Vector3d;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training in a process of its own that is killed at random moments, and started again until it comes to its end. */
class KilledRunTest {

    private static final int ITERATIONS = 100;

    @TempDir
    private Path folder;

    @Test
    void endsInTheSameBytes() throws IOException, InterruptedException {
        assertSurvivesKills("plain", 3);
    }

    @Tag("acceptance")
    @ParameterizedTest
    @ValueSource(strings = {"adc", "exposure", "poses", "mip", "learned", "adc exposure poses mip learned"})
    void soDoesEveryVariant(String variant) throws IOException, InterruptedException {
        assertSurvivesKills(variant, 5);
    }

    private void assertSurvivesKills(String variant, int least) throws IOException, InterruptedException {
        Path whole = folder.resolve("whole");
        assertThat(run(whole, variant, "1", Integer.MAX_VALUE, 0)).isTrue();
        Path killed = folder.resolve("killed");
        Random random = new Random();
        int kills = 0;
        // Each start gets far enough to write at least one more checkpoint.
        while (!run(killed, variant, "2", 8 + random.nextInt(2 * ITERATIONS / least), random.nextInt(30))) {
            kills++;
        }
        assertThat(kills).isPositive();
        byte[] expected = Files.readAllBytes(whole.resolve(SplatTrainer.SPLATS));
        assertThat(Files.readAllBytes(killed.resolve(SplatTrainer.SPLATS))).isEqualTo(expected);
        // Negative control: what the last checkpoint before the end held is something else.
        Path shorter = folder.resolve("shorter");
        assertThat(run(shorter, variant + " shorter", "1", Integer.MAX_VALUE, 0))
                .isTrue();
        assertThat(Files.readAllBytes(shorter.resolve(SplatTrainer.SPLATS))).isNotEqualTo(expected);
    }

    /** Starts or goes on; kills the process after so many steps of it and some milliseconds more. Whether it came to its end. */
    private static boolean run(Path folder, String variant, String threads, int mostSteps, int millis)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Run.class.getName(),
                folder.toString(),
                variant,
                threads));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int steps = 0;
            while (steps < mostSteps && lines.readLine() != null) {
                steps++;
            }
            if (steps == mostSteps) {
                Thread.sleep(millis);
                process.destroyForcibly();
            }
        }
        return process.waitFor() == 0;
    }

    /** The process: trains a small wall, and says after each step that it is done. */
    static final class Run {

        private Run() {}

        /** Arguments: folder of the checkpoints, words for what the run is to be like, number of threads. */
        public static void main(String[] args) throws IOException {
            TrainingScenes wall = TrainingScenes.wall(6, 1, new Vector3d());
            List<String> words = List.of(args[1].split(" "));
            TrainingMethod method = new TrainingMethod(
                    words.contains("adc") ? Refinement.ADC : Refinement.MCMC,
                    words.contains("learned") ? Background.LEARNED : Background.BLACK,
                    words.contains("mip"),
                    words.contains("exposure") ? Exposure.ON : Exposure.OFF,
                    words.contains("poses"));
            TrainOptions options = TrainOptions.defaults()
                    .withIterations(ITERATIONS - (words.contains("shorter") ? 1 : 0))
                    .withMaxGaussians(300)
                    .withHoldout(Holdout.every(3))
                    .withThreads(Integer.parseInt(args[2]))
                    .withCheckpointEvery(4)
                    .withEvaluations(2)
                    .withMethod(method);
            Progress steps = (stage, done, total, detail) -> {
                if (stage.equals(TrainingRun.STAGE)) {
                    System.out.println(done);
                }
            };
            SplatTrainer.train(wall.scene(), wall, options, Optional.of(Path.of(args[0])), steps);
        }
    }
}
