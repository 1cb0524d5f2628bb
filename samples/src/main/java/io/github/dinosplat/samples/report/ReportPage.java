package io.github.dinosplat.samples.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dinosplat.aerial.geo.UpDirection;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.joml.Vector3d;

/**
 * The page itself: {@link #of} puts it together from the files of a finished run, section by section. A section whose
 * stage was not run is left out.
 */
public final class ReportPage {

    private final Path run;
    private final JsonNode metrics;
    private final JsonNode cameras;
    private final JsonNode splats;
    private final JsonNode provenance;
    private final Pictures.Upright upright;
    private final List<Photo> photos;
    private final Html page = new Html();
    private final List<String[]> sections = new ArrayList<>();

    private ReportPage(Path run, JsonNode provenance, List<Photo> photos) throws IOException {
        this.run = run;
        this.metrics = json(run.resolve("metrics.json"));
        this.cameras = json(run.resolve("cache/stages/cameras.json"));
        this.splats = json(run.resolve("cache/stages/splats.json"));
        this.provenance = provenance;
        this.photos = photos;
        this.upright = new Pictures.Upright(photos);
    }

    /**
     * The report of a run as HTML.
     *
     * @param run the run's folder, with {@code metrics.json} and the products of its stages
     * @param provenance what {@code run.json} says of version, command line, seed and models
     * @param photos the photos that the run was given; read for their pictures
     * @return the page, complete in itself
     * @throws IOException if a product of the run cannot be read
     */
    public static String of(Path run, JsonNode provenance, List<Photo> photos) throws IOException {
        return new ReportPage(run, provenance, photos).build();
    }

    private String build() throws IOException {
        addSections();
        Html html = new Html();
        html.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .raw("<title>")
                .text(title())
                .raw("</title><style>")
                .raw(style())
                .raw("</style></head><body><main>")
                .raw("<header><h1>")
                .text(title())
                .raw("</h1><p>")
                .text(subtitle())
                .raw("</p><nav>");
        if (Files.exists(run.resolve("viewer.html"))) {
            html.raw("<a class=\"open\" href=\"viewer.html\">Look around in 3-D</a>");
        }
        for (String[] s : sections) {
            html.format("<a href=\"#%s\">%s</a>", s[0], s[1]);
        }
        return html.raw("</nav></header>")
                .raw(figures())
                .raw(page.toString())
                .raw("</main></body></html>\n")
                .toString();
    }

    private void addSections() throws IOException {
        if (Files.isDirectory(run.resolve("sparse/0"))) {
            Scene scene = ColmapModel.read(run.resolve("sparse/0"));
            section("cameras", "Cameras and points from above", seenFromAbove(scene));
        }
        if (metrics.has("ground_truth")) {
            section("truth", "Against the ground truth", groundTruth());
        }
        if (metrics.has("splats")) {
            SplatSections parts = new SplatSections(run, metrics.path("splats"), splats, upright);
            section("splats", "Held-out photos", parts.heldOut());
            String features = parts.features(json(run.resolve("cache/stages/splat-features.json")));
            if (!features.isEmpty()) {
                section("splat-features", "What the splats know", features);
            }
            section("training", "Training", parts.curve());
        }
        if (metrics.has("depth")) {
            JsonNode record = json(run.resolve("cache/stages/depth.json"));
            DepthSection depth = new DepthSection(run, metrics.path("depth"), record, photos, upright, unit());
            section("depth", "Depth and features", depth.html());
        }
        if (cameras.path("pairs").size() > 0) {
            section("matches", "Matches between photos", matches());
        }
        if (cameras.has("photos")) {
            section("photos", "Photos", new PhotoTable(cameras.path("photos")).html());
        }
        section("time", "Time and memory", timings());
        section("run", "This run", provenanceList());
    }

    private void section(String id, String title, String content) {
        sections.add(new String[] {id, title});
        page.format("<section id=\"%s\"><h2>%s</h2>", id, title).raw(content).raw("</section>\n");
    }

    private String title() {
        return provenance.path("name").asText("Run");
    }

    private String subtitle() {
        return "dinosplat " + provenance.path("version").asText() + ", "
                + provenance.path("finished").asText();
    }

    private String figures() {
        Html html = new Html().raw("<div class=\"figures\">");
        JsonNode p = metrics.path("photos");
        if (metrics.has("photos")) {
            figure(html, p.path("registered").asInt() + " of " + p.path("total").asInt(), "photos registered");
        }
        JsonNode sfm = metrics.path("sfm");
        if (metrics.has("sfm")) {
            figure(html, count(sfm.path("points")), "sparse points");
            figure(html, decimals(sfm.path("mean_reprojection_error_px"), 2) + " px", "mean reprojection error");
        }
        JsonNode s = metrics.path("splats");
        if (metrics.has("splats")) {
            figure(html, count(s.path("count")), "splats");
            if (s.path("held_out").path("photos").asInt() > 0) {
                figure(html, decimals(s.path("held_out").path("psnr"), 2) + " dB", "held-out PSNR");
                figure(html, decimals(s.path("held_out").path("ssim"), 3), "held-out SSIM");
            }
        }
        JsonNode d = metrics.path("depth");
        if (metrics.has("depth")) {
            figure(html, percent(d.path("abs_rel_held_out_points")), "depth error on held-out points");
        }
        double seconds = 0;
        for (JsonNode stage : metrics.path("stages")) {
            seconds += stage.path("seconds").asDouble();
        }
        figure(html, clock(seconds), "in all");
        return html.raw("</div>").toString();
    }

    private static void figure(Html html, String value, String label) {
        html.format("<div class=\"figure\"><b>%s</b><span>%s</span></div>", value, label);
    }

    private boolean isGeoreferenced() {
        return Files.exists(run.resolve("georef.json"));
    }

    /** Name of the scene's unit of length. */
    private String unit() {
        return isGeoreferenced() ? "m" : "units";
    }

    private String seenFromAbove(Scene scene) throws IOException {
        boolean georeferenced = isGeoreferenced();
        Vector3d up = new Vector3d(0, 0, 1);
        Vector3d top = new Vector3d(0, 1, 0);
        if (!georeferenced) {
            up = UpDirection.estimate(scene, photos).upInScene();
            top = mainDirection(scene, up);
        }
        Set<String> heldOut = new HashSet<>();
        splats.path("held_out_photos").forEach(h -> heldOut.add(h.path("name").asText()));
        Html html = new Html();
        html.raw("<p>");
        html.text(scene.views().size() + " cameras over "
                + String.format(Locale.ROOT, "%,d", scene.points().count())
                + " sparse points"
                + (heldOut.isEmpty() ? ". " : ", held-out photos in orange. ")
                + (georeferenced ? "North is up, units are metres." : "The unit of length is arbitrary."));
        html.raw("</p>").raw(new TopView(scene, up, top).svg(heldOut, unit()));
        if (georeferenced) {
            JsonNode g = json(run.resolve("georef.json"));
            JsonNode residual = g.path("residual_m");
            html.raw("<p class=\"note\" style=\"margin-top:14px\">")
                    .text("Placed by GPS of " + g.path("photos_used").asInt() + " of "
                            + g.path("photos_with_gps").asInt()
                            + " photos at " + decimals(g.path("origin").path("latitude"), 6) + ", "
                            + decimals(g.path("origin").path("longitude"), 6) + ". Cameras and GPS differ by "
                            + decimals(residual.path("horizontal_rms"), 1) + " m horizontally and "
                            + decimals(residual.path("vertical_rms"), 1)
                            + " m in height (root mean square). Up is from: "
                            + g.path("tilt_from").asText() + ".")
                    .raw("</p>");
        }
        return html.toString();
    }

    /** The mean viewing direction, so that photos look up the page; any direction for photos that look down. */
    private static Vector3d mainDirection(Scene scene, Vector3d up) {
        Vector3d sum = new Vector3d();
        for (View view : scene.views()) {
            sum.add(view.camFromWorld().rotation().transformInverse(new Vector3d(0, 0, 1)));
        }
        sum.div(Math.max(1, scene.views().size()));
        sum.fma(-sum.dot(up), up);
        if (sum.length() > 0.15) {
            return sum.normalize();
        }
        Vector3d any = Math.abs(up.x) < 0.7 ? new Vector3d(1, 0, 0) : new Vector3d(0, 1, 0);
        return any.fma(-any.dot(up), up).normalize();
    }

    private String groundTruth() {
        JsonNode t = metrics.path("ground_truth");
        return new Html()
                .raw("<p>The photos are synthetic, so the truth is known exactly.</p><dl>")
                .format(
                        "<dt>mean rotation error</dt><dd>%.4f degrees</dd>",
                        t.path("rotation_error_deg_mean").asDouble())
                .format(
                        "<dt>mean position error</dt><dd>%s of the scene's extent</dd>",
                        percent(t.path("position_error_relative_mean")))
                .format("<dt>mean depth error</dt><dd>%s</dd></dl>", percent(t.path("depth_abs_rel")))
                .toString();
    }

    private String matches() {
        List<String> names = new ArrayList<>();
        cameras.path("photos").forEach(p -> names.add(p.path("name").asText()));
        List<MatchMatrix.Pair> pairs = new ArrayList<>();
        for (JsonNode pair : cameras.path("pairs")) {
            pairs.add(new MatchMatrix.Pair(
                    pair.path(0).asInt(), pair.path(1).asInt(), pair.path(2).asInt()));
        }
        return new Html()
                .raw("<p>")
                .text(pairs.size() + " of "
                        + cameras.path("pairs_tried").asInt() + " pairs of photos with verified matches: "
                        + cameras.path("matching").asText()
                        + ". The stronger a cell, the more matches; the numbers"
                        + " are those of the photo table, and a cell names its photos.")
                .raw("</p>")
                .raw(MatchMatrix.svg(names, pairs))
                .toString();
    }

    private String timings() {
        Html html = new Html();
        html.raw("<p>")
                .text("Peak memory "
                        + decimals(metrics.path("peak_memory_bytes").asDouble() / (1 << 30), 2) + " GiB.");
        html.raw("</p><table><tr><th>stage</th><th>wall time</th><th>CPU time</th><th class=\"words\"></th></tr>");
        double most = 0.01;
        for (JsonNode s : metrics.path("stages")) {
            most = Math.max(most, s.path("seconds").asDouble());
        }
        for (JsonNode s : metrics.path("stages")) {
            html.format(
                    "<tr><td>%s</td><td>%s</td><td>%s</td><td class=\"words\" style=\"width:45%%\"><span class=\"bar\" style=\"width:%.1f%%\"></span></td></tr>",
                    s.path("name").asText(),
                    clock(s.path("seconds").asDouble()),
                    s.has("cpu_seconds") ? clock(s.path("cpu_seconds").asDouble()) : "–",
                    100 * s.path("seconds").asDouble() / most);
        }
        return html.raw("</table>").toString();
    }

    private String provenanceList() {
        Html html = new Html().raw("<dl>");
        html.format(
                "<dt>command</dt><dd><code>%s</code></dd>",
                provenance.path("command_line").asText());
        html.format("<dt>seed</dt><dd>%s</dd>", provenance.path("seed").asText());
        if (metrics.has("splats")) {
            html.format(
                    "<dt>engine</dt><dd>%s, %s</dd>",
                    metrics.path("splats").path("engine").asText(),
                    metrics.path("splats").path("device").asText());
        }
        for (JsonNode model : provenance.path("models")) {
            html.format(
                    "<dt>%s</dt><dd>%s<br><code>%s</code></dd>",
                    model.path("use").asText(),
                    model.path("name").asText(),
                    model.path("sha256").asText());
        }
        html.format("<dt>Java</dt><dd>%s</dd>", provenance.path("java").asText());
        return html.raw("</dl>").toString();
    }

    private static String style() throws IOException {
        try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IOException("report.css is missing from the program's own files; build again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static JsonNode json(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        return Files.isRegularFile(file) ? mapper.readTree(Files.readAllBytes(file)) : mapper.createObjectNode();
    }

    static String decimals(JsonNode node, int digits) {
        return node.isNumber() ? decimals(node.asDouble(), digits) : "–";
    }

    static String decimals(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    static String percent(JsonNode node) {
        return node.isNumber() ? decimals(100 * node.asDouble(), 2) + " %" : "–";
    }

    static String count(JsonNode node) {
        return node.isNumber() ? String.format(Locale.ROOT, "%,d", node.asLong()) : "–";
    }

    static String clock(double seconds) {
        if (seconds < 60) {
            return decimals(seconds, seconds < 10 ? 1 : 0) + " s";
        }
        long s = Math.round(seconds);
        return s < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d h %02d min", s / 3600, s / 60 % 60);
    }
}
