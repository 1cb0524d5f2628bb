package io.github.dinosplat.samples;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a run's files go, and whether they are of a run that goes on. */
final class RunArguments {

    @Option(names = "-o", required = true, paramLabel = "OUT", description = "Output folder, new or empty.")
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private Path out;

    @Option(names = "--resume", description = "Go on with a run that was stopped.")
    private boolean resume;

    Path folder() {
        return out;
    }

    boolean resumes() {
        return resume;
    }
}
