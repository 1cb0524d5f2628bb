package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.aerial.geo.Georeference;
import io.github.dinosplat.scene.Similarity3;
import java.io.IOException;
import java.nio.file.Path;

/** {@code georef.json}: where on Earth the scene's metres are. */
final class GeorefFile {

    static final String NAME = "georef.json";

    private GeorefFile() {}

    /** Writes the georeference of a scene that was moved by it. */
    static void write(Georeference georeference, Path file) throws IOException {
        ObjectNode node = Json.object();
        node.putObject("origin")
                .put("latitude", georeference.origin().latitudeDeg())
                .put("longitude", georeference.origin().longitudeDeg())
                .put("height", georeference.origin().height())
                // EXIF does not say what its heights are above.
                .put("vertical_datum", "unknown");
        node.set("enu_from_scene", matrix(Similarity3.IDENTITY));
        node.set("enu_from_sfm", matrix(georeference.enuFromScene()));
        ObjectNode residual = node.putObject("residual_m");
        Json.put(residual, "horizontal_rms", georeference.horizontalRmsMetres());
        Json.put(residual, "vertical_rms", georeference.verticalRmsMetres());
        node.put("photos_used", georeference.photosUsed());
        node.put("photos_with_gps", georeference.photosWithGps());
        node.put("tilt_from", georeference.tiltFrom().label());
        Json.write(node, file);
    }

    /** Four rows of four, row-major. */
    private static ArrayNode matrix(Similarity3 similarity) {
        ArrayNode rows = Json.array();
        double[] values = similarity.rowMajor();
        for (int r = 0; r < 4; r++) {
            ArrayNode row = rows.addArray();
            for (int c = 0; c < 4; c++) {
                row.add(values[4 * r + c]);
            }
        }
        return rows;
    }
}
