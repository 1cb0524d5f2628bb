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
 * A last bundle adjustment with GPS positions and gimbal angles beside the pixels. They keep a long model from bending slowly,
 * which hardly changes its reprojection errors. How much a position counts follows from how far all positions lie from the
 * cameras, so those of a poor receiver pull little; single wrong positions do not pull at all.
 */
public final class GpsAdjustment {

    /** A gimbal's standard error; those of drones are good to one or two degrees. */
    private static final double GIMBAL_SIGMA = Math.toRadians(2);

    /** Standard error of the best positions: no consumer receiver, however well it agrees, counts more. */
    private static final double MIN_SIGMA_METRES = 0.5;

    /** Positions that raise the mean reprojection error by more than this share of it are wrong as a whole. */
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
        Map<String, Photo> byName = Photo.byName(photos);
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

    /** A GPS position in the scene's east-north-up metres; its z means nothing where it has no usable height. */
    private record Position(Vector3d enu, boolean hasHeight) {}

    /** What is known of each registered photo; nothing where a photo has neither a usable position nor a gimbal. */
    private static Map<String, SceneAdjustment.Prior> priors(
            Scene level, Map<String, Photo> photos, Optional<Georeference> georeference) {
        Map<String, Position> positions =
                georeference.map(g -> positions(level, photos, g)).orElse(Map.of());
        Vector3d sigma = sigma(level, positions);
        Vector3d flatSigma = new Vector3d(sigma.x, sigma.y, Double.POSITIVE_INFINITY);
        Map<String, SceneAdjustment.Prior> priors = new HashMap<>();
        for (View view : level.views()) {
            Optional<Vector3d> up = Optional.ofNullable(photos.get(view.name()))
                    .flatMap(p -> p.metadata().gimbal())
                    .map(CameraAttitudes::upInCam);
            Optional<Position> position = Optional.ofNullable(positions.get(view.name()));
            if (up.isPresent() || position.isPresent()) {
                boolean hasHeight = position.map(Position::hasHeight).orElse(false);
                priors.put(
                        view.name(),
                        new SceneAdjustment.Prior(
                                position.map(Position::enu), hasHeight ? sigma : flatSigma, up, GIMBAL_SIGMA));
            }
        }
        return priors;
    }

    /** The positions of the registered photos; heights are usable where they gave the tilt. */
    private static Map<String, Position> positions(Scene level, Map<String, Photo> photos, Georeference georeference) {
        GeoPosition origin = georeference.origin();
        Map<String, Position> positions = new HashMap<>();
        for (View view : level.views()) {
            Optional.ofNullable(photos.get(view.name()))
                    .flatMap(photo -> photo.metadata().position())
                    .ifPresent(gps -> {
                        boolean hasHeight = georeference.tiltFrom() == TiltSource.GPS && Double.isFinite(gps.height());
                        GeoPosition there = hasHeight
                                ? gps
                                : new GeoPosition(gps.latitudeDeg(), gps.longitudeDeg(), origin.height());
                        Vector3d enu = Geodesy.enu(there, origin);
                        positions.put(view.name(), new Position(hasHeight ? enu : enu.setComponent(2, 0), hasHeight));
                    });
        }
        return positions;
    }

    /** The usual error of the positions along each axis, from their distances to the cameras. */
    private static Vector3d sigma(Scene level, Map<String, Position> positions) {
        List<Double> horizontal = new ArrayList<>();
        List<Double> vertical = new ArrayList<>();
        for (View view : level.views()) {
            Position position = positions.get(view.name());
            if (position != null) {
                Vector3d e = view.camFromWorld().targetOriginInSource().sub(position.enu);
                horizontal.add(Math.hypot(e.x, e.y));
                if (position.hasHeight) {
                    vertical.add(Math.abs(e.z));
                }
            }
        }
        double h = Math.max(MIN_SIGMA_METRES, NormalErrors.sigma2d(median(horizontal)));
        return new Vector3d(h, h, Math.max(MIN_SIGMA_METRES, NormalErrors.sigma1d(median(vertical))));
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        return sorted.length == 0
                ? 0
                : Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1)
                        .average()
                        .orElse(0);
    }
}
