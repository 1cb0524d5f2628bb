package io.github.dinosplat.samples.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Some photos beside their depth maps and pictures of their features. */
final class DepthSection {

    private static final int MOST_PHOTOS = 6;
    private static final int LONG_SIDE = 380;

    private final Path run;
    private final JsonNode metrics;
    private final List<Photo> photos;
    private final Pictures.Upright upright;

    DepthSection(Path run, JsonNode metrics, List<Photo> photos, Pictures.Upright upright) {
        this.run = run;
        this.metrics = metrics;
        this.photos = photos;
        this.upright = upright;
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
                .raw("</p>");
        List<Photo> shown = photos.stream()
                .filter(p -> Files.exists(run.resolve("depth/" + p.stem() + ".png")))
                .toList();
        int step = Math.max(1, (int) Math.ceil((double) shown.size() / MOST_PHOTOS));
        for (int i = 0; i < shown.size(); i += step) {
            Photo photo = shown.get(i);
            html.raw("<div class=\"triple\">")
                    .raw(figure(photo, ImageFiles.read(photo.path()), photo.name()))
                    .raw(figure(photo, ImageFiles.read(run.resolve("depth/" + photo.stem() + ".png")), "depth"));
            Path features = run.resolve("cache/pictures/features/" + photo.stem() + ".png");
            if (Files.exists(features)) {
                html.raw(figure(photo, enlarged(ImageFiles.read(features)), "features"));
            }
            html.raw("</div>");
        }
        return html.toString();
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
