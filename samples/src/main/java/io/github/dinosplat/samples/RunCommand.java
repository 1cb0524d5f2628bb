package io.github.dinosplat.samples;

import io.github.dinosplat.samples.run.RunSummary;
import io.github.dinosplat.samples.run.RunTarget;
import io.github.dinosplat.scene.Progress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command whose run fills an output folder and can go on after a stop. */
abstract class RunCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Option(names = "-o", required = true, paramLabel = "OUT", description = "Output folder, new or empty.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(names = "--resume", description = "Go on with a run that was stopped.")
    private boolean resume;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** A run, its options checked. */
    @FunctionalInterface
    interface Run {
        RunSummary run(RunTarget target, Progress progress) throws Exception;
    }

    /**
     * Checks the options.
     *
     * @throws ParameterException if they make no sense
     */
    abstract Run prepare(CommonOptions common) throws Exception;

    @Override
    public final Integer call() throws Exception {
        Run run = prepare(common);
        try (ConsoleSession session = new ConsoleSession(common, spec)) {
            RunSummary summary = run.run(new RunTarget(out, resume, CommandLines.of(spec)), session.progress());
            session.result(summary.metrics(), summary.lines());
        }
        return 0;
    }

    /** Whether an option was typed. */
    final boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    /** Wrong usage, in words. */
    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
