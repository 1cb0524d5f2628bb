package io.github.dinosplat.aerial.geo;

import io.github.dinosplat.scene.Attitude;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.joml.Vector3d;

/**
 * What the cameras' attitudes say about which way is up, in the scene's frame: from gimbal angles, from photos taken
 * upright, or from photos taken straight down.
 */
final class CameraAttitudes {

    /** A gimbal further than this from the mean of all is taken for wrong. */
    private static final double GIMBAL_OUTLIER = Math.toRadians(10);

    private final List<Vector3d> viewDirections = new ArrayList<>();
    private final List<Vector3d> photoUps = new ArrayList<>();
    private final List<Vector3d> photoRights = new ArrayList<>();
    private final List<Vector3d> gimbalUps = new ArrayList<>();

    CameraAttitudes(Scene scene, Map<String, Photo> photos) {
        for (View view : scene.views()) {
            viewDirections.add(inScene(view, 0, 0, 1));
            Photo photo = photos.get(view.name());
            int orientation = photo == null ? 1 : photo.metadata().orientation();
            double[] up = storedUp(orientation);
            photoUps.add(inScene(view, up[0], up[1], 0));
            photoRights.add(inScene(view, -up[1], up[0], 0));
            if (photo != null) {
                photo.metadata().gimbal().ifPresent(g -> gimbalUps.add(gimbalUp(view, g)));
            }
        }
    }

    /** The direction in the stored pixel grid (x right, y down) that is up when the photo is shown as EXIF says. */
    private static double[] storedUp(int exifOrientation) {
        return switch (exifOrientation) {
            case 3, 4 -> new double[] {0, 1};
            case 5, 6 -> new double[] {-1, 0};
            case 7, 8 -> new double[] {1, 0};
            default -> new double[] {0, -1};
        };
    }

    /** The direction, in the camera's frame, that is up by a gimbal's angles. */
    static Vector3d upInCam(Attitude gimbal) {
        double pitch = Math.toRadians(gimbal.pitchDeg());
        double roll = Math.toRadians(gimbal.rollDeg());
        return new Vector3d(-Math.sin(roll) * Math.cos(pitch), -Math.cos(roll) * Math.cos(pitch), Math.sin(pitch));
    }

    private static Vector3d gimbalUp(View view, Attitude gimbal) {
        Vector3d up = upInCam(gimbal);
        return inScene(view, up.x, up.y, up.z);
    }

    private static Vector3d inScene(View view, double x, double y, double z) {
        return view.camFromWorld().rotation().transformInverse(new Vector3d(x, y, z));
    }

    /** Up by the gimbals, where at least half of the views have one. */
    Optional<Vector3d> upByGimbals() {
        if (gimbalUps.isEmpty() || 2 * gimbalUps.size() < viewDirections.size()) {
            return Optional.empty();
        }
        Vector3d mean = meanOf(gimbalUps).normalize();
        List<Vector3d> sound =
                gimbalUps.stream().filter(up -> up.angle(mean) < GIMBAL_OUTLIER).toList();
        return 2 * sound.size() < gimbalUps.size()
                ? Optional.empty()
                : Optional.of(meanOf(sound).normalize());
    }

    /**
     * Whether the cameras look straight down, roughly: all in one direction, which is that of the normal of the plane in
     * which they stand.
     *
     * @param centres camera centres in the scene
     */
    boolean lookDown(Vector3d[] centres) {
        Vector3d view = meanOf(viewDirections);
        if (view.length() < 0.8) {
            return false;
        }
        SymmetricEigen spread = SymmetricEigen.of(covariance(centres));
        boolean isSheet = spread.values()[1] > 0.01 * spread.values()[2];
        Vector3d normal = new Vector3d(spread.vectors()[0]);
        return isSheet && Math.abs(normal.dot(view.normalize())) > Math.cos(Math.toRadians(30));
    }

    /** Up against the mean viewing direction of cameras that look down. */
    Vector3d upAgainstView() {
        return meanOf(viewDirections).normalize().negate();
    }

    /**
     * Up of photos that were taken upright: the direction that is square to the photos' horizontal axes, whatever their
     * pitch; the mean of the photos' own up directions where all look the same way and that direction is not distinct.
     */
    Vector3d upOfUprightPhotos() {
        Vector3d meanUp = meanOf(photoUps).normalize();
        double[][] scatter = new double[3][3];
        for (Vector3d right : photoRights) {
            addOuter(scatter, right);
        }
        SymmetricEigen eigen = SymmetricEigen.of(scatter);
        if (eigen.values()[1] < 4 * eigen.values()[0]) {
            return meanUp;
        }
        Vector3d up = new Vector3d(eigen.vectors()[0]);
        return up.dot(meanUp) < 0 ? up.negate() : up;
    }

    /** The mean of vectors, not normalised. */
    static Vector3d meanOf(List<Vector3d> vectors) {
        Vector3d sum = new Vector3d();
        vectors.forEach(sum::add);
        return sum.div(vectors.size());
    }

    /** Covariance of points about their mean. */
    static double[][] covariance(Vector3d[] points) {
        Vector3d mean = meanOf(List.of(points));
        double[][] c = new double[3][3];
        for (Vector3d p : points) {
            addOuter(c, new Vector3d(p).sub(mean));
        }
        for (double[] row : c) {
            for (int i = 0; i < 3; i++) {
                row[i] /= points.length;
            }
        }
        return c;
    }

    private static void addOuter(double[][] sum, Vector3d v) {
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 3; c++) {
                sum[r][c] += v.get(r) * v.get(c);
            }
        }
    }
}
