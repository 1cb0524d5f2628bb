package io.github.dinosplat.samples;

import io.github.dinosplat.samples.run.RunSummary;
import io.github.dinosplat.samples.run.SceneTraining;
import io.github.dinosplat.splat.train.TrainOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Mixin
    private final SceneArguments scene = new SceneArguments();

    @Mixin
    private final RunArguments output = new RunArguments();

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
                    scene.path(),
                    scene.images(),
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
