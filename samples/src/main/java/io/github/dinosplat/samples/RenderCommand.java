package io.github.dinosplat.samples;

import io.github.dinosplat.samples.run.SplatPictures;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code render SPLATS --cameras SCENE [--path N] -o OUT}. */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Pictures of a splat file from a scene's cameras: OUT/NAME.png.")
final class RenderCommand extends RunCommand {

    @Mixin
    private final PictureArguments pictures = new PictureArguments();

    @Option(
            names = "--path",
            paramLabel = "N",
            description = "Instead, N pictures of a flight through the cameras in the order of their names:"
                    + " OUT/00001.png and so on.")
    private @Nullable Integer path;

    @Override
    Run prepare(CommonOptions common) {
        if (path != null && path < 1) {
            throw wrong("--path must be at least 1 but was " + path);
        }
        return (target, progress) -> {
            SplatPictures splats = pictures.pictures(common, progress);
            return path == null ? splats.render(target) : splats.renderPath(path, target);
        };
    }
}
