package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a run gave.
 *
 * @param metrics the content of {@code metrics.json}
 * @param lines the same for people, line by line
 */
public record RunSummary(ObjectNode metrics, List<String> lines) {

    /** Copies the lines. */
    public RunSummary {
        lines = List.copyOf(lines);
    }
}
