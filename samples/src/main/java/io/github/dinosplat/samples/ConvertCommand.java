package io.github.dinosplat.samples;

import io.github.dinosplat.samples.run.SceneConversion;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code convert SCENE --to KIND -o OUT}. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Writes a scene's cameras and points as other programs read them.")
final class ConvertCommand implements Callable<Integer> {

    @Mixin
    private final SceneArguments scene = new SceneArguments();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "KIND",
            description = "colmap (binary), colmap-text, nerfstudio (transforms.json), opensfm (reconstruction.json and"
                    + " tracks.csv) or strecha (.camera files).")
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private SceneConversion.Kind kind;

    @Option(names = "-o", required = true, paramLabel = "OUT", description = "Output folder, new or empty.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        SceneConversion.run(scene.path(), scene.images(), kind, out).forEach(common::say);
        return 0;
    }
}
