package io.github.dinosplat.scene;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.joml.Vector3d;

/**
 * The one scene type of the project: cameras, registered photos and sparse points with their tracks. What structure from
 * motion gives, COLMAP files hold, and depth, splats and maps start from. Immutable.
 *
 * <p>Cameras, views and points refer to each other by index. A point's track is the list of its observations, ordered by
 * view and then keypoint; it follows from the views, which are the only place where it is stored.
 */
public final class Scene {

    private final List<Camera> cameras;
    private final List<View> views;
    private final ScenePoints points;
    /** Track of point i: entries trackStart[i] to trackStart[i + 1] of the two arrays below. */
    private final int[] trackStart;

    private final int[] trackView;
    private final int[] trackKeypoint;

    /**
     * A scene.
     *
     * @param cameras intrinsics
     * @param views registered photos, names all different
     * @param points sparse points
     * @throws IllegalArgumentException if an index points nowhere or a name comes twice
     */
    public Scene(List<Camera> cameras, List<View> views, ScenePoints points) {
        this.cameras = List.copyOf(cameras);
        this.views = List.copyOf(views);
        this.points = points;
        int n = points.count();
        trackStart = new int[n + 1];
        Set<String> names = new HashSet<>();
        for (View view : this.views) {
            if (!names.add(view.name())) {
                throw new IllegalArgumentException("the scene has two views named " + view.name());
            }
            if (view.cameraIndex() < 0 || view.cameraIndex() >= this.cameras.size()) {
                throw new IllegalArgumentException(
                        view + " refers to a camera outside 0.." + (this.cameras.size() - 1));
            }
            for (int k = 0; k < view.keypointCount(); k++) {
                int p = view.pointIndex(k);
                if (p < -1 || p >= n) {
                    throw new IllegalArgumentException(
                            view + ", keypoint " + k + " refers to point " + p + " outside -1.." + (n - 1));
                }
                if (p >= 0) {
                    trackStart[p + 1]++;
                }
            }
        }
        for (int i = 0; i < n; i++) {
            trackStart[i + 1] += trackStart[i];
        }
        trackView = new int[trackStart[n]];
        trackKeypoint = new int[trackStart[n]];
        int[] next = trackStart.clone();
        for (int v = 0; v < this.views.size(); v++) {
            View view = this.views.get(v);
            for (int k = 0; k < view.keypointCount(); k++) {
                int p = view.pointIndex(k);
                if (p >= 0) {
                    trackView[next[p]] = v;
                    trackKeypoint[next[p]++] = k;
                }
            }
        }
    }

    /**
     * The intrinsics.
     *
     * @return unmodifiable list
     */
    public List<Camera> cameras() {
        return cameras;
    }

    /**
     * The registered photos.
     *
     * @return unmodifiable list
     */
    public List<View> views() {
        return views;
    }

    /**
     * The sparse points.
     *
     * @return points
     */
    public ScenePoints points() {
        return points;
    }

    /**
     * The camera of a view.
     *
     * @param view one of this scene's views
     * @return its intrinsics
     */
    public Camera cameraOf(View view) {
        return cameras.get(view.cameraIndex());
    }

    /**
     * The view of a photo.
     *
     * @param name photo name
     * @return the view, or empty when the photo is not registered
     */
    public Optional<View> view(String name) {
        return views.stream().filter(v -> v.name().equals(name)).findFirst();
    }

    /**
     * How many observations a point has.
     *
     * @param point point index
     * @return length of its track
     */
    public int trackLength(int point) {
        return trackStart[point + 1] - trackStart[point];
    }

    /**
     * The view of an observation.
     *
     * @param point point index
     * @param i which observation, from 0 to {@link #trackLength} less 1
     * @return index into {@link #views()}
     */
    public int trackView(int point, int i) {
        return trackView[trackStart[point] + i];
    }

    /**
     * The keypoint of an observation.
     *
     * @param point point index
     * @param i which observation
     * @return keypoint index within its view
     */
    public int trackKeypoint(int point, int i) {
        return trackKeypoint[trackStart[point] + i];
    }

    /**
     * The number of observations of all points.
     *
     * @return sum of all track lengths
     */
    public int observationCount() {
        return trackView.length;
    }

    /**
     * The mean distance in pixels between the observed and the projected positions of all points, recomputed. An
     * observation of a point behind its camera counts as infinite.
     *
     * @return mean reprojection error in pixels; 0 without observations
     */
    public double meanReprojectionError() {
        double sum = 0;
        double[] pixel = new double[2];
        for (int p = 0; p < points.count(); p++) {
            Vector3d world = points.position(p);
            for (int i = 0; i < trackLength(p); i++) {
                View view = views.get(trackView(p, i));
                Vector3d c = view.camFromWorld().transform(world);
                if (!(c.z > 0)) {
                    return Double.POSITIVE_INFINITY;
                }
                cameraOf(view).project(c.x, c.y, c.z, pixel, null, null);
                int k = trackKeypoint(p, i);
                sum += Math.hypot(pixel[0] - view.x(k), pixel[1] - view.y(k));
            }
        }
        return observationCount() == 0 ? 0 : sum / observationCount();
    }

    /**
     * The scene moved by a similarity: every photo looks the same from the moved cameras.
     *
     * @param targetFromWorld similarity
     * @return a new scene
     */
    public Scene transform(Similarity3 targetFromWorld) {
        List<View> moved = new ArrayList<>();
        for (View v : views) {
            moved.add(v.withPose(targetFromWorld.transformPose(v.camFromWorld())));
        }
        return new Scene(cameras, moved, points.transform(targetFromWorld));
    }
}
