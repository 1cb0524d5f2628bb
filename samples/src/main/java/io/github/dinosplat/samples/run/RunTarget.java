package io.github.dinosplat.samples.run;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a run's results go and how it was called.
 *
 * @param out output folder: new, empty, or with {@code resume} one that holds this same run
 * @param resume whether to go on with a run that was stopped
 * @param commandLine how the run was called, for its records
 */
public record RunTarget(Path out, boolean resume, List<String> commandLine) {

    /** Copies the list. */
    public RunTarget {
        commandLine = List.copyOf(commandLine);
    }
}
