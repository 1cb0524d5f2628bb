package io.github.dinosplat.samples.run;

import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.synthetic.SyntheticSurvey;
import io.github.dinosplat.splat.train.TrainOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Photos of a synthetic world, reconstructed and compared with the exact truth. */
public final class Demo {

    private static final int ITERATIONS = 800;
    private static final int MAX_GAUSSIANS = 40_000;

    private Demo() {}

    /**
     * Takes the photos and reconstructs them.
     *
     * @param out output folder: new, empty, or with an earlier demo, which is replaced
     * @param seed seed of the world and of all random choices
     * @param threads threads to use; results do not depend on it
     * @param commandLine how the run was called, for its records
     * @param progress told about every stage
     * @return the figures of the run, with {@code ground_truth} among them
     * @throws IOException if the folder holds something else or cannot be written
     * @throws java.util.concurrent.CancellationException if {@code progress} asks to stop
     */
    public static RunSummary run(Path out, long seed, int threads, List<String> commandLine, Progress progress)
            throws IOException {
        RunFolder.clear(out, "demo");
        RunFolder.requireFree(out);
        SyntheticSurvey survey = SyntheticSurvey.demo(seed);
        Path photos = out.resolve("cache/photos");
        int count = survey.cameras().views().size();
        progress.update("demo photos", 0, count, "");
        survey.writePhotos(photos, threads);
        progress.update("demo photos", count, count, "");
        ReconstructionOptions options = new ReconstructionOptions(
                photos,
                SfmOptions.defaults().withSeed(seed).withThreads(threads),
                Optional.empty(),
                Optional.empty(),
                DepthOptions.defaults().withThreads(threads),
                TrainOptions.defaults()
                        .withIterations(ITERATIONS)
                        .withMaxGaussians(MAX_GAUSSIANS)
                        .withSeed(seed)
                        .withThreads(threads),
                seed,
                threads);
        return Reconstruction.run(
                options, new RunTarget(out, false, commandLine), progress, Optional.of(new TruthComparison(survey)));
    }
}
