package io.github.dinosplat.samples;

import io.github.dinosplat.samples.run.Version;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code dinosplat COMMAND}. Exit status 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "dinosplat",
        mixinStandardHelpOptions = true,
        versionProvider = Dinosplat.BuildVersion.class,
        description = "Photos in; cameras, depth, Gaussian splats and a report out.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            ReconstructCommand.class,
            SfmCommand.class,
            MatchCommand.class,
            DepthCommand.class,
            TrainCommand.class,
            RenderCommand.class,
            EvaluateCommand.class,
            ExportCommand.class,
            ConvertCommand.class,
            DevicesCommand.class,
            FeaturesCommand.class,
            ModelsCommand.class,
            AblationCommand.class,
            PairsCommand.class,
            HelpCommand.class
        })
public final class Dinosplat implements Runnable {

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    Dinosplat() {}

    /**
     * Runs a command and ends the JVM with its exit status.
     *
     * @param arguments the command and its arguments
     */
    public static void main(String[] arguments) {
        VectorModule.load();
        int status = commandLine().execute(arguments);
        System.out.flush();
        System.exit(status);
    }

    /**
     * The command line with its answers to wrong usage and failure, ready to execute.
     *
     * @return a new command line
     */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Dinosplat());
        line.getSubcommands().values().forEach(Dinosplat::shortenSynopsis);
        line.registerConverter(Path.class, Dinosplat::path);
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(110)
                .setUsageHelpAutoWidth(false)
                .setExecutionStrategy(Dinosplat::execute)
                .setParameterExceptionHandler(Dinosplat::wrongUsage)
                .setExecutionExceptionHandler(Failure::report);
    }

    /** Lack of memory is an error, which would pass by the handler of failures, and nothing that a stack trace helps with. */
    private static int execute(ParseResult parsed) {
        try {
            return new RunLast().execute(parsed);
        } catch (OutOfMemoryError e) {
            List<CommandLine> commands = parsed.asCommandLineList();
            throw new ExecutionException(commands.get(commands.size() - 1), e.toString(), new CompletionException(e));
        }
    }

    /** Help begins with what has to be typed; all options on top of it would fill eight lines. */
    private static void shortenSynopsis(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        StringBuilder synopsis = new StringBuilder(spec.qualifiedName());
        for (PositionalParamSpec argument : spec.positionalParameters()) {
            String label = argument.paramLabel() + (argument.arity().isVariable() ? "..." : "");
            synopsis.append(' ').append(argument.required() ? label : "[" + label + "]");
        }
        for (OptionSpec option : spec.options()) {
            if (option.required() && option.group() == null) {
                synopsis.append(' ').append(option.shortestName()).append(' ').append(option.paramLabel());
            }
        }
        spec.usageMessage().customSynopsis(synopsis.append(" [OPTIONS]").toString());
    }

    /** An empty text, from an unset variable for instance, would mean the current folder. */
    private static Path path(String text) {
        if (text.isBlank()) {
            throw new TypeConversionException("a path must not be empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int wrongUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(
                "dinosplat: " + wrong(e) + "; see " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static String wrong(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String first = "'" + unmatched.getUnmatched().get(0) + "'";
            if (e.getCommandLine().getParent() != null) {
                return first + " is one argument too many";
            }
            List<String> alike = unmatched.getSuggestions();
            return first + " is no command" + (alike.isEmpty() ? "" : ", did you mean " + alike.get(0));
        }
        String text = Failure.oneLine(String.valueOf(e.getMessage()));
        return decapitalised(asTyped(
                e.getCommandLine().getCommandSpec(),
                text.replaceFirst("^Error: ", "").replaceFirst("\\.$", "")));
    }

    /** Options records call {@code maxSize} what is typed as {@code --max-size}. */
    private static String asTyped(CommandSpec command, String text) {
        String argument = text.split(" ", 2)[0];
        String option = "--" + argument.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return command.findOption(option) == null ? text : option + text.substring(argument.length());
    }

    /** The answer to {@code --version}. */
    static final class BuildVersion implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"dinosplat " + Version.text()};
        }
    }

    private static String decapitalised(String text) {
        return text.length() > 1 && Character.isLowerCase(text.charAt(1))
                ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1)
                : text;
    }
}
