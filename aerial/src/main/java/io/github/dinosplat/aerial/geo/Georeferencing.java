package io.github.dinosplat.aerial.geo;

import io.github.dinosplat.scene.GeoPosition;
import io.github.dinosplat.scene.Geodesy;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.Similarity3;
import io.github.dinosplat.scene.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * Moves scenes into local east-north-up metres by the GPS positions of their photos.
 *
 * <p>Scale, heading and place come from a robust fit of horizontal positions. Which way is up comes from the GPS heights
 * only where they agree with the cameras; consumer receivers' heights drift by tens of metres, and then the cameras'
 * attitudes or the ground tell (see {@link TiltSource}). Stateless and safe for use by several threads.
 */
public final class Georeferencing {

    /** A photo whose position is further off than this many sigmas is not counted as used. */
    private static final double OUTLIER_SIGMAS = 3;

    /** Greatest expected error of the scale, as a share of it. */
    private static final double MAX_SCALE_ERROR = 0.1;

    /**
     * Greatest angle between up by GPS heights and up by the cameras' attitudes, which are good to a few degrees. Heights that
     * differ by more are taken to drift.
     */
    private static final double MAX_DISAGREEMENT = Math.toRadians(6);

    private final Scene scene;
    private final GeoreferencingOptions options;
    private final List<Photo> photos;
    private final Vector3d[] centres;
    private final Vector3d[] gps;
    private final boolean[] hasHeight;
    private final GeoPosition origin;

    private Georeferencing(
            Scene scene, List<Photo> photos, GeoreferencingOptions options, Optional<GeoPosition> origin) {
        this.scene = scene;
        this.options = options;
        this.photos = photos;
        Map<String, Photo> byName = Photo.byName(photos);
        List<Vector3d> found = new ArrayList<>();
        List<GeoPosition> positions = new ArrayList<>();
        for (View view : scene.views()) {
            Optional.ofNullable(byName.get(view.name()))
                    .flatMap(p -> p.metadata().position())
                    .ifPresent(position -> {
                        found.add(view.camFromWorld().targetOriginInSource());
                        positions.add(position);
                    });
        }
        centres = found.toArray(Vector3d[]::new);
        this.origin = origin.orElseGet(() -> meanPosition(positions));
        hasHeight = new boolean[centres.length];
        gps = new Vector3d[centres.length];
        for (int i = 0; i < gps.length; i++) {
            GeoPosition p = positions.get(i);
            hasHeight[i] = Double.isFinite(p.height());
            GeoPosition level = new GeoPosition(p.latitudeDeg(), p.longitudeDeg(), this.origin.height());
            gps[i] = Geodesy.enu(hasHeight[i] ? p : level, this.origin);
        }
    }

    /**
     * The similarity from a scene to local east-north-up metres, with {@link GeoreferencingOptions#defaults}.
     *
     * @param scene a reconstructed scene of any scale and attitude
     * @param photos the photos, with their metadata; those that are not registered are ignored
     * @return the georeference, or empty where GPS is missing, too few photos have it, they stand too close together for
     *     its noise, or it does not fit the cameras
     */
    public static Optional<Georeference> align(Scene scene, List<Photo> photos) {
        return align(scene, photos, GeoreferencingOptions.defaults());
    }

    /**
     * The similarity from a scene to local east-north-up metres.
     *
     * @param scene a reconstructed scene of any scale and attitude
     * @param photos the photos, with their metadata; those that are not registered are ignored
     * @param options how GPS positions are judged
     * @return the georeference, or empty where GPS is not usable
     */
    public static Optional<Georeference> align(Scene scene, List<Photo> photos, GeoreferencingOptions options) {
        return new Georeferencing(scene, photos, options, Optional.empty()).run();
    }

    /**
     * The similarity from a scene to the local east-north-up metres of another one's georeference.
     *
     * @param scene a reconstructed scene of any scale and attitude
     * @param photos the photos, with their metadata; those that are not registered are ignored
     * @param origin origin of the local frame
     * @return the georeference, or empty where GPS is not usable
     */
    public static Optional<Georeference> align(Scene scene, List<Photo> photos, GeoPosition origin) {
        return new Georeferencing(scene, photos, GeoreferencingOptions.defaults(), Optional.of(origin)).run();
    }

    private Optional<Georeference> run() {
        return isUsable() ? fit() : Optional.empty();
    }

    private boolean isUsable() {
        return gps.length >= options.minPhotos() && spread() >= options.minSpreadInSigmas() * options.gpsSigmaMetres();
    }

    private Optional<Georeference> fit() {
        Optional<Similarity3> byHeights = fitWithHeights();
        if (byHeights.isPresent()) {
            return result(byHeights.get(), TiltSource.GPS);
        }
        UpDirection up = UpDirection.estimate(scene, photos, !standOnOneLine(), options.seed());
        return fitWithUp(up.upInScene(), up.source());
    }

    private boolean standOnOneLine() {
        double[] spread = horizontalSpread();
        return spread[0] < 0.1 * spread[1];
    }

    /**
     * The fit of all three axes, where the heights are good enough to determine the tilt. Small residuals are not enough for
     * that: heights that drift steadily while a flight moves on across its field look like a tilt, and only the cameras'
     * attitudes tell the two apart.
     */
    private Optional<Similarity3> fitWithHeights() {
        int[] high = IntStream.range(0, gps.length).filter(i -> hasHeight[i]).toArray();
        if (high.length < options.minPhotos() || 2 * high.length < gps.length) {
            return Optional.empty();
        }
        Optional<Similarity3> fit =
                SimilarityFit.robust3d(pick(centres, high), pick(gps, high), options.gpsSigmaMetres(), options.seed());
        if (fit.isEmpty()) {
            return fit;
        }
        double vertical = rms(Arrays.stream(high)
                .mapToDouble(i -> fit.get().transform(centres[i]).z - gps[i].z)
                .toArray());
        double noise = Math.atan2(vertical, horizontalSpread()[0]);
        Vector3d upInScene = fit.get().rotation().transformInverse(new Vector3d(0, 0, 1));
        Vector3d attitude =
                UpDirection.byAttitudes(scene, photos, !standOnOneLine()).upInScene();
        return noise < Math.toRadians(options.maxTiltErrorDeg()) && upInScene.angle(attitude) < MAX_DISAGREEMENT
                ? fit
                : Optional.empty();
    }

    private Optional<Georeference> fitWithUp(Vector3dc upInScene, TiltSource source) {
        Quaterniond levelFromScene = new Quaterniond().rotationTo(upInScene, new Vector3d(0, 0, 1));
        Similarity3 level = new Similarity3(1, levelFromScene, new Vector3d());
        Vector3d[] levelCentres = Arrays.stream(centres).map(level::transform).toArray(Vector3d[]::new);
        // Twice: some receivers are far worse than usual, which the first fit tells.
        Optional<Similarity3> horizontal = SimilarityFit.robustHorizontal(
                        levelCentres, gps, options.gpsSigmaMetres(), options.seed())
                .flatMap(first -> SimilarityFit.robustHorizontal(
                        levelCentres, gps, sigma(errors(first, levelCentres)), options.seed()));
        if (horizontal.isEmpty()) {
            return Optional.empty();
        }
        Similarity3 flat = horizontal.get().compose(level);
        double[] lifts = IntStream.range(0, gps.length)
                .filter(i -> hasHeight[i])
                .mapToDouble(i -> gps[i].z - flat.transform(centres[i]).z)
                .sorted()
                .toArray();
        double lift = lifts.length == 0
                ? -CameraAttitudes.meanOf(
                                Arrays.stream(centres).map(flat::transform).toList())
                        .z
                : (lifts[(lifts.length - 1) / 2] + lifts[lifts.length / 2]) / 2;
        Vector3d shift = new Vector3d(flat.translation()).add(0, 0, lift);
        return result(new Similarity3(flat.scale(), flat.rotation(), shift), source);
    }

    private Optional<Georeference> result(Similarity3 enuFromScene, TiltSource source) {
        Vector3d[] errors = errors(enuFromScene, centres);
        double[] horizontal = horizontalDistances(errors);
        double[] vertical = IntStream.range(0, gps.length)
                .filter(i -> hasHeight[i])
                .mapToDouble(i -> errors[i].z)
                .toArray();
        double[] sound = Arrays.stream(horizontal)
                .filter(e -> e < OUTLIER_SIGMAS * sigma(errors))
                .toArray();
        double noise = rms(sound);
        boolean fits = sound.length >= Math.max(options.minPhotos(), (gps.length + 1) / 2)
                && noise < spread() / 2
                && noise / Math.sqrt(sound.length) < MAX_SCALE_ERROR * spread();
        return fits
                ? Optional.of(new Georeference(
                        origin,
                        enuFromScene,
                        rms(horizontal),
                        vertical.length == 0 ? Double.NaN : rms(vertical),
                        sound.length,
                        gps.length,
                        source))
                : Optional.empty();
    }

    private Vector3d[] errors(Similarity3 enuFromSource, Vector3d[] centresInSource) {
        Vector3d[] errors = new Vector3d[gps.length];
        for (int i = 0; i < gps.length; i++) {
            errors[i] = enuFromSource.transform(centresInSource[i]).sub(gps[i]);
        }
        return errors;
    }

    /** The noise of the positions along each horizontal axis, not less than that of a usual receiver. */
    private double sigma(Vector3d[] errors) {
        double[] sorted = horizontalDistances(errors);
        Arrays.sort(sorted);
        return Math.max(options.gpsSigmaMetres(), NormalErrors.sigma2d(sorted[sorted.length / 2]));
    }

    /** Root mean square horizontal distance of the GPS positions from their mean. */
    private double spread() {
        double[] axes = horizontalSpread();
        return Math.hypot(axes[0], axes[1]);
    }

    /** Standard deviations of the GPS positions along the minor and major horizontal axis. */
    private double[] horizontalSpread() {
        double[][] c = CameraAttitudes.covariance(gps);
        double[] values = SymmetricEigen.of(new double[][] {{c[0][0], c[0][1]}, {c[1][0], c[1][1]}})
                .values();
        return new double[] {Math.sqrt(Math.max(0, values[0])), Math.sqrt(values[1])};
    }

    private static GeoPosition meanPosition(List<GeoPosition> positions) {
        double latitude = positions.stream()
                .mapToDouble(GeoPosition::latitudeDeg)
                .average()
                .orElse(0);
        // Longitudes are averaged about the first, so that photos on both sides of the date line stay together.
        double first = positions.isEmpty() ? 0 : positions.get(0).longitudeDeg();
        double longitude = first
                + positions.stream()
                        .mapToDouble(p -> Math.IEEEremainder(p.longitudeDeg() - first, 360))
                        .average()
                        .orElse(0);
        double height = positions.stream()
                .mapToDouble(GeoPosition::height)
                .filter(Double::isFinite)
                .average()
                .orElse(0);
        return new GeoPosition(latitude, Math.IEEEremainder(longitude, 360), height);
    }

    private static Vector3d[] pick(Vector3d[] from, int[] indices) {
        return Arrays.stream(indices).mapToObj(i -> from[i]).toArray(Vector3d[]::new);
    }

    private static double[] horizontalDistances(Vector3d[] vectors) {
        return Arrays.stream(vectors).mapToDouble(v -> Math.hypot(v.x, v.y)).toArray();
    }

    private static double rms(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).average().orElse(0));
    }
}
