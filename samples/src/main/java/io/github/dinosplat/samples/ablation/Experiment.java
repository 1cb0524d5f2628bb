package io.github.dinosplat.samples.ablation;

import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.splat.train.TrainResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * An experiment: training runs of several variants with several seeds, as many at once as there are threads. Runs that are
 * finished already are not repeated.
 *
 * @param results where finished runs are
 * @param variants what is compared
 * @param seeds how often each run is made
 * @param threads how many threads to use
 * @param say told a line about every finished run
 */
record Experiment(ResultFile results, List<Variant> variants, int seeds, int threads, Consumer<String> say) {

    /**
     * Runs all variants on some photos of a set.
     *
     * @param set the set
     * @param title what the runs are known by
     * @param training photos to train on
     * @param images where they are, and the judged ones
     */
    void run(PhotoSet set, String title, List<String> training, Path images) throws IOException {
        List<Run> missing = new ArrayList<>();
        for (long seed = 0; seed < seeds; seed++) {
            for (Variant variant : variants) {
                if (results.of(variant.run(title, seed)).isEmpty()) {
                    missing.add(new Run(variant, seed));
                }
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        Scene reference = TrainingSet.triangulated(
                set.part(set.all()), set.images(), set.folder().resolve("all"), threads, Progress.NONE);
        Path model = set.folder().resolve(title.replace(' ', '-'));
        TrainingSet given = TrainingSet.of(set, training, images, model, threads, Progress.NONE);
        Parallel.forEach("ablation", missing.size(), threads, Progress.NONE, i -> {
            Run run = missing.get(i);
            List<HeldOutScores.Pictures> pictures = new ArrayList<>();
            TrainResult result = ShortTraining.train(
                    given,
                    set.judged(),
                    run.variant,
                    run.seed,
                    (name, rendering, truth) -> pictures.add(new HeldOutScores.Pictures(rendering, truth)));
            add(title, run, HeldOutScores.of(set, reference, result, pictures));
        });
    }

    /** One of the runs of a set. */
    private record Run(Variant variant, long seed) {}

    private void add(String title, Run run, HeldOutScores scores) throws IOException {
        results.add(run.variant.run(title, run.seed), scores.text());
        say.accept(String.format(
                Locale.ROOT,
                "%s, %s, seed %d: PSNR %.2f dB, SSIM %.3f, depth error %.3f",
                title,
                run.variant.name(),
                run.seed,
                scores.psnr(),
                scores.ssim(),
                scores.depth()));
    }
}
