package io.github.dinosplat.splat.train;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Which engine executed a stretch of iterations.
 *
 * @param engine its name
 * @param device what it ran on
 * @param until the last iteration
 */
record EngineSpan(String engine, String device, int until) {

    /** The names of all engines, in the order of their work. */
    static String engines(List<EngineSpan> spans) {
        return spans.stream().map(EngineSpan::engine).distinct().collect(Collectors.joining(", then "));
    }

    /** What they ran on; where it changed, with the last iteration on each. */
    static String devices(List<EngineSpan> spans) {
        return spans.size() == 1
                ? spans.get(0).device()
                : spans.stream()
                        .map(s -> s.device() + " (to iteration " + s.until() + ")")
                        .collect(Collectors.joining(", "));
    }
}
