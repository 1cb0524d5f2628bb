package io.github.dinosplat.samples;

import io.github.dinosplat.samples.run.SplatPictures;
import io.github.dinosplat.scene.Progress;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which splats are looked at, and from where. */
final class PictureArguments {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "SPLATS", description = "Splat file: .ply, .spz or .splat.")
    @SuppressWarnings("NullAway.Init")
    private Path splats;

    @Option(
            names = "--cameras",
            required = true,
            paramLabel = "SCENE",
            description = "Folder with a COLMAP model or transforms.json, or the output folder of a run.")
    @SuppressWarnings("NullAway.Init")
    private Path scene;

    @Option(
            names = "--max-size",
            paramLabel = "PX",
            description =
                    "Long side of the pictures (default: as trained, where SPLATS lies in its run's folder; else that"
                            + " of the cameras).")
    private @Nullable Integer maxSize;

    @Mixin
    private final EngineArguments engine = new EngineArguments();

    SplatPictures pictures(CommonOptions common, Progress progress) {
        if (maxSize != null && maxSize < 1) {
            throw new ParameterException(spec.commandLine(), "--max-size must be at least 1 but was " + maxSize);
        }
        return new SplatPictures(
                splats, scene, Optional.ofNullable(maxSize), engine.choice(), common.threads, progress);
    }
}
