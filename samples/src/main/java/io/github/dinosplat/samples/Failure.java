package io.github.dinosplat.samples;

import io.github.dinosplat.splat.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** What a failed command says: one line that names what is wrong; the stack trace only with {@code --debug}. */
final class Failure {

    private Failure() {}

    /** Prints the failure of a command and gives its exit status. */
    static int report(Exception failure, CommandLine command, ParseResult parsed) {
        boolean resumes = command.getCommandSpec().findOption("--resume") != null;
        command.getErr().println("dinosplat: " + oneLine(explain(failure, resumes)));
        if (parsed.hasMatchedOption("--debug")) {
            failure.printStackTrace(command.getErr());
        }
        command.getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    /**
     * A failure in words for the person who called the command.
     *
     * @param resumes whether the command goes on after a stop
     */
    static String explain(Throwable failure, boolean resumes) {
        Throwable cause = unwrapped(failure);
        String message = cause.getMessage() == null ? "" : cause.getMessage();
        if (cause instanceof OutOfMemoryError) {
            return "not enough memory (" + message
                    + "); try a smaller --max-size or --max-gaussians, or give Java more:"
                    + " DINOSPLAT_JAVA_OPTS=-Xmx8g";
        }
        if (isDiskFull(cause)) {
            return "the disk is full (" + message + "); make room, then "
                    + (resumes ? "go on with --resume" : "start again");
        }
        if (cause instanceof NoSuchFileException e) {
            return e.getFile() + ": there is no such file or folder";
        }
        if (cause instanceof AccessDeniedException e) {
            return e.getFile() + ": no permission to read or write it";
        }
        if (cause instanceof FileSystemException || cause instanceof IOException) {
            return message.isEmpty() ? cause.toString() : message;
        }
        if (cause instanceof IllegalArgumentException
                || cause instanceof CancellationException
                || cause instanceof EngineException) {
            return message.isEmpty() ? cause.toString() : message;
        }
        return "unexpected failure: " + cause + "; --debug shows where, please report it";
    }

    private static boolean isDiskFull(Throwable failure) {
        String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return failure instanceof IOException
                && (text.contains("no space left") || text.contains("disk quota") || text.contains("enough space"));
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof UncheckedIOException
                        || cause instanceof ExecutionException
                        || cause instanceof CompletionException
                        || cause.getClass() == RuntimeException.class)) {
            cause = cause.getCause();
        }
        return cause;
    }

    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
