package io.github.dinosplat.samples;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code render SPLATS --cameras SCENE -o OUT}. */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Pictures of a splat file from a scene's cameras: OUT/NAME.png.")
final class RenderCommand implements Callable<Integer> {

    @Mixin
    private final PictureArguments pictures = new PictureArguments();

    @Option(names = "-o", required = true, paramLabel = "OUT", description = "Output folder, new or empty.")
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private Path out;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        ConsoleProgress progress = common.progress();
        int count = pictures.pictures(common, progress).render(out);
        progress.endLine();
        common.say("pictures " + count + " in " + out);
        return 0;
    }
}
