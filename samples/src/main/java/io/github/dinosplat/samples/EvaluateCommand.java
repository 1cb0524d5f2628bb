package io.github.dinosplat.samples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code evaluate SPLATS --cameras SCENE}. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "How well a splat file shows a scene's photos: PSNR and SSIM of each, as JSON on standard output.")
final class EvaluateCommand implements Callable<Integer> {

    @Mixin
    private final PictureArguments pictures = new PictureArguments();

    @Option(names = "--images", paramLabel = "DIR", description = "Folder with the photos, where SCENE has no images/.")
    private @Nullable Path images;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        ConsoleProgress progress = common.progress();
        ObjectNode result = pictures.pictures(common, progress).evaluate(Optional.ofNullable(images));
        progress.endLine();
        System.out.println(common.json ? result.toString() : result.toPrettyString());
        System.out.flush();
        return 0;
    }
}
