package io.github.dinosplat.samples;

import io.github.dinosplat.samples.run.RunSummary;
import io.github.dinosplat.samples.run.SceneTraining;
import io.github.dinosplat.splat.train.TrainOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code train SCENE -o OUT}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Splats for a scene with known cameras.")
final class TrainCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SCENE",
            description = "Folder with a COLMAP model (in sparse/0, sparse or the folder itself) and images/, or with"
                    + " transforms.json.")
    @SuppressWarnings("NullAway.Init")
    private Path scene;

    @Mixin
    private final RunArguments output = new RunArguments();

    @Option(names = "--images", paramLabel = "DIR", description = "Folder with the photos, where SCENE has no images/.")
    private @Nullable Path images;

    @Mixin
    private final SplatArguments splats = new SplatArguments();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        TrainOptions training = splats.options(common);
        List<String> line = CommandLines.of(spec);
        try (ConsoleSession session = new ConsoleSession(common, line)) {
            RunSummary summary = SceneTraining.run(
                    scene,
                    Optional.ofNullable(images),
                    training,
                    output.folder(),
                    output.resumes(),
                    line,
                    session.progress());
            session.result(summary.metrics(), summary.lines());
        }
        return 0;
    }
}
