package io.github.dinosplat.samples;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What a person at the console sees of a run: its progress, how to go on when it is stopped by Ctrl-C, its result.
 */
final class ConsoleSession implements AutoCloseable {

    private final CommonOptions options;
    private final ConsoleProgress progress;
    private final Thread onInterrupt;

    ConsoleSession(CommonOptions options, CommandSpec command) {
        this.options = options;
        this.progress = options.progress();
        boolean resumes = command.findOption("--resume") != null;
        List<String> again = new ArrayList<>(CommandLines.of(command));
        if (resumes && !again.contains("--resume")) {
            again.add("--resume");
        }
        // Files are written whole or not at all, so there is nothing to wait for when the JVM is told to end.
        this.onInterrupt = new Thread(() -> {
            progress.cancel();
            if (!options.quiet) {
                System.err.println((resumes ? "Stopped. Go on with: " : "Stopped. Start again with: ")
                        + CommandLines.quoted(again));
                System.err.flush();
            }
        });
        Runtime.getRuntime().addShutdownHook(onInterrupt);
    }

    ConsoleProgress progress() {
        return progress;
    }

    /** Shows the result: its lines, or in JSON the metrics. */
    void result(ObjectNode metrics, List<String> lines) {
        progress.endLine();
        if (options.json) {
            System.out.println(JsonNodeFactory.instance
                    .objectNode()
                    .<ObjectNode>set("metrics", metrics)
                    .toString());
        } else if (!options.quiet) {
            lines.forEach(System.out::println);
        }
        System.out.flush();
    }

    @Override
    public void close() {
        progress.endLine();
        try {
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
        } catch (IllegalStateException e) {
            // The JVM is ending already, and the hook has said so.
        }
    }
}
