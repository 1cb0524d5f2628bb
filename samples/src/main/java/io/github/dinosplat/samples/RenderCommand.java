package io.github.dinosplat.samples;

import io.github.dinosplat.samples.run.SplatPictures;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code render SPLATS --cameras SCENE [--path N] -o OUT}. */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Pictures of a splat file from a scene's cameras: OUT/NAME.png.")
final class RenderCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Mixin
    private final PictureArguments pictures = new PictureArguments();

    @Option(names = "-o", required = true, paramLabel = "OUT", description = "Output folder, new or empty.")
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private Path out;

    @Option(
            names = "--path",
            paramLabel = "N",
            description = "Instead, N pictures of a flight through the cameras in the order of their names:"
                    + " OUT/00001.png and so on.")
    private @Nullable Integer path;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        if (path != null && path < 1) {
            throw new ParameterException(spec.commandLine(), "--path must be at least 1 but was " + path);
        }
        ConsoleProgress progress = common.progress();
        SplatPictures splats = pictures.pictures(common, progress);
        int count = path == null ? splats.render(out) : splats.renderPath(path, out);
        progress.endLine();
        common.say("pictures " + count + " in " + out);
        return 0;
    }
}
