package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A run's figures in a few lines for people. */
final class SummaryLines {

    private SummaryLines() {}

    /**
     * The lines of a run.
     *
     * @param metrics what {@code metrics.json} says
     * @param cameras the record of the search for cameras, empty where there was none
     * @param out the output folder
     */
    static List<String> of(ObjectNode metrics, Optional<ObjectNode> cameras, Path out) {
        List<String> lines = new ArrayList<>();
        if (metrics.has("photos")) {
            photos(metrics.path("photos"), lines);
        }
        cameras.ifPresent(record -> lines.add(matching(record)));
        if (metrics.has("sfm")) {
            lines.add(cameras(metrics.path("sfm")));
        }
        if (metrics.has("depth")) {
            lines.add(depth(metrics.path("depth")));
        }
        if (metrics.has("splats")) {
            splats(metrics.path("splats"), lines);
        }
        lines.add(time(metrics));
        product("cloud    ", out.resolve(DepthStage.CLOUD), lines);
        product("splats   ", out.resolve("splats.ply"), lines);
        product("viewer   ", out.resolve(SplatViewer.FILE), lines);
        lines.add("report   " + out.resolve("report.html"));
        return lines;
    }

    private static void photos(JsonNode photos, List<String> lines) {
        lines.add("photos   " + photos.path("registered").asInt() + " of "
                + photos.path("total").asInt() + " registered");
        for (JsonNode photo : photos.path("unregistered")) {
            lines.add("         " + photo.path("name").asText() + ": "
                    + photo.path("reason").asText());
        }
    }

    private static String matching(ObjectNode cameras) {
        return "matching " + cameras.path("pairs").size() + " of "
                + cameras.path("pairs_tried").asInt() + " pairs verified, "
                + cameras.path("matching").asText();
    }

    private static String cameras(JsonNode sfm) {
        return text(
                "cameras  %,d points, %,d observations, mean reprojection error %.2f px",
                sfm.path("points").asInt(),
                sfm.path("observations").asInt(),
                sfm.path("mean_reprojection_error_px").asDouble());
    }

    private static String depth(JsonNode depth) {
        JsonNode error = depth.path("abs_rel_held_out_points");
        return text(
                        "depth    %d maps on %s",
                        depth.path("maps").asInt(), depth.path("features").asText())
                + (error.isNumber() ? text(", error %.1f %% on held-out points", 100 * error.asDouble()) : "");
    }

    private static void splats(JsonNode splats, List<String> lines) {
        JsonNode held = splats.path("held_out");
        lines.add(text(
                        "splats   %,d after %,d iterations on %s",
                        splats.path("count").asInt(),
                        splats.path("iterations").asInt(),
                        splats.path("engine").asText())
                + (held.path("photos").asInt() > 0
                        ? text(
                                ", held-out PSNR %.2f dB, SSIM %.3f",
                                held.path("psnr").asDouble(), held.path("ssim").asDouble())
                        : ""));
        if (held.path("seen_psnr").isNumber()) {
            lines.add(text(
                    "         %.2f dB over the %.0f %% of the held-out pixels that training photos surely show",
                    held.path("seen_psnr").asDouble(),
                    100 * held.path("seen_share").asDouble()));
        }
    }

    private static String time(JsonNode metrics) {
        double seconds = 0;
        for (JsonNode stage : metrics.path("stages")) {
            seconds += stage.path("seconds").asDouble();
        }
        return "time     " + StageClock.words(Math.round(seconds))
                + text(
                        ", peak memory %.1f GiB",
                        metrics.path("peak_memory_bytes").asDouble() / (1 << 30));
    }

    private static void product(String label, Path file, List<String> lines) {
        if (Files.exists(file)) {
            lines.add(label + file);
        }
    }

    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
