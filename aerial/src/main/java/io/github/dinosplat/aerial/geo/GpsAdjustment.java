package io.github.dinosplat.aerial.geo;

import io.github.dinosplat.matching.SceneAdjustment;
import io.github.dinosplat.scene.GeoPosition;
import io.github.dinosplat.scene.Geodesy;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.Similarity3;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/**
 * A last bundle adjustment in which GPS positions and gravity have their say beside the pixels: they hold a long model against
 * the slow bending that pixels hardly feel. How much a position counts follows from how far the positions lie from the cameras
 * at large, so poor receivers hardly pull; single wrong ones do not.
 */
public final class GpsAdjustment {

    /** A gimbal's standard error; those of drones are good to one or two degrees. */
    private static final double GIMBAL_SIGMA = Math.toRadians(2);

    /** Standard error of the best positions: no consumer receiver, however well it agrees, counts more. */
    private static final double MIN_SIGMA_METRES = 0.5;

    /** The median of the absolute value of a normal variable, and of the length of a plane normal vector. */
    private static final double NORMAL_MEDIAN = 0.6745;

    private static final double RAYLEIGH_MEDIAN = 1.1774;

    /** Positions that raise the pixels' error by more than this part are wrong as a whole. */
    private static final double MOST_ERROR_GROWTH = 0.05;

    private GpsAdjustment() {}

    /**
     * What came of it.
     *
     * @param scene the scene, in local east-north-up metres where it was georeferenced
     * @param georeference the georeference of {@code scene}, with the similarity that comes nearest to what was done to the scene as
     *     given; empty without usable GPS
     * @param note what was done, for a report; empty where nothing was known
     */
    public record Result(Scene scene, Optional<Georeference> georeference, String note) {}

    /**
     * Georeferences a scene and adjusts its poses and points. Intrinsics stay: where pixels hardly tell them, as the focal length
     * of photos straight down, positions would drag them along.
     *
     * @param scene a scene from structure from motion
     * @param photos the photos with their metadata
     * @param threads number of threads; does not change the result
     * @return the adjusted scene; the given one, in metres, where the pixels do not agree with GPS
     * @throws IOException if the thread is interrupted
     */
    public static Result adjust(Scene scene, List<Photo> photos, int threads) throws IOException {
        Optional<Georeference> georeference = Georeferencing.align(scene, photos);
        Map<String, Photo> byName = new HashMap<>();
        photos.forEach(p -> byName.put(p.name(), p));
        Similarity3 upright = georeference.map(Georeference::enuFromScene).orElseGet(() -> levelled(scene, photos));
        Scene level = scene.transform(upright);
        Map<String, SceneAdjustment.Prior> priors = priors(level, byName, georeference);
        Scene before = georeference.isPresent() ? level : scene;
        if (priors.isEmpty()) {
            return new Result(before, georeference, "");
        }
        Scene adjusted = SceneAdjustment.adjust(level, priors, threads);
        double errorBefore = level.meanReprojectionError();
        double errorAfter = adjusted.meanReprojectionError();
        boolean agrees = errorAfter <= (1 + MOST_ERROR_GROWTH) * errorBefore;
        String note = String.format(
                Locale.ROOT,
                "GPS and gravity of %d photos %s the adjustment: mean reprojection error %.3f px without, %.3f px with them",
                priors.size(),
                agrees ? "held" : "do not agree with the pixels and were left out of",
                errorBefore,
                errorAfter);
        if (!agrees) {
            return new Result(before, georeference, note);
        }
        if (georeference.isEmpty()) {
            return new Result(adjusted.transform(upright.inverse()), georeference, note);
        }
        Optional<Georeference> again =
                Georeferencing.align(adjusted, photos, georeference.get().origin());
        if (again.isEmpty()) {
            return new Result(level, georeference, note);
        }
        Scene placed = adjusted.transform(again.get().enuFromScene());
        Similarity3 applied = SimilarityFit.leastSquares(centres(scene), centres(placed))
                .orElseGet(() -> again.get().enuFromScene().compose(upright));
        return new Result(placed, Optional.of(again.get().with(applied)), note);
    }

    private static List<Vector3d> centres(Scene scene) {
        return scene.views().stream()
                .map(v -> v.camFromWorld().targetOriginInSource())
                .toList();
    }

    private static Similarity3 levelled(Scene scene, List<Photo> photos) {
        Vector3d up = UpDirection.estimate(scene, photos).upInScene();
        return new Similarity3(1, new Quaterniond().rotationTo(up, new Vector3d(0, 0, 1)), new Vector3d());
    }

    /** What is known of each registered photo; nothing where a photo has neither a usable position nor a gimbal. */
    private static Map<String, SceneAdjustment.Prior> priors(
            Scene level, Map<String, Photo> photos, Optional<Georeference> georeference) {
        Map<String, Vector3d> positions = new HashMap<>();
        boolean withHeights = georeference.isPresent() && georeference.get().tiltFrom() == TiltSource.GPS;
        for (View view : level.views()) {
            Photo photo = photos.get(view.name());
            if (photo != null
                    && georeference.isPresent()
                    && photo.metadata().position().isPresent()) {
                GeoPosition position = photo.metadata().position().get();
                GeoPosition origin = georeference.get().origin();
                boolean hasHeight = withHeights && Double.isFinite(position.height());
                Vector3d enu = Geodesy.enu(
                        hasHeight
                                ? position
                                : new GeoPosition(position.latitudeDeg(), position.longitudeDeg(), origin.height()),
                        origin);
                positions.put(view.name(), hasHeight ? enu : enu.setComponent(2, Double.NaN));
            }
        }
        Vector3d sigma = sigma(level, positions);
        Map<String, SceneAdjustment.Prior> priors = new HashMap<>();
        for (View view : level.views()) {
            Optional<Vector3d> up = Optional.ofNullable(photos.get(view.name()))
                    .flatMap(p -> p.metadata().gimbal())
                    .map(CameraAttitudes::upInCam);
            Optional<Vector3d> centre = Optional.ofNullable(positions.get(view.name()));
            if (up.isPresent() || centre.isPresent()) {
                boolean flat = centre.isEmpty() || Double.isNaN(centre.get().z);
                centre.filter(c -> Double.isNaN(c.z)).ifPresent(c -> c.z = 0);
                priors.put(
                        view.name(),
                        new SceneAdjustment.Prior(
                                centre,
                                flat ? new Vector3d(sigma.x, sigma.y, Double.POSITIVE_INFINITY) : sigma,
                                up,
                                GIMBAL_SIGMA));
            }
        }
        return priors;
    }

    /** The usual error of the positions, from their distances to the cameras. */
    private static Vector3d sigma(Scene level, Map<String, Vector3d> positions) {
        List<Vector3d> errors = new ArrayList<>();
        for (View view : level.views()) {
            Vector3d position = positions.get(view.name());
            if (position != null) {
                errors.add(view.camFromWorld().targetOriginInSource().sub(position));
            }
        }
        double[] horizontal =
                errors.stream().mapToDouble(e -> Math.hypot(e.x, e.y)).sorted().toArray();
        double[] vertical = errors.stream()
                .mapToDouble(e -> Math.abs(e.z))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        double h = Math.max(MIN_SIGMA_METRES, median(horizontal) / RAYLEIGH_MEDIAN);
        return new Vector3d(h, h, Math.max(MIN_SIGMA_METRES, median(vertical) / NORMAL_MEDIAN));
    }

    private static double median(double[] sorted) {
        return sorted.length == 0
                ? 0
                : Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1)
                        .average()
                        .orElse(0);
    }
}
