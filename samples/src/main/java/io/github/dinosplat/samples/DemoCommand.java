package io.github.dinosplat.samples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.samples.run.Demo;
import io.github.dinosplat.samples.run.RunSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: photos of a synthetic world, reconstructed and compared with the truth. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Makes a small synthetic photo set, reconstructs it and compares the result with the exact truth.")
final class DemoCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Option(
            names = "-o",
            paramLabel = "OUT",
            description = "Output folder (default: target/demo beside the program). A demo that is there is replaced.")
    private @Nullable Path out;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        Path folder = out != null
                ? out
                : Path.of(System.getProperty("dinosplat.home", "")).resolve("target/demo");
        try (ConsoleSession session = new ConsoleSession(common, spec)) {
            RunSummary summary =
                    Demo.run(folder, common.seed, common.threads, CommandLines.of(spec), session.progress());
            List<String> lines = new ArrayList<>(summary.lines());
            boolean passed = judge(summary.metrics(), lines);
            session.result(summary.metrics(), lines);
            return passed ? 0 : 1;
        }
    }

    /** Adds a line for each figure with its limit; whether all limits hold. */
    private static boolean judge(ObjectNode metrics, List<String> lines) {
        JsonNode photos = metrics.path("photos");
        JsonNode truth = metrics.path("ground_truth");
        lines.add("");
        boolean all = photos.path("registered").asInt() == photos.path("total").asInt();
        lines.add(verdict(
                all,
                "all photos registered",
                photos.path("registered").asInt() + " of "
                        + photos.path("total").asInt()));
        double rotation = truth.path("rotation_error_deg_mean").asDouble(Double.NaN);
        double position = 100 * truth.path("position_error_relative_mean").asDouble(Double.NaN);
        double depth = truth.path("depth_abs_rel").asDouble(Double.NaN);
        double psnr = metrics.path("splats").path("held_out").path("psnr").asDouble(Double.NaN);
        lines.add(verdict(rotation < 0.1, "mean rotation error below 0.1 degrees", number(rotation)));
        lines.add(verdict(position < 0.5, "mean position error below 0.5 % of the extent", number(position) + " %"));
        lines.add(verdict(depth < 0.05, "mean relative depth error below 0.05", number(depth)));
        lines.add(verdict(psnr > 25, "PSNR of held-out photos above 25 dB", number(psnr) + " dB"));
        return all && rotation < 0.1 && position < 0.5 && depth < 0.05 && psnr > 25;
    }

    private static String verdict(boolean passed, String what, String value) {
        return (passed ? "ok       " : "MISSED   ") + what + ": " + value;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
