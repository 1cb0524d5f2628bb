package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.Arrays;
import org.joml.Vector3d;
import org.jspecify.annotations.Nullable;

/**
 * A growing reconstruction: intrinsics, poses of the registered photos and points with their tracks. A point is observed
 * at most once by a photo. Points keep their number for life; a deleted one has an empty track.
 */
final class Model {

    final CorrespondenceGraph graph;
    final Camera[] cameras;
    final int[] cameraOf;
    private final @Nullable Rigid3[] poses;
    /** Rotation row by row, translation, centre of each registered photo. */
    private final double[] motion;

    private int registeredCount;
    /** Point that a keypoint observes, or -1. */
    final int[] pointOf;

    private double[] positions = new double[3 * 1024];
    private int[][] tracks = new int[1024][];
    private int[] trackLengths = new int[1024];
    private boolean[] touched = new boolean[1024];
    private int pointSlots;
    private int livePoints;
    /** Points below this number stay with a single observation. */
    private int kept;

    private final double[] pixel = new double[2];
    private final double[] ray = new double[2];

    Model(CorrespondenceGraph graph, Camera[] cameras, int[] cameraOf) {
        this.graph = graph;
        this.cameras = cameras.clone();
        this.cameraOf = cameraOf;
        poses = new Rigid3[graph.photos];
        motion = new double[15 * graph.photos];
        pointOf = new int[graph.keypoints()];
        Arrays.fill(pointOf, -1);
    }

    boolean isRegistered(int photo) {
        return poses[photo] != null;
    }

    int registeredCount() {
        return registeredCount;
    }

    Rigid3 pose(int photo) {
        Rigid3 pose = poses[photo];
        if (pose == null) {
            throw new IllegalStateException("photo " + photo + " is not registered");
        }
        return pose;
    }

    Camera camera(int photo) {
        return cameras[cameraOf[photo]];
    }

    void setPose(int photo, Rigid3 camFromWorld) {
        if (poses[photo] == null) {
            registeredCount++;
        }
        poses[photo] = camFromWorld;
        int at = 15 * photo;
        System.arraycopy(camFromWorld.rotationRowMajor(), 0, motion, at, 9);
        motion[at + 9] = camFromWorld.translation().x();
        motion[at + 10] = camFromWorld.translation().y();
        motion[at + 11] = camFromWorld.translation().z();
        Vector3d centre = camFromWorld.targetOriginInSource();
        motion[at + 12] = centre.x;
        motion[at + 13] = centre.y;
        motion[at + 14] = centre.z;
    }

    /** Takes a photo and its observations out. */
    void deregister(int photo) {
        for (int k = graph.first[photo]; k < graph.first[photo + 1]; k++) {
            removeObservation(k);
        }
        poses[photo] = null;
        registeredCount--;
    }

    // ---- points

    /** Points ever made; some may be deleted. */
    int pointSlots() {
        return pointSlots;
    }

    int livePoints() {
        return livePoints;
    }

    /** Keeps all points that there are, however few photos observe them. */
    void keepPoints() {
        kept = pointSlots;
    }

    boolean isLive(int point) {
        return trackLengths[point] > 0;
    }

    int trackLength(int point) {
        return trackLengths[point];
    }

    int trackKeypoint(int point, int i) {
        return tracks[point][i];
    }

    double coordinate(int point, int axis) {
        return positions[3 * point + axis];
    }

    void move(int point, double x, double y, double z) {
        positions[3 * point] = x;
        positions[3 * point + 1] = y;
        positions[3 * point + 2] = z;
    }

    int createPoint(double x, double y, double z, int[] keypoints, int count) {
        if (pointSlots == tracks.length) {
            int size = 2 * pointSlots;
            positions = Arrays.copyOf(positions, 3 * size);
            tracks = Arrays.copyOf(tracks, size);
            trackLengths = Arrays.copyOf(trackLengths, size);
            touched = Arrays.copyOf(touched, size);
        }
        int point = pointSlots++;
        tracks[point] = new int[Math.max(4, count)];
        move(point, x, y, z);
        livePoints++;
        for (int i = 0; i < count; i++) {
            addObservation(point, keypoints[i]);
        }
        return point;
    }

    void addObservation(int point, int keypoint) {
        int n = trackLengths[point];
        if (n == tracks[point].length) {
            tracks[point] = Arrays.copyOf(tracks[point], 2 * n);
        }
        tracks[point][n] = keypoint;
        trackLengths[point] = n + 1;
        pointOf[keypoint] = point;
        touched[point] = true;
    }

    /** Frees a keypoint; a point that is left with one observation goes, unless it is kept. */
    void removeObservation(int keypoint) {
        int point = pointOf[keypoint];
        if (point < 0) {
            return;
        }
        int[] track = tracks[point];
        int n = trackLengths[point];
        int i = 0;
        while (track[i] != keypoint) {
            i++;
        }
        System.arraycopy(track, i + 1, track, i, n - i - 1);
        trackLengths[point] = n - 1;
        pointOf[keypoint] = -1;
        touched[point] = true;
        if (n - 1 < 2 && point >= kept) {
            deletePoint(point);
        }
    }

    void deletePoint(int point) {
        for (int i = 0; i < trackLengths[point]; i++) {
            pointOf[tracks[point][i]] = -1;
        }
        trackLengths[point] = 0;
        tracks[point] = new int[0];
        touched[point] = false;
        livePoints--;
    }

    boolean isTouched(int point) {
        return touched[point];
    }

    void setTouched(int point, boolean value) {
        touched[point] = value;
    }

    /** Whether a photo observes a point already. */
    boolean observes(int photo, int point) {
        return observationOf(photo, point) >= 0;
    }

    /** The keypoint by which a photo observes a point, or -1. */
    int observationOf(int photo, int point) {
        for (int i = 0; i < trackLengths[point]; i++) {
            if (graph.photoOf[tracks[point][i]] == photo) {
                return tracks[point][i];
            }
        }
        return -1;
    }

    int observationCount(int photo) {
        int count = 0;
        for (int k = graph.first[photo]; k < graph.first[photo + 1]; k++) {
            count += pointOf[k] >= 0 ? 1 : 0;
        }
        return count;
    }

    int observationCount() {
        int count = 0;
        for (int p = 0; p < pointSlots; p++) {
            count += trackLengths[p];
        }
        return count;
    }

    // ---- geometry

    /** A position in a photo's camera frame. */
    void toCamera(int photo, double x, double y, double z, double[] out) {
        int m = 15 * photo;
        out[0] = motion[m] * x + motion[m + 1] * y + motion[m + 2] * z + motion[m + 9];
        out[1] = motion[m + 3] * x + motion[m + 4] * y + motion[m + 5] * z + motion[m + 10];
        out[2] = motion[m + 6] * x + motion[m + 7] * y + motion[m + 8] * z + motion[m + 11];
    }

    /** Entry of the world-to-camera rotation. */
    double rotation(int photo, int row, int column) {
        return motion[15 * photo + 3 * row + column];
    }

    double centre(int photo, int axis) {
        return motion[15 * photo + 12 + axis];
    }

    /** Squared reprojection error in pixels; infinite behind the camera. */
    double squaredError(int keypoint, double x, double y, double z) {
        int photo = graph.photoOf[keypoint];
        int m = 15 * photo;
        double cz = motion[m + 6] * x + motion[m + 7] * y + motion[m + 8] * z + motion[m + 11];
        if (!(cz > 1e-9)) {
            return Double.POSITIVE_INFINITY;
        }
        double cx = motion[m] * x + motion[m + 1] * y + motion[m + 2] * z + motion[m + 9];
        double cy = motion[m + 3] * x + motion[m + 4] * y + motion[m + 5] * z + motion[m + 10];
        camera(photo).project(cx, cy, cz, pixel, null, null);
        double dx = pixel[0] - graph.pixels[2 * keypoint];
        double dy = pixel[1] - graph.pixels[2 * keypoint + 1];
        return dx * dx + dy * dy;
    }

    double squaredError(int keypoint, int point) {
        return squaredError(keypoint, positions[3 * point], positions[3 * point + 1], positions[3 * point + 2]);
    }

    /** Unit direction of a keypoint's ray in the world. */
    void direction(int keypoint, double[] out) {
        int photo = graph.photoOf[keypoint];
        camera(photo).unproject(graph.pixels[2 * keypoint], graph.pixels[2 * keypoint + 1], ray);
        int m = 15 * photo;
        double s = 1 / Math.sqrt(ray[0] * ray[0] + ray[1] * ray[1] + 1);
        for (int i = 0; i < 3; i++) {
            out[i] = s * (motion[m + i] * ray[0] + motion[m + 3 + i] * ray[1] + motion[m + 6 + i]);
        }
    }

    /** Cosine of the angle at a position between the rays to two photos. */
    double cosAngle(int photoA, int photoB, double x, double y, double z) {
        int a = 15 * photoA + 12;
        int b = 15 * photoB + 12;
        double ax = motion[a] - x;
        double ay = motion[a + 1] - y;
        double az = motion[a + 2] - z;
        double bx = motion[b] - x;
        double by = motion[b + 1] - y;
        double bz = motion[b + 2] - z;
        double norm = Math.sqrt((ax * ax + ay * ay + az * az) * (bx * bx + by * by + bz * bz));
        return norm == 0 ? 1 : (ax * bx + ay * by + az * bz) / norm;
    }

    /** Whether two rays of a point meet at no less than an angle. */
    boolean hasAngle(int point, double maxCos) {
        int[] track = tracks[point];
        double x = positions[3 * point];
        double y = positions[3 * point + 1];
        double z = positions[3 * point + 2];
        for (int i = 0; i < trackLengths[point]; i++) {
            for (int j = 0; j < i; j++) {
                if (cosAngle(graph.photoOf[track[i]], graph.photoOf[track[j]], x, y, z) <= maxCos) {
                    return true;
                }
            }
        }
        return false;
    }
}
