package io.github.dinosplat.samples;

import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.samples.run.Reconstruction;
import io.github.dinosplat.samples.run.ReconstructionOptions;
import io.github.dinosplat.samples.run.RunSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sfm PHOTOS -o OUT}. */
@Command(
        name = "sfm",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Cameras and sparse points only.")
final class SfmCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "PHOTOS", description = "Folder with the photos.")
    @SuppressWarnings("NullAway.Init")
    private Path photos;

    @Mixin
    private final RunArguments output = new RunArguments();

    @Mixin
    private final CameraArguments cameras = new CameraArguments();

    @Mixin
    private final FeatureArguments features = new FeatureArguments();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        List<String> line = CommandLines.of(spec);
        try (ConsoleSession session = new ConsoleSession(common, line)) {
            ReconstructionOptions options = new ReconstructionOptions(
                    photos,
                    cameras.options(common),
                    features.model(),
                    DepthOptions.defaults().withThreads(common.threads),
                    Optional.empty(),
                    common.seed,
                    common.threads);
            RunSummary summary =
                    Reconstruction.run(options, output.folder(), output.resumes(), line, session.progress());
            session.result(summary.metrics(), summary.lines());
        }
        return 0;
    }
}
