package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.aerial.geo.SimilarityFit;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.Similarity3;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.synthetic.SyntheticSurvey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.joml.Vector3d;

/** A reconstruction of a synthetic survey beside the exact truth. */
final class TruthComparison {

    private final SyntheticSurvey survey;

    TruthComparison(SyntheticSurvey survey) {
        this.survey = survey;
    }

    /**
     * Writes {@code ground_truth/sparse/0} and compares.
     *
     * @param out a run's folder with {@code sparse/0} and {@code depth/}
     * @return {@code rotation_error_deg_mean} and {@code position_error_relative_mean} over the registered photos, after a
     *     similarity alignment of the camera centres, positions relative to the true cameras' greatest distance; and
     *     {@code depth_abs_rel}, the mean of |estimate - truth| / truth over all pixels with a depth
     */
    ObjectNode compare(Path out) throws IOException {
        ColmapModel.write(survey.withTracks(3_000, 0, 0), out.resolve("ground_truth/sparse/0"));
        Scene found = ColmapModel.read(out.resolve("sparse/0"));
        List<Vector3d> foundCentres = new ArrayList<>();
        List<Vector3d> trueCentres = new ArrayList<>();
        for (View view : found.views()) {
            foundCentres.add(view.camFromWorld().targetOriginInSource());
            trueCentres.add(truePose(view).targetOriginInSource());
        }
        Similarity3 trueFromFound = SimilarityFit.leastSquares(foundCentres, trueCentres)
                .orElseThrow(() -> new IOException("too few photos are registered to compare with the truth"));
        Scene moved = found.transform(trueFromFound);
        double extent = greatestDistance(survey.cameras().views().stream()
                .map(v -> v.camFromWorld().targetOriginInSource())
                .toList());
        double rotation = 0;
        double position = 0;
        for (View view : moved.views()) {
            rotation += Math.toDegrees(view.camFromWorld().rotationAngleTo(truePose(view)));
            position += view.camFromWorld()
                    .targetOriginInSource()
                    .distance(truePose(view).targetOriginInSource());
        }
        ObjectNode result = Json.object();
        Json.put(result, "rotation_error_deg_mean", rotation / moved.views().size());
        Json.put(
                result, "position_error_relative_mean", position / moved.views().size() / extent);
        return Json.put(result, "depth_abs_rel", depthError(out, found, trueFromFound.scale()));
    }

    private Rigid3 truePose(View view) {
        return survey.cameras().view(view.name()).orElseThrow().camFromWorld();
    }

    private static double greatestDistance(List<Vector3d> points) {
        double greatest = 0;
        for (Vector3d a : points) {
            for (Vector3d b : points) {
                greatest = Math.max(greatest, a.distance(b));
            }
        }
        return greatest;
    }

    private double depthError(Path out, Scene found, double metresPerUnit) throws IOException {
        double sum = 0;
        long count = 0;
        for (View view : found.views()) {
            Path file = out.resolve("depth/" + Photo.stem(view.name()) + ".tif");
            if (!Files.exists(file)) {
                continue;
            }
            DepthMap estimate = ImageFiles.readDepthTiff(file);
            DepthMap truth = survey.depth(view.name());
            for (int y = 0; y < truth.height(); y++) {
                for (int x = 0; x < truth.width(); x++) {
                    double z = truth.depth(x, y);
                    // Maps may be smaller than the photo; the pixel of the map that covers this one is meant.
                    double d = estimate.depth(
                            x * estimate.width() / truth.width(), y * estimate.height() / truth.height());
                    if (z > 0 && d > 0) {
                        sum += Math.abs(d * metresPerUnit - z) / z;
                        count++;
                    }
                }
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }
}
