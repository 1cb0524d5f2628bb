package io.github.dinosplat.samples;

import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.samples.run.RunSummary;
import io.github.dinosplat.samples.run.SceneDepth;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code depth SCENE -o OUT}. */
@Command(
        name = "depth",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Depth maps aligned to a scene's sparse points.")
final class DepthCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Mixin
    private final SceneArguments scene = new SceneArguments();

    @Mixin
    private final RunArguments output = new RunArguments();

    @Mixin
    private final FeatureArguments features = new FeatureArguments();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        DepthOptions defaults = DepthOptions.defaults();
        if (common.threads < 1) {
            throw new ParameterException(spec.commandLine(), "--threads must be at least 1 but was " + common.threads);
        }
        DepthOptions options = new DepthOptions(defaults.maxSize(), defaults.minPoints(), common.threads, common.seed);
        List<String> line = CommandLines.of(spec);
        try (ConsoleSession session = new ConsoleSession(common, line)) {
            RunSummary summary = SceneDepth.run(
                    scene.path(),
                    scene.images(),
                    features.model(),
                    options,
                    output.folder(),
                    output.resumes(),
                    line,
                    session.progress());
            session.result(summary.metrics(), summary.lines());
        }
        return 0;
    }
}
