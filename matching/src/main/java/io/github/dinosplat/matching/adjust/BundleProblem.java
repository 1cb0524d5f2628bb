package io.github.dinosplat.matching.adjust;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.Arrays;
import java.util.List;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * A bundle adjustment problem and, once solved, its solution: cameras, poses, points and the pixels at which views
 * observe points. By default every pose and point is refined and every camera parameter is kept. Mutable, for one thread
 * at a time.
 */
public final class BundleProblem {

    /** Bits of the six pose parameters: rotation about x, y, z, then translation along x, y, z. */
    static final int ALL_FREE = 0b111111;

    final int viewCount;
    final int pointCount;
    final int observationCount;
    final int[] viewCamera;
    /** Observations ordered by point: those of point p are pointStart[p] to pointStart[p + 1]. */
    final int[] pointStart;

    final int[] observationView;
    final double[] pixels;
    /** Free pose parameters of each view, a bit each. */
    final int[] freePose;

    final boolean[] fixedPoint;
    /** Indices of the refined parameters of each camera. */
    final int[][] refined;

    final PosePriors priors;

    Camera[] cameras;
    /** Rotation x, y, z, w and translation of each view. */
    double[] poses;

    double[] points;

    /**
     * A problem.
     *
     * @param cameras initial intrinsics
     * @param camFromWorld initial pose of each view
     * @param viewCamera index of each view's camera
     * @param points initial x, y, z of each point in the world, interleaved; copied
     * @param observationView view of each observation
     * @param observationPoint point of each observation
     * @param pixels observed x and y of each observation in pixels, interleaved
     * @throws IllegalArgumentException if lengths do not fit or an index points nowhere
     */
    public BundleProblem(
            List<Camera> cameras,
            List<Rigid3> camFromWorld,
            int[] viewCamera,
            double[] points,
            int[] observationView,
            int[] observationPoint,
            double[] pixels) {
        viewCount = camFromWorld.size();
        pointCount = points.length / 3;
        observationCount = observationView.length;
        if (viewCamera.length != viewCount) {
            throw new IllegalArgumentException(
                    "expected a camera for each of " + viewCount + " views but viewCamera has " + viewCamera.length);
        }
        if (points.length % 3 != 0
                || observationPoint.length != observationCount
                || pixels.length != 2 * observationCount) {
            throw new IllegalArgumentException("expected points [3 P], observationPoint [" + observationCount
                    + "] and pixels [" + 2 * observationCount + "] but were [" + points.length + "], ["
                    + observationPoint.length + "] and [" + pixels.length + "]");
        }
        this.cameras = cameras.toArray(Camera[]::new);
        this.viewCamera = viewCamera.clone();
        for (int c : viewCamera) {
            checkIndex("camera", c, this.cameras.length);
        }
        this.points = points.clone();
        poses = numbers(camFromWorld);
        for (int o = 0; o < observationCount; o++) {
            checkIndex("view", observationView[o], viewCount);
            checkIndex("point", observationPoint[o], pointCount);
        }
        pointStart = starts(observationPoint, pointCount);
        this.observationView = new int[observationCount];
        this.pixels = new double[2 * observationCount];
        int[] next = pointStart.clone();
        for (int o = 0; o < observationCount; o++) {
            int to = next[observationPoint[o]]++;
            this.observationView[to] = observationView[o];
            this.pixels[2 * to] = pixels[2 * o];
            this.pixels[2 * to + 1] = pixels[2 * o + 1];
        }
        freePose = new int[viewCount];
        Arrays.fill(freePose, ALL_FREE);
        priors = new PosePriors(viewCount);
        fixedPoint = new boolean[pointCount];
        refined = new int[this.cameras.length][0];
    }

    /** Rotation x, y, z, w and translation of each pose. */
    private static double[] numbers(List<Rigid3> poses) {
        double[] numbers = new double[7 * poses.size()];
        for (int v = 0; v < poses.size(); v++) {
            Rigid3 pose = poses.get(v);
            numbers[7 * v] = pose.rotation().x();
            numbers[7 * v + 1] = pose.rotation().y();
            numbers[7 * v + 2] = pose.rotation().z();
            numbers[7 * v + 3] = pose.rotation().w();
            numbers[7 * v + 4] = pose.translation().x();
            numbers[7 * v + 5] = pose.translation().y();
            numbers[7 * v + 6] = pose.translation().z();
        }
        return numbers;
    }

    /** Where the observations of each point begin, and in the end their number, once they are ordered by point. */
    private static int[] starts(int[] observationPoint, int pointCount) {
        int[] starts = new int[pointCount + 1];
        for (int point : observationPoint) {
            starts[point + 1]++;
        }
        for (int p = 0; p < pointCount; p++) {
            starts[p + 1] += starts[p];
        }
        return starts;
    }

    private static void checkIndex(String what, int index, int count) {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException(what + " index must lie in 0.." + (count - 1) + " but was " + index);
        }
    }

    /**
     * Refines some parameters of a camera.
     *
     * @param camera index of the camera
     * @param mask for each of its parameters whether it is refined
     * @throws IllegalArgumentException if the mask's length is not the number of parameters
     */
    public void refineCamera(int camera, boolean[] mask) {
        int n = cameras[camera].model().parameterCount();
        if (mask.length != n) {
            throw new IllegalArgumentException("expected mask [" + n + "] but was [" + mask.length + "]");
        }
        int[] chosen = new int[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            if (mask[i]) {
                chosen[count++] = i;
            }
        }
        refined[camera] = Arrays.copyOf(chosen, count);
    }

    /**
     * Keeps a view's pose.
     *
     * @param view index of the view
     */
    public void fixView(int view) {
        freePose[view] = 0;
    }

    /**
     * Keeps one coordinate of a view's translation; with another view fixed this sets the scale.
     *
     * @param view index of the view
     * @param axis 0, 1 or 2
     */
    public void fixTranslation(int view, int axis) {
        freePose[view] &= ~(1 << (3 + axis));
    }

    /**
     * Keeps a point.
     *
     * @param point index of the point
     */
    public void fixPoint(int point) {
        fixedPoint[point] = true;
    }

    /**
     * Adds what is known of where a camera stood, e.g. by GPS. Being off by one sigma costs as much as a residual of one
     * pixel; large errors hardly pull.
     *
     * @param view index of the view
     * @param centre the camera's centre in the world
     * @param sigma its standard errors along the world's axes, positive; infinite where nothing is known
     * @throws IllegalArgumentException if a sigma is not positive
     */
    public void addPositionPrior(int view, Vector3dc centre, Vector3dc sigma) {
        if (!(sigma.x() > 0 && sigma.y() > 0 && sigma.z() > 0)) {
            throw new IllegalArgumentException("sigmas must be positive but were " + sigma);
        }
        priors.addPosition(view, centre, sigma);
    }

    /**
     * Adds what is known of how a camera was held, e.g. by a gimbal, in a world whose z axis points up.
     *
     * @param view index of the view
     * @param upInCam direction of the world's z axis in the camera frame
     * @param sigmaRad standard error in radians, positive
     * @throws IllegalArgumentException if the sigma is not positive
     */
    public void addUpPrior(int view, Vector3dc upInCam, double sigmaRad) {
        if (!(sigmaRad > 0)) {
            throw new IllegalArgumentException("sigmaRad must be positive but was " + sigmaRad);
        }
        priors.addUp(view, upInCam, sigmaRad);
    }

    /**
     * The present intrinsics of a camera.
     *
     * @param camera index of the camera
     * @return camera
     */
    public Camera camera(int camera) {
        return cameras[camera];
    }

    /**
     * The present pose of a view.
     *
     * @param view index of the view
     * @return world-to-camera motion
     */
    public Rigid3 camFromWorld(int view) {
        int i = 7 * view;
        return new Rigid3(
                new Quaterniond(poses[i], poses[i + 1], poses[i + 2], poses[i + 3]),
                new Vector3d(poses[i + 4], poses[i + 5], poses[i + 6]));
    }

    /**
     * The present positions of the points.
     *
     * @return a new array of interleaved x, y, z in the world
     */
    public double[] points() {
        return points.clone();
    }
}
