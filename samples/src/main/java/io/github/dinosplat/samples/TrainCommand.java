package io.github.dinosplat.samples;

import io.github.dinosplat.samples.run.SceneTraining;
import io.github.dinosplat.splat.train.TrainOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code train SCENE -o OUT}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Splats for a scene with known cameras.")
final class TrainCommand extends RunCommand {

    @Mixin
    private final SceneArguments scene = new SceneArguments();

    @Mixin
    private final MaskArguments masks = new MaskArguments();

    @Mixin
    private final SplatArguments splats = new SplatArguments();

    @Override
    Run prepare(CommonOptions common) {
        TrainOptions options = splats.options(common);
        return (target, progress) ->
                SceneTraining.run(scene.path(), scene.images(), masks.folder(), options, target, progress);
    }
}
