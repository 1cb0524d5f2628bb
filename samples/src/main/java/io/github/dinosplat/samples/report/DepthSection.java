package io.github.dinosplat.samples.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dinosplat.depth.DepthPictures;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Some photos beside their depth maps and pictures of their features. */
final class DepthSection {

    private static final int MOST_PHOTOS = 6;
    private static final int LONG_SIDE = 380;

    private final Path run;
    private final JsonNode metrics;
    private final JsonNode record;
    private final List<Photo> photos;
    private final Pictures.Upright upright;
    private final String unit;

    /**
     * A section.
     *
     * @param unit name of the scene's unit of length
     */
    DepthSection(
            Path run, JsonNode metrics, JsonNode record, List<Photo> photos, Pictures.Upright upright, String unit) {
        this.run = run;
        this.metrics = metrics;
        this.record = record;
        this.photos = photos;
        this.upright = upright;
        this.unit = unit;
    }

    String html() throws IOException {
        Html html = new Html();
        html.raw("<p>")
                .text(metrics.path("maps").asInt() + " depth maps on features “"
                        + metrics.path("features").asText()
                        + "”. Relative error on sparse points that were held out: "
                        + ReportPage.percent(metrics.path("abs_rel_held_out_points")) + " at single points, "
                        + ReportPage.percent(metrics.path("abs_rel_held_out_blocks"))
                        + " where whole blocks of the photo were left out. Near is bright, far is dark, black is unknown;"
                        + " alike colours in the feature pictures are alike features.")
                .raw("</p>")
                .raw(calibration(record));
        List<Photo> shown = photos.stream()
                .filter(p -> Files.exists(run.resolve("depth/" + p.stem() + ".png")))
                .toList();
        int step = Math.max(1, (int) Math.ceil((double) shown.size() / MOST_PHOTOS));
        for (int i = 0; i < shown.size(); i += step) {
            Photo photo = shown.get(i);
            html.raw("<div class=\"triple\">")
                    .raw(figure(photo, ImageFiles.read(photo.path()), photo.name()))
                    .raw(figure(photo, ImageFiles.read(run.resolve("depth/" + photo.stem() + ".png")), range(photo)));
            Path features = run.resolve("cache/pictures/features/" + photo.stem() + ".png");
            if (Files.exists(features)) {
                html.raw(figure(photo, enlarged(ImageFiles.read(features)), "features"));
            }
            html.raw("</div>");
        }
        return html.toString();
    }

    /** What depths the picture's colours stand for: from the 1st to the 99th percentile, as in {@link DepthPictures#of}. */
    private String range(Photo photo) throws IOException {
        DepthMap map = ImageFiles.readDepthTiff(run.resolve("depth/" + photo.stem() + ".tif"));
        double[] known = IntStream.range(0, map.width() * map.height())
                .mapToDouble(i -> map.depth(i % map.width(), i / map.width()))
                .filter(z -> z > 0)
                .sorted()
                .toArray();
        if (known.length == 0) {
            return "depth, unknown";
        }
        int outer = known.length / 100;
        return "depth, " + LineChart.number(known[outer]) + " to " + LineChart.number(known[known.length - 1 - outer])
                + " " + unit;
    }

    /** Error by confidence: what the confidence is worth. */
    static String calibration(JsonNode record) {
        JsonNode points = record.path("calibration_points");
        JsonNode blocks = record.path("calibration_blocks");
        Html html = new Html();
        if (points.isEmpty() && blocks.isEmpty()) {
            return "";
        }
        html.raw(
                "<p>What the confidence is worth: the held-out points in ten parts of equal number, the least sure first,"
                        + " with the median of their relative errors.</p>");
        html.raw("<div class=\"scroll\"><table><tr><th>part</th><th>confidence</th><th>error at single points</th>"
                + "<th>confidence</th><th>error in blocks</th></tr>");
        for (int i = 0; i < Math.max(points.size(), blocks.size()); i++) {
            html.format(
                    "<tr><td>%d</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>",
                    i + 1,
                    ReportPage.decimals(points.path(i).path("confidence"), 2),
                    ReportPage.percent(points.path(i).path("median_error")),
                    ReportPage.decimals(blocks.path(i).path("confidence"), 2),
                    ReportPage.percent(blocks.path(i).path("median_error")));
        }
        return html.raw("</table></div>").toString();
    }

    private String figure(Photo photo, Image picture, String caption) throws IOException {
        return new Html()
                .raw("<figure>")
                .raw(Pictures.img(upright.turn(picture.fitted(LONG_SIDE), photo.name()), LONG_SIDE, caption))
                .format("<figcaption>%s</figcaption></figure>", caption)
                .toString();
    }

    /** A pixel a patch is too small to look at. */
    private static Image enlarged(Image picture) {
        double s = (double) LONG_SIDE / Math.max(picture.width(), picture.height());
        return s <= 1
                ? picture
                : picture.resized((int) Math.round(picture.width() * s), (int) Math.round(picture.height() * s));
    }
}
