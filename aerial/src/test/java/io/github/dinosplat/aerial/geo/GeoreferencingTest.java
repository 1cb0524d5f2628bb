package io.github.dinosplat.aerial.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.joml.Matrix3d;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class GeoreferencingTest {

    private static final GeoPosition PLACE = new GeoPosition(46.5, 7.25, 612);
    /** What structure from motion makes of the world: another unit, attitude and origin. */
    private static final Similarity3 SFM_FROM_ENU =
            new Similarity3(0.037, new Quaterniond().rotationXYZ(0.7, -1.9, 2.4), new Vector3d(3, -8, 1));

    /** A world in east-north-up metres, photographed; the GPS is filled in by each test. */
    private static final class World {
        final List<Vector3d> centres = new ArrayList<>();
        final List<Rigid3> poses = new ArrayList<>();
        final List<Vector3d> gps = new ArrayList<>();
        final List<Integer> orientations = new ArrayList<>();
        final List<Attitude> gimbals = new ArrayList<>();
        final List<Vector3d> points = new ArrayList<>();
        final Random random = new Random(5);

        /** A photo at a place that looks by heading (clockwise from north) and pitch, in radians; roll noise included. */
        void photo(Vector3d centre, double heading, double pitch, double noise) {
            double h = heading + noise * random.nextGaussian();
            double p = pitch + noise * random.nextGaussian();
            Vector3d forward = new Vector3d(Math.sin(h) * Math.cos(p), Math.cos(h) * Math.cos(p), Math.sin(p));
            Vector3d right = new Vector3d(Math.cos(h), -Math.sin(h), 0);
            right.rotateAxis(noise * random.nextGaussian(), forward.x, forward.y, forward.z);
            Vector3d down = new Vector3d(forward).cross(right);
            Matrix3d camFromWorld = new Matrix3d(right, down, forward).transpose();
            Quaterniond q = new Quaterniond().setFromNormalized(camFromWorld);
            poses.add(new Rigid3(q, q.transform(centre, new Vector3d()).negate()));
            centres.add(centre);
            gps.add(new Vector3d(centre));
            orientations.add(1);
        }

        /** Nadir lawn-mower flight over ground with mounds and houses. */
        static World flight(double groundSlope) {
            World world = new World();
            for (int row = 0; row < 6; row++) {
                for (int k = 0; k < 8; k++) {
                    double heading = row % 2 == 0 ? 0.3 : 0.3 + Math.PI;
                    world.photo(new Vector3d(row * 22 - 55, k * 18 - 63, 60), heading, Math.toRadians(-90), 0.05);
                }
            }
            for (int i = 0; i < 3000; i++) {
                double x = world.random.nextDouble() * 160 - 80;
                double y = world.random.nextDouble() * 180 - 90;
                double house = i % 4 == 0 ? 8 * world.random.nextDouble() : 0;
                world.points.add(new Vector3d(x, y, groundSlope * x + house + 0.2 * world.random.nextGaussian()));
            }
            return world;
        }

        /** A walk along a street, photos to all sides. */
        static World walk() {
            World world = new World();
            for (int i = 0; i < 30; i++) {
                Vector3d centre = new Vector3d(i * 4 - 58, 0.15 * (i * 4 - 58) + world.random.nextGaussian(), 1.6);
                world.photo(centre, 0.4 * Math.sin(i), 0.1 * Math.cos(2.2 * i), 0.02);
            }
            for (int i = 0; i < 500; i++) {
                world.points.add(
                        new Vector3d(world.random.nextDouble() * 140 - 70, 25, world.random.nextDouble() * 12));
            }
            return world;
        }

        Scene scene() {
            List<View> views = new ArrayList<>();
            for (int i = 0; i < poses.size(); i++) {
                views.add(new View(name(i), 0, poses.get(i), new double[0], new int[0]));
            }
            double[] positions = new double[3 * points.size()];
            for (int i = 0; i < points.size(); i++) {
                positions[3 * i] = points.get(i).x;
                positions[3 * i + 1] = points.get(i).y;
                positions[3 * i + 2] = points.get(i).z;
            }
            Camera camera = new Camera(CameraModel.SIMPLE_PINHOLE, 2000, 1500, 1450, 1000, 750);
            ScenePoints scenePoints = new ScenePoints(positions, new byte[positions.length], new double[points.size()]);
            return new Scene(List.of(camera), views, scenePoints).transform(SFM_FROM_ENU);
        }

        List<Photo> photos() {
            List<Photo> photos = new ArrayList<>();
            for (int i = 0; i < poses.size(); i++) {
                Optional<GeoPosition> position =
                        gps.get(i) == null ? Optional.empty() : Optional.of(Geodesy.geodetic(gps.get(i), PLACE));
                PhotoMetadata metadata = new PhotoMetadata(
                        "",
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        orientations.get(i),
                        position,
                        gimbals.isEmpty() ? Optional.empty() : Optional.of(gimbals.get(i)),
                        Optional.empty());
                photos.add(new Photo(name(i), Path.of(name(i)), 2000, 1500, metadata));
            }
            return photos;
        }

        private static String name(int i) {
            return "photo%03d.jpg".formatted(i);
        }

        Georeference align() {
            return Georeferencing.align(scene(), photos()).orElseThrow();
        }

        /** Angle between true and found up, in degrees. */
        double tiltErrorDeg(Georeference found) {
            Vector3d up = enuFromTrueEnu(found).rotation().transform(new Vector3d(0, 0, 1));
            return Math.toDegrees(up.angle(new Vector3d(0, 0, 1)));
        }

        /** Largest horizontal error over the true camera centres, in metres. */
        double worstHorizontalError(Georeference found) {
            double worst = 0;
            for (Vector3d centre : centres) {
                Vector3d truth = Geodesy.enu(Geodesy.geodetic(centre, PLACE), found.origin());
                Vector3d moved = enuFromTrueEnu(found).transform(centre);
                worst = Math.max(worst, Math.hypot(moved.x - truth.x, moved.y - truth.y));
            }
            return worst;
        }

        private static Similarity3 enuFromTrueEnu(Georeference found) {
            return found.enuFromScene().compose(SFM_FROM_ENU);
        }
    }

    @Test
    void exactPositionsGiveTheExactSimilarityAndTiltFromGps() {
        World world = World.flight(0.1);
        Georeference found = world.align();
        assertThat(found.tiltFrom()).isEqualTo(TiltSource.GPS);
        assertThat(found.enuFromScene().scale()).isCloseTo(1 / 0.037, within(1e-6));
        assertThat(world.tiltErrorDeg(found)).isLessThan(1e-3);
        assertThat(world.worstHorizontalError(found)).isLessThan(1e-4);
        assertThat(found.horizontalRmsMetres()).isLessThan(1e-4);
        assertThat(found.verticalRmsMetres()).isLessThan(1e-4);
        assertThat(found.photosUsed()).isEqualTo(48);
        assertThat(found.photosWithGps()).isEqualTo(48);
    }

    @Test
    void driftingHeightsDoNotTiltAFlight() {
        World world = World.flight(0);
        for (int i = 0; i < world.gps.size(); i++) {
            world.gps.get(i).add(world.random.nextGaussian(), world.random.nextGaussian(), 1.3 * i - 30);
        }
        Georeference found = world.align();
        assertThat(found.tiltFrom()).isEqualTo(TiltSource.GROUND_PLANE);
        assertThat(world.tiltErrorDeg(found)).isLessThan(0.5);
        assertThat(found.enuFromScene().scale() * 0.037).isCloseTo(1, within(0.02));
        assertThat(world.worstHorizontalError(found)).isLessThan(2);
        assertThat(found.verticalRmsMetres()).isBetween(15.0, 25.0);

        Optional<Similarity3> naive = SimilarityFit.robust3d(
                world.scene().views().stream()
                        .map(v -> v.camFromWorld().targetOriginInSource())
                        .toArray(Vector3d[]::new),
                world.gps.toArray(Vector3d[]::new),
                5,
                0);
        Vector3d naiveUp = naive.orElseThrow().compose(SFM_FROM_ENU).rotation().transform(new Vector3d(0, 0, 1));
        assertThat(Math.toDegrees(naiveUp.angle(new Vector3d(0, 0, 1)))).isGreaterThan(5);
    }

    @Test
    void withoutFlatGroundTheViewingDirectionsTell() {
        World world = World.flight(0);
        world.points.clear();
        for (int i = 0; i < world.gps.size(); i++) {
            world.gps.get(i).z += 1.3 * i;
        }
        Georeference found = world.align();
        assertThat(found.tiltFrom()).isEqualTo(TiltSource.GRAVITY);
        assertThat(world.tiltErrorDeg(found)).isLessThan(2);
    }

    @Test
    void gimbalAnglesComeBeforeTheGround() {
        World world = World.flight(0.15);
        for (int i = 0; i < world.gps.size(); i++) {
            world.gps.get(i).z += 1.3 * i;
            Rigid3 pose = world.poses.get(i);
            Vector3d forward = pose.rotation().transformInverse(new Vector3d(0, 0, 1));
            Vector3d right = pose.rotation().transformInverse(new Vector3d(1, 0, 0));
            double pitch = Math.toDegrees(Math.asin(forward.z));
            double roll = Math.toDegrees(Math.asin(-right.z / Math.max(1e-3, Math.cos(Math.toRadians(pitch)))));
            world.gimbals.add(new Attitude(0, pitch, Double.isNaN(roll) ? 0 : roll));
        }
        world.gimbals.set(3, new Attitude(0, 40, 0));
        Georeference found = world.align();
        assertThat(found.tiltFrom()).isEqualTo(TiltSource.GRAVITY);
        assertThat(world.tiltErrorDeg(found)).isLessThan(1);
    }

    @Test
    void uprightPhotosOfAWalkTellUpFromGravity() {
        World world = World.walk();
        for (Vector3d gps : world.gps) {
            gps.add(2 * world.random.nextGaussian(), 2 * world.random.nextGaussian(), 4 * world.random.nextGaussian());
        }
        Georeference found = world.align();
        assertThat(found.tiltFrom()).isEqualTo(TiltSource.GRAVITY);
        assertThat(world.tiltErrorDeg(found)).isLessThan(2);
        assertThat(found.enuFromScene().scale() * 0.037).isCloseTo(1, within(0.04));
    }

    @Test
    void storedPixelsTurnedByExifAreTurnedBack() {
        World world = World.walk();
        Quaterniond quarter = new Quaterniond().rotationZ(-Math.PI / 2);
        for (int i = 0; i < world.poses.size(); i++) {
            world.gps.get(i).z += 4 * world.random.nextGaussian();
            // Stored with its left side up: shown as EXIF orientation 6 says, by a quarter turn clockwise.
            world.poses.set(i, new Rigid3(quarter, new Vector3d()).compose(world.poses.get(i)));
            world.orientations.set(i, 6);
        }
        assertThat(world.tiltErrorDeg(world.align())).isLessThan(2);
    }

    @Test
    void grossOutliersAreLeftOutButReported() {
        World world = World.flight(0);
        for (int i = 0; i < world.gps.size(); i += 6) {
            world.gps.get(i).add(400, -250, 0);
        }
        Georeference found = world.align();
        assertThat(found.photosUsed()).isEqualTo(40);
        assertThat(found.photosWithGps()).isEqualTo(48);
        assertThat(world.worstHorizontalError(found)).isLessThan(0.5);
        assertThat(found.horizontalRmsMetres()).isGreaterThan(100);
    }

    @Test
    void missingHeightsAndMissingPositionsAreAllowed() {
        World world = World.flight(0);
        List<Photo> photos = new ArrayList<>();
        for (Photo photo : world.photos()) {
            Optional<GeoPosition> position = photos.size() % 3 == 0
                    ? Optional.empty()
                    : photo.metadata()
                            .position()
                            .map(p -> new GeoPosition(p.latitudeDeg(), p.longitudeDeg(), Double.NaN));
            PhotoMetadata metadata = new PhotoMetadata(
                    "",
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    1,
                    position,
                    Optional.empty(),
                    Optional.empty());
            photos.add(new Photo(photo.name(), photo.path(), 2000, 1500, metadata));
        }
        Georeference found = Georeferencing.align(world.scene(), photos).orElseThrow();
        assertThat(found.tiltFrom()).isEqualTo(TiltSource.GROUND_PLANE);
        assertThat(found.verticalRmsMetres()).isNaN();
        assertThat(found.photosWithGps()).isEqualTo(32);
        assertThat(world.worstHorizontalError(found)).isLessThan(0.5);
    }

    @Test
    void aPoorReceiverIsUsedWhereManyPhotosMakeUpForIt() {
        World world = World.flight(0);
        for (Vector3d gps : world.gps) {
            gps.add(
                    11 * world.random.nextGaussian(),
                    11 * world.random.nextGaussian(),
                    20 * world.random.nextGaussian());
        }
        Georeference found = world.align();
        assertThat(found.photosUsed()).isGreaterThan(44);
        assertThat(found.enuFromScene().scale() * 0.037).isCloseTo(1, within(0.1));
        assertThat(found.horizontalRmsMetres()).isBetween(11.0, 20.0);
    }

    @Test
    void theSamePoorReceiverIsNotUsedForAFewPhotos() {
        World world = World.flight(0);
        for (int i = 0; i < world.gps.size(); i++) {
            Vector3d noise = new Vector3d(11 * world.random.nextGaussian(), 11 * world.random.nextGaussian(), 0);
            world.gps.set(i, i % 8 == 0 ? world.gps.get(i).add(noise) : null);
        }
        assertThat(Georeferencing.align(world.scene(), world.photos())).isEmpty();
    }

    @Test
    void aSecondModelGoesIntoTheFrameOfTheFirst() {
        World world = World.flight(0);
        Georeference first = world.align();
        GeoPosition elsewhere = Geodesy.geodetic(new Vector3d(500, -300, 20), first.origin());
        Georeference second =
                Georeferencing.align(world.scene(), world.photos(), elsewhere).orElseThrow();
        assertThat(second.origin()).isEqualTo(elsewhere);
        assertThat(world.worstHorizontalError(second)).isLessThan(1e-3);
    }

    @Test
    void gpsIsNotUsedWherePhotosStandCloserThanItsNoise() {
        World world = new World();
        for (int i = 0; i < 12; i++) {
            world.photo(new Vector3d(i * 0.5, 0.1 * i * i, 1.6), 0.2 * i, 0, 0.01);
            world.gps.get(i).add(3 * world.random.nextGaussian(), 3 * world.random.nextGaussian(), 0);
        }
        assertThat(Georeferencing.align(world.scene(), world.photos())).isEmpty();
    }

    @Test
    void gpsThatDoesNotFitTheCamerasIsNotUsed() {
        World world = World.flight(0);
        for (Vector3d gps : world.gps) {
            gps.set(80 * world.random.nextGaussian(), 80 * world.random.nextGaussian(), 60);
        }
        assertThat(Georeferencing.align(world.scene(), world.photos())).isEmpty();
    }

    @Test
    void noGpsGivesNothing() {
        World world = World.flight(0);
        world.gps.replaceAll(g -> null);
        assertThat(Georeferencing.align(world.scene(), world.photos())).isEmpty();
    }
}
