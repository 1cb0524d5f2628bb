package io.github.dinosplat.samples;

import java.io.PrintStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that every command has. */
final class CommonOptions {

    /** More than any machine has; a slip of the finger should not ask for a million stacks. */
    private static final int MOST_THREADS = 1024;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of all random choices (default ${DEFAULT-VALUE}).")
    long seed;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads to use (default: all processors). Results do not depend on it.")
    private void setThreads(int count) {
        if (count < 1 || count > MOST_THREADS) {
            throw new ParameterException(
                    spec.commandLine(), "--threads must be 1 to " + MOST_THREADS + " but was " + count);
        }
        threads = count;
    }

    @Option(names = "--quiet", description = "Print nothing but failures.")
    boolean quiet;

    @Option(names = "--json", description = "Print progress and results as one JSON object a line.")
    boolean json;

    @Option(names = "--debug", description = "Show where a failure happened.")
    boolean debug;

    /** Progress as asked for: on standard error, or as JSON on standard output. */
    ConsoleProgress progress() {
        if (quiet) {
            return new ConsoleProgress(ConsoleProgress.Style.QUIET, System.err);
        }
        if (json) {
            return new ConsoleProgress(ConsoleProgress.Style.JSON, System.out);
        }
        // The launcher looks whether standard error is a terminal; Java cannot before version 22.
        boolean terminal = Boolean.getBoolean("dinosplat.terminal");
        PrintStream err = System.err;
        return new ConsoleProgress(terminal ? ConsoleProgress.Style.TERMINAL : ConsoleProgress.Style.LINES, err);
    }

    /** Says what was done, for a person. */
    void say(String line) {
        if (!quiet && !json) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
