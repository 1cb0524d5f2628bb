package io.github.dinosplat.samples;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** A command line to show to people. */
final class CommandLines {

    private CommandLines() {}

    /** The command that is being executed with its arguments, as typed. */
    static List<String> of(CommandSpec spec) {
        List<String> line = new ArrayList<>();
        line.add(spec.name());
        line.addAll(spec.commandLine().getParseResult().originalArgs().stream()
                .skip(spec.commandLine().getParseResult().originalArgs().indexOf(spec.name()) + 1L)
                .toList());
        return List.copyOf(line);
    }

    /** Arguments quoted for a shell where they need it. */
    static String quoted(List<String> line) {
        StringBuilder text = new StringBuilder("dinosplat");
        for (String argument : line) {
            text.append(' ');
            text.append(argument.matches("[\\w@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'");
        }
        return text.toString();
    }
}
