package io.github.dinosplat.aerial.geo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.matching.SceneAdjustment;
import io.github.dinosplat.scene.Attitude;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.GeoPosition;
import io.github.dinosplat.scene.Geodesy;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.Similarity3;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

/** A flight whose photos overlap little: pixels alone leave it bent. */
class GpsAdjustmentTest {

    private static final GeoPosition PLACE = new GeoPosition(46.5, 7.25, 612);
    private static final Similarity3 SFM_FROM_ENU =
            new Similarity3(0.02, new Quaterniond().rotationXYZ(0.7, -1.9, 2.4), new Vector3d(3, -8, 1));
    private static final Camera CAMERA = new Camera(CameraModel.SIMPLE_PINHOLE, 1000, 750, 800, 500, 375);
    private static final int ROWS = 4;
    private static final int COLUMNS = 20;

    private final List<Vector3d> centres = new ArrayList<>();
    private final Scene bent;

    GpsAdjustmentTest() throws IOException {
        Random random = new Random(4);
        List<Rigid3> poses = new ArrayList<>();
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            Vector3d centre = new Vector3d(36 * (i % COLUMNS) - 360, 30 * (i / COLUMNS) - 45, 60);
            // Straight down, the photo's top to the north.
            Quaterniond rotation = new Quaterniond().rotationX(Math.PI);
            centres.add(centre);
            poses.add(new Rigid3(
                    rotation, rotation.transform(centre, new Vector3d()).negate()));
        }
        int n = 1000;
        double[] points = new double[3 * n];
        List<List<double[]>> seen = new ArrayList<>();
        poses.forEach(p -> seen.add(new ArrayList<>()));
        for (int p = 0; p < n; p++) {
            Vector3d x = new Vector3d(
                    1100 * random.nextDouble() - 550, 200 * random.nextDouble() - 100, 10 * random.nextDouble());
            for (int v = 0; v < poses.size(); v++) {
                Optional<org.joml.Vector2d> pixel = CAMERA.project(poses.get(v).transform(x));
                if (pixel.isPresent() && Math.abs(pixel.get().x - 500) < 500 && Math.abs(pixel.get().y - 375) < 375) {
                    seen.get(v).add(new double[] {
                        pixel.get().x + 0.7 * random.nextGaussian(), pixel.get().y + 0.7 * random.nextGaussian(), p
                    });
                }
            }
            points[3 * p] = x.x;
            points[3 * p + 1] = x.y;
            points[3 * p + 2] = x.z;
        }
        List<View> views = new ArrayList<>();
        for (int v = 0; v < poses.size(); v++) {
            List<double[]> own = seen.get(v);
            views.add(new View(
                    name(v),
                    0,
                    poses.get(v),
                    own.stream()
                            .flatMapToDouble(o -> DoubleStream.of(o[0], o[1]))
                            .toArray(),
                    own.stream().mapToInt(o -> (int) o[2]).toArray()));
        }
        Scene exact = new Scene(List.of(CAMERA), views, new ScenePoints(points, new byte[3 * n], new double[n]));
        bent = SceneAdjustment.adjust(exact.transform(SFM_FROM_ENU), Map.of(), 2);
    }

    private static String name(int i) {
        return "photo%03d.jpg".formatted(i);
    }

    private interface Error {
        Vector3d of(int photo);
    }

    private List<Photo> photos(Optional<Error> gps, boolean gimbals) {
        List<Photo> photos = new ArrayList<>();
        for (int i = 0; i < centres.size(); i++) {
            int photo = i;
            Optional<GeoPosition> position =
                    gps.map(e -> Geodesy.geodetic(e.of(photo).add(centres.get(photo)), PLACE));
            photos.add(new Photo(
                    name(i),
                    Path.of(name(i)),
                    1000,
                    750,
                    new PhotoMetadata(
                            "",
                            OptionalDouble.empty(),
                            OptionalDouble.empty(),
                            1,
                            position,
                            gimbals ? Optional.of(new Attitude(0, -90, 0)) : Optional.empty(),
                            Optional.empty())));
        }
        return photos;
    }

    /** Mean distance of the cameras from the truth in metres, in the frame of a georeference. */
    private double meanError(Scene enu, GeoPosition origin) {
        double sum = 0;
        for (int i = 0; i < centres.size(); i++) {
            Vector3d truth = Geodesy.enu(Geodesy.geodetic(centres.get(i), PLACE), origin);
            sum += enu.view(name(i))
                    .orElseThrow()
                    .camFromWorld()
                    .targetOriginInSource()
                    .distance(truth);
        }
        return sum / centres.size();
    }

    private static Vector3d noise(Random random, double sigma) {
        return new Vector3d(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()).mul(sigma);
    }

    @Test
    void gpsStraightensTheModelEvenWithWrongPositionsAmongThem() throws IOException {
        for (int wrong : new int[] {0, 8}) {
            Random random = new Random(6);
            List<Photo> photos = photos(
                    Optional.of(i -> wrong > 0 && i % (80 / wrong) == 3 ? new Vector3d(60, -45, 30) : noise(random, 1)),
                    false);
            Georeference first = Georeferencing.align(bent, photos).orElseThrow();
            double before = meanError(bent.transform(first.enuFromScene()), first.origin());
            GpsAdjustment.Result result = GpsAdjustment.adjust(bent, photos, 2);
            Georeference second = result.georeference().orElseThrow();
            double after = meanError(result.scene(), second.origin());
            assertThat(result.note()).contains("GPS and gravity of 80 photos held");
            assertThat(after).isLessThan(0.6 * before);
            // What is said to have been applied was applied, to within the straightening.
            Vector3d moved = second.enuFromScene()
                    .transform(bent.view(name(20)).orElseThrow().camFromWorld().targetOriginInSource());
            assertThat(moved.distance(result.scene()
                            .view(name(20))
                            .orElseThrow()
                            .camFromWorld()
                            .targetOriginInSource()))
                    .isLessThan(3 * before);
        }
    }

    @Test
    void positionsOfAnotherFlightAreLeftOut() throws IOException {
        // Smoothly wrong by up to 60 m, far more than pixels allow the model to bend.
        List<Photo> photos = photos(
                Optional.of(i -> new Vector3d(0, 60 * Math.sin(6 * Math.PI * (i % COLUMNS) / COLUMNS), 0)), false);
        GpsAdjustment.Result result = GpsAdjustment.adjust(bent, photos, 2);
        assertThat(result.scene().meanReprojectionError()).isLessThan(1.06 * bent.meanReprojectionError());
    }

    @Test
    void gimbalsAloneDoNoHarm() throws IOException {
        GpsAdjustment.Result result = GpsAdjustment.adjust(bent, photos(Optional.empty(), true), 2);
        assertThat(result.georeference()).isEmpty();
        assertThat(result.note()).contains("held");
        assertThat(upSpread(result.scene())).isLessThan(1.001 * upSpread(bent));
        GpsAdjustment.Result nothing = GpsAdjustment.adjust(bent, photos(Optional.empty(), false), 2);
        assertThat(nothing.scene()).isSameAs(bent);
        assertThat(nothing.note()).isEmpty();
    }

    /** Root mean square angle of the viewing directions, all straight down in truth, to their mean, in radians. */
    private static double upSpread(Scene scene) {
        List<Vector3d> down = scene.views().stream()
                .map(v -> v.camFromWorld().rotation().transformInverse(new Vector3d(0, 0, 1)))
                .toList();
        Vector3d mean = CameraAttitudes.meanOf(down);
        return Math.sqrt(down.stream()
                .mapToDouble(d -> Math.pow(d.angle(mean), 2))
                .average()
                .orElse(0));
    }
}
