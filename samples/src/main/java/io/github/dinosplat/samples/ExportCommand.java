package io.github.dinosplat.samples;

import io.github.dinosplat.samples.run.SplatSelection;
import io.github.dinosplat.samples.run.SplatViewer;
import io.github.dinosplat.splat.io.SplatFiles;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code export SPLATS -o FILE}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Writes a splat file as another kind, by the ending of FILE.")
final class ExportCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "SPLATS", description = "Splat file: .ply, .spz or .splat.")
    @SuppressWarnings("NullAway.Init")
    private Path splats;

    @Option(
            names = "-o",
            required = true,
            paramLabel = "FILE",
            description =
                    ".ply, .splat, .spz (version 3), .glb (KHR_gaussian_splatting) or .html (a viewer with the splats"
                            + " inside). A file that is there is replaced.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(
            names = "--cameras",
            paramLabel = "SCENE",
            description =
                    "For .html, .glb and --select: the splats' scene (default: that of the run in whose folder SPLATS lies);"
                            + " the viewer offers its cameras.")
    private @Nullable Path cameras;

    @Option(
            names = "--select",
            paramLabel = "PHOTO:X,Y,W,H",
            description =
                    "Only the splats whose features are like those that a region of a photo shows, in its pixels, wherever"
                            + " they are.")
    private @Nullable String select;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        if (!SplatFiles.canWrite(out)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "-o must end in one of " + String.join(", ", SplatFiles.ENDINGS) + " but was " + out);
        }
        if (cameras != null && select == null && !SplatViewer.usesScene(out)) {
            throw new ParameterException(spec.commandLine(), "--cameras is for .html, .glb and --select alone");
        }
        Optional<SplatSelection> region = Optional.ofNullable(select).map(this::selection);
        int count = SplatViewer.export(splats, Optional.ofNullable(cameras), region, out);
        common.say(String.format(Locale.ROOT, "%,d splats in %s", count, out));
        return 0;
    }

    private SplatSelection selection(String text) {
        return SplatSelection.parse(text)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--select must be PHOTO:X,Y,WIDTH,HEIGHT in pixels, as 0004.jpg:300,200,80,60, but was "
                                + text));
    }
}
