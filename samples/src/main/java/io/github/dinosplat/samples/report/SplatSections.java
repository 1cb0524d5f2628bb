package io.github.dinosplat.samples.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How good the splats are: held-out photos beside their renders, and the training curve. */
final class SplatSections {

    private static final int MOST_PHOTOS = 12;
    private static final int LONG_SIDE = 720;
    private static final int SMALL_SIDE = 480;

    private final Path run;
    private final JsonNode metrics;
    private final JsonNode stage;
    private final Pictures.Upright upright;

    SplatSections(Path run, JsonNode metrics, JsonNode stage, Pictures.Upright upright) {
        this.run = run;
        this.metrics = metrics;
        this.stage = stage;
        this.upright = upright;
    }

    String heldOut() throws IOException {
        JsonNode photos = stage.path("held_out_photos");
        if (photos.isEmpty()) {
            return "<p>No photo was held out, so nothing judges the splats but the photos they were made from: PSNR "
                    + ReportPage.decimals(metrics.path("train").path("psnr"), 2) + " dB.</p>";
        }
        JsonNode held = stage.path("held_out");
        Html html = new Html();
        html.raw("<p>")
                .text("No splat has seen these photos. Mean PSNR " + ReportPage.decimals(held.path("psnr"), 2)
                        + " dB and SSIM " + ReportPage.decimals(held.path("ssim"), 3)
                        + "; the photos themselves, blurred with a"
                        + " Gaussian of 4 pixels, have SSIM " + ReportPage.decimals(held.path("blurred_ssim"), 3)
                        + ", which fog would reach. On training photos: "
                        + ReportPage.decimals(metrics.path("train").path("psnr"), 2) + " dB, "
                        + ReportPage.decimals(metrics.path("train").path("ssim"), 3) + ".")
                .raw("</p><p>")
                .text(
                        "A pixel counts as seen where stereo finds what it shows again in a training photo. What no training"
                                + " photo shows can only be guessed, and bare walls and sky have nothing to be found by; over"
                                + " the seen pixels the mean PSNR is " + ReportPage.decimals(held.path("seen_psnr"), 2)
                                + " dB.")
                .raw(
                        "</p><div class=\"scroll\"><table><tr><th>photo</th><th>PSNR</th><th>pixels seen</th>"
                                + "<th>PSNR over these</th><th>PSNR if these were perfect</th><th>SSIM</th><th>SSIM of the photo blurred</th></tr>");
        for (JsonNode p : photos) {
            html.format(
                    "<tr><td>%s</td><td>%s dB</td><td>%s</td><td>%s dB</td><td>%s dB</td><td class=\"%s\">%s</td><td>%s</td></tr>",
                    p.path("name").asText(),
                    ReportPage.decimals(p.path("psnr"), 2),
                    Math.round(100 * p.path("seen_share").asDouble()) + " %",
                    ReportPage.decimals(p.path("seen_psnr"), 2),
                    ReportPage.decimals(withoutSeenErrors(p), 2),
                    p.path("ssim").asDouble() > p.path("blurred_ssim").asDouble() ? "yes" : "no",
                    ReportPage.decimals(p.path("ssim"), 3),
                    ReportPage.decimals(p.path("blurred_ssim"), 3));
        }
        html.raw("</table></div>");
        html.raw(
                "<p class=\"note\" style=\"margin-top:14px\">Photo on the left, render on the right; drag the corner of"
                        + " the photo to compare.</p><div class=\"strip\">");
        for (int i = 0; i < Math.min(MOST_PHOTOS, photos.size()); i++) {
            html.raw(comparison(photos.path(i)));
        }
        return html.raw("</div>").toString();
    }

    /** PSNR with the errors of the pixels that are not seen alone: no more can be reached without better guesses. */
    private static double withoutSeenErrors(JsonNode photo) {
        double all = Math.pow(10, -photo.path("psnr").asDouble() / 10);
        double seen = photo.path("seen_share").asDouble()
                * Math.pow(10, -photo.path("seen_psnr").asDouble() / 10);
        return -10 * Math.log10(Math.max(1e-10, all - (photo.path("seen_psnr").isNumber() ? seen : 0)));
    }

    /** The photo over its render, up to a border that can be dragged: style alone, no script. */
    private String comparison(JsonNode photo) throws IOException {
        String name = photo.path("name").asText();
        return new Html()
                .raw("<figure><div class=\"slide\">")
                .raw(picture("renders", name, "render"))
                .raw("<div class=\"over\">")
                .raw(picture("truth", name, "photo"))
                .format(
                        "</div></div><figcaption>%s: %s dB, SSIM %s</figcaption></figure>",
                        name, ReportPage.decimals(photo.path("psnr"), 2), ReportPage.decimals(photo.path("ssim"), 3))
                .toString();
    }

    private String picture(String folder, String name, String what) throws IOException {
        Image picture = ImageFiles.read(run.resolve(folder).resolve(Photo.stem(name) + ".png"));
        return Pictures.img(upright.turn(picture, name), LONG_SIDE, what + " " + name);
    }

    /** The features that the splats carry, and what the middle of a photo selects by them; empty where a run has none. */
    String features(JsonNode features) throws IOException {
        Path folder = run.resolve("cache/pictures/splats");
        if (!Files.isDirectory(folder)) {
            return "";
        }
        Html html = new Html()
                .raw("<p>")
                .text(
                        "The splats carry features of the network; their main components as colours: alike colours are alike"
                                + " things, from every side. Grey splats have none.")
                .raw("</p><div class=\"triple\">");
        List<Path> files;
        try (Stream<Path> tree = Files.walk(folder)) {
            files = tree.filter(f -> f.toString().endsWith(".features.png"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            String stem = folder.relativize(file).toString().replace(".features.png", "");
            html.raw(figure(file, stem, stem));
        }
        html.raw("</div>");
        JsonNode example = features.path("example");
        if (example.has("photo")) {
            String stem = Photo.stem(example.path("photo").asText());
            html.raw("<p>")
                    .text("What export --select finds: " + ReportPage.count(example.path("selected")) + " of "
                            + ReportPage.count(metrics.path("count")) + " splats are like the "
                            + ReportPage.count(example.path("examples")) + " in the middle of "
                            + example.path("photo").asText() + ", a sixth of its width and height.")
                    .raw("</p><div class=\"triple\">")
                    .raw(figure(folder.resolve(stem + ".render.png"), stem, "all splats"))
                    .raw(figure(folder.resolve(stem + ".selected.png"), stem, "the selected ones"))
                    .raw("</div>");
        }
        return html.toString();
    }

    private String figure(Path file, String photo, String caption) throws IOException {
        return new Html()
                .raw("<figure>")
                .raw(Pictures.img(upright.turn(ImageFiles.read(file), photo), SMALL_SIDE, caption))
                .format("<figcaption>%s</figcaption></figure>", caption)
                .toString();
    }

    String curve() {
        List<double[]> loss = new ArrayList<>();
        List<double[]> psnr = new ArrayList<>();
        for (JsonNode point : stage.path("curve")) {
            double x = point.path("iteration").asDouble();
            if (point.path("loss").isNumber()) {
                loss.add(new double[] {x, point.path("loss").asDouble()});
            }
            if (point.path("held_out_psnr").isNumber()) {
                psnr.add(new double[] {x, point.path("held_out_psnr").asDouble()});
            }
        }
        Html html = new Html();
        html.raw("<p>")
                .text(ReportPage.count(metrics.path("iterations")) + " iterations of "
                        + ReportPage.decimals(metrics.path("ms_per_iteration"), 0) + " ms, from "
                        + ReportPage.count(stage.path("start_count")) + " to " + ReportPage.count(metrics.path("count"))
                        + " splats, on " + metrics.path("engine").asText() + " ("
                        + metrics.path("device").asText() + ").")
                .raw("</p>");
        if (!psnr.isEmpty()) {
            html.raw(chart("PSNR of held-out photos, dB", psnr));
        }
        return html.raw(chart("training loss", loss)).toString();
    }

    private static String chart(String title, List<double[]> points) {
        return points.isEmpty()
                ? ""
                : new LineChart("iteration", title)
                        .line(
                                title,
                                points.stream().mapToDouble(p -> p[0]).toArray(),
                                points.stream().mapToDouble(p -> p[1]).toArray())
                        .svg();
    }
}
