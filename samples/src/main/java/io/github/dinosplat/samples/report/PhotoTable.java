package io.github.dinosplat.samples.report;

import com.fasterxml.jackson.databind.JsonNode;

/** One row for each photo: what it gave to the model, or why it is not in it. */
final class PhotoTable {

    private final JsonNode photos;

    PhotoTable(JsonNode photos) {
        this.photos = photos;
    }

    String html() {
        Html html = new Html();
        html.raw("<div class=\"scroll\"><table><tr><th>photo</th><th></th><th>keypoints</th><th>observations</th>"
                + "<th>mean error</th><th class=\"words\">remarks</th></tr>");
        int number = 0;
        for (JsonNode p : photos) {
            boolean registered = p.path("registered").asBoolean();
            html.format(
                    "<tr><td class=\"words\">%d&ensp;%s</td><td class=\"%s\">%s</td><td>%s</td><td>%s</td><td>%s</td><td class=\"words\">%s</td></tr>",
                    ++number,
                    p.path("name").asText(),
                    registered ? "yes" : "no",
                    registered ? "registered" : "left out",
                    ReportPage.count(p.path("keypoints")),
                    ReportPage.count(p.path("observations")),
                    p.has("error_px") ? ReportPage.decimals(p.path("error_px"), 2) + " px" : "–",
                    p.path("reason").asText(""));
        }
        return html.raw("</table></div>").toString();
    }
}
