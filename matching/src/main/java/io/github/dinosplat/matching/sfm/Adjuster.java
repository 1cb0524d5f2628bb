package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.matching.adjust.AdjustmentOptions;
import io.github.dinosplat.matching.adjust.BundleAdjustment;
import io.github.dinosplat.matching.adjust.BundleProblem;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.joml.Vector3d;

/** Hands a {@link Model} or a part of it to the bundle adjustment and takes the result back. */
final class Adjuster {

    private final Model model;
    private final CorrespondenceGraph graph;
    private final List<MappingCamera> priors;
    /** Parameters of each camera that are refined. */
    final boolean[][] masks;

    Adjuster(Model model, List<MappingCamera> priors) {
        this.model = model;
        this.graph = model.graph;
        this.priors = priors;
        masks = priors.stream().map(MappingCamera::mask).toArray(boolean[][]::new);
    }

    /** Refines all poses, points and, from three photos on, the intrinsics that may be. */
    void all(AdjustmentOptions options) {
        Part part = whole(model.cameras);
        BundleAdjustment.adjust(part.problem, options);
        store(part);
    }

    /**
     * Refines a photo, those that share most points with it, and all points that they observe; the other photos that see these
     * points are kept.
     *
     * @param photo a registered photo
     * @param count how many photos are refined, the photo included
     * @param options how
     */
    void around(int photo, int count, AdjustmentOptions options) {
        boolean[] moving = new boolean[graph.photos];
        for (int near : neighbourhood(photo, count)) {
            moving[near] = true;
        }
        Part part = part(moving, model.cameras);
        BundleAdjustment.adjust(part.problem, options);
        store(part);
    }

    /** A photo and the registered photos that share most points with it. */
    private int[] neighbourhood(int photo, int count) {
        int[] shared = new int[graph.photos];
        for (int k = graph.first[photo]; k < graph.first[photo + 1]; k++) {
            int point = model.pointOf[k];
            for (int i = 0; point >= 0 && i < model.trackLength(point); i++) {
                shared[graph.photoOf[model.trackKeypoint(point, i)]]++;
            }
        }
        shared[photo] = Integer.MAX_VALUE;
        Integer[] order = new Integer[graph.photos];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingInt((Integer i) -> -shared[i]).thenComparingInt(i -> i));
        return Arrays.stream(order)
                .limit(count)
                .filter(i -> shared[i] > 0)
                .mapToInt(i -> i)
                .toArray();
    }

    /** A part of the model as a problem: the photos of its views and the points of its points. */
    record Part(BundleProblem problem, List<Integer> photos, boolean[] moving, int[] points) {}

    /** The whole model with other intrinsics, of which those are refined that {@link #masks} says. */
    Part whole(Camera[] start) {
        boolean[] moving = new boolean[graph.photos];
        for (int i = 0; i < graph.photos; i++) {
            moving[i] = model.isRegistered(i);
        }
        Part part = part(moving, start);
        for (int c = 0; model.registeredCount() >= 3 && c < start.length; c++) {
            if (photosOf(c) > 0) {
                part.problem.refineCamera(c, masks[c]);
            }
        }
        return part;
    }

    int photosOf(int camera) {
        int count = 0;
        for (int i = 0; i < graph.photos; i++) {
            count += model.isRegistered(i) && model.cameraOf[i] == camera ? 1 : 0;
        }
        return count;
    }

    private Part part(boolean[] moving, Camera[] cameras) {
        int[] viewOf = new int[graph.photos];
        Arrays.fill(viewOf, -1);
        List<Integer> photos = new ArrayList<>();
        int[] points = pointsOf(moving);
        int observations = 0;
        for (int p : points) {
            observations += model.trackLength(p);
        }
        double[] positions = new double[3 * points.length];
        int[] observationView = new int[observations];
        int[] observationPoint = new int[observations];
        double[] pixels = new double[2 * observations];
        int o = 0;
        for (int i = 0; i < points.length; i++) {
            int p = points[i];
            for (int c = 0; c < 3; c++) {
                positions[3 * i + c] = model.coordinate(p, c);
            }
            for (int j = 0; j < model.trackLength(p); j++) {
                int k = model.trackKeypoint(p, j);
                int photo = graph.photoOf[k];
                if (viewOf[photo] < 0) {
                    viewOf[photo] = photos.size();
                    photos.add(photo);
                }
                observationView[o] = viewOf[photo];
                observationPoint[o] = i;
                pixels[2 * o] = graph.pixels[2 * k];
                pixels[2 * o + 1] = graph.pixels[2 * k + 1];
                o++;
            }
        }
        List<Rigid3> poses = photos.stream().map(model::pose).toList();
        int[] cameraOf =
                photos.stream().mapToInt(photo -> model.cameraOf[photo]).toArray();
        BundleProblem problem = new BundleProblem(
                List.of(cameras), poses, cameraOf, positions, observationView, observationPoint, pixels);
        for (int v = 0; v < photos.size(); v++) {
            if (!moving[photos.get(v)]) {
                problem.fixView(v);
            }
        }
        return new Part(problem, photos, moving, points);
    }

    /** Points that one of these photos observes. */
    private int[] pointsOf(boolean[] photos) {
        int[] points = new int[model.pointSlots()];
        int count = 0;
        for (int p = 0; p < model.pointSlots(); p++) {
            boolean wanted = false;
            for (int i = 0; i < model.trackLength(p); i++) {
                wanted |= photos[graph.photoOf[model.trackKeypoint(p, i)]];
            }
            if (wanted) {
                points[count++] = p;
            }
        }
        return Arrays.copyOf(points, count);
    }

    /** Takes over what a problem has become. */
    void store(Part part) {
        for (int v = 0; v < part.photos.size(); v++) {
            if (part.moving[part.photos.get(v)]) {
                model.setPose(part.photos.get(v), part.problem.camFromWorld(v));
            }
        }
        double[] moved = part.problem.points();
        for (int i = 0; i < part.points.length; i++) {
            model.move(part.points[i], moved[3 * i], moved[3 * i + 1], moved[3 * i + 2]);
        }
        for (int c = 0; c < model.cameras.length; c++) {
            model.cameras[c] = plausible(part.problem.camera(c))
                    ? part.problem.camera(c)
                    : priors.get(c).camera();
        }
    }

    /** Whether a refined camera can be one: a wrong first pair can drive the focal length anywhere. */
    static boolean plausible(Camera camera) {
        double size = Math.max(camera.width(), camera.height());
        boolean ok = camera.fx() > 0.1 * size && camera.fx() < 15 * size;
        double[] p = camera.parameters();
        for (int i = camera.model().focalCount() + 2; i < p.length; i++) {
            ok &= Math.abs(p[i]) < 2;
        }
        return ok;
    }

    /** Puts the mean of the camera centres at the origin and their mean distance from it to 1. */
    void normalise() {
        double[] mean = meanCentre();
        double scale = model.registeredCount() / sumOfDistances(mean);
        if (!(scale > 0) || Double.isInfinite(scale)) {
            return;
        }
        for (int i = 0; i < graph.photos; i++) {
            if (model.isRegistered(i)) {
                Rigid3 pose = model.pose(i);
                Vector3d centre = new Vector3d(
                        scale * (model.centre(i, 0) - mean[0]),
                        scale * (model.centre(i, 1) - mean[1]),
                        scale * (model.centre(i, 2) - mean[2]));
                model.setPose(
                        i,
                        new Rigid3(
                                pose.rotation(),
                                pose.rotation().transform(centre, centre).negate()));
            }
        }
        for (int p = 0; p < model.pointSlots(); p++) {
            model.move(
                    p,
                    scale * (model.coordinate(p, 0) - mean[0]),
                    scale * (model.coordinate(p, 1) - mean[1]),
                    scale * (model.coordinate(p, 2) - mean[2]));
        }
    }

    private double[] meanCentre() {
        double[] mean = new double[3];
        for (int i = 0; i < graph.photos; i++) {
            for (int c = 0; c < 3 && model.isRegistered(i); c++) {
                mean[c] += model.centre(i, c);
            }
        }
        for (int c = 0; c < 3; c++) {
            mean[c] /= model.registeredCount();
        }
        return mean;
    }

    private double sumOfDistances(double[] from) {
        double sum = 0;
        for (int i = 0; i < graph.photos; i++) {
            if (model.isRegistered(i)) {
                sum += Math.sqrt(Math.pow(model.centre(i, 0) - from[0], 2)
                        + Math.pow(model.centre(i, 1) - from[1], 2)
                        + Math.pow(model.centre(i, 2) - from[2], 2));
            }
        }
        return sum;
    }
}
