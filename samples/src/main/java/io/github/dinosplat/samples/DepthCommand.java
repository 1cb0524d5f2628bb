package io.github.dinosplat.samples;

import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.samples.run.SceneDepth;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code depth SCENE -o OUT}. */
@Command(
        name = "depth",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Depth maps aligned to a scene's sparse points.")
final class DepthCommand extends RunCommand {

    @Mixin
    private final SceneArguments scene = new SceneArguments();

    @Mixin
    private final FeatureArguments features = new FeatureArguments();

    @Mixin
    private final DepthArguments depth = new DepthArguments();

    @Override
    Run prepare(CommonOptions common) throws Exception {
        DepthOptions defaults = DepthOptions.defaults();
        DepthOptions options = new DepthOptions(defaults.maxSize(), defaults.minPoints(), common.threads, common.seed);
        Optional<Path> model = features.model();
        Optional<Path> depthModel = depth.model();
        return (target, progress) ->
                SceneDepth.run(scene.path(), scene.images(), model, depthModel, options, target, progress);
    }
}
