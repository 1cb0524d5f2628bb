package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.matching.adjust.AdjustmentOptions;
import io.github.dinosplat.matching.adjust.BundleAdjustment;
import io.github.dinosplat.matching.adjust.BundleProblem;
import io.github.dinosplat.matching.twoview.MatchedPair;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Adds photos to a scene that stays as it is. The scene's points are found again at the keypoints of its photos; photos are
 * registered by their matches with these, the best first, and points that they make with each other and with the scene's
 * photos help the next ones.
 */
public final class Localisation {

    /** How far from the scene's own keypoint, in pixels, a keypoint of ours may lie to show the same point. */
    private static final double SAME_PLACE = 1.5;

    private static final AdjustmentOptions REFINEMENT = AdjustmentOptions.ofKeypoints(40, 1e-6);

    private final MappingInput input;
    private final Scene scene;
    private final MappingOptions options;
    private final Progress progress;
    private final Model model;
    private final CorrespondenceGraph graph;
    private final Triangulator triangulator;
    private final NextPhotos nextPhotos;
    private final Registration registration;
    private final int scenePhotos;
    /** The model's point for each of the scene's, or -1. */
    private final int[] slotOf;

    private final TreeMap<Integer, String> reasons = new TreeMap<>();
    /** How many of the scene's points were found again: the model's first. */
    private int linked;

    private Localisation(MappingInput input, Scene scene, MappingOptions options, Progress progress) {
        this.input = input;
        this.scene = scene;
        this.options = options;
        this.progress = progress;
        scenePhotos = scene.views().size();
        graph = CorrespondenceGraph.ofAll(input);
        model = new Model(
                graph,
                input.cameras().stream().map(MappingCamera::camera).toArray(Camera[]::new),
                input.cameraOf().stream().mapToInt(c -> c).toArray());
        triangulator = new Triangulator(model, options.minAngleDeg());
        nextPhotos = new NextPhotos(model);
        registration = new Registration(model, input.cameras(), options);
        slotOf = new int[scene.points().count()];
    }

    /**
     * What was found.
     *
     * @param scene the scene and behind it the added views, cameras and points; added points are grey
     * @param unregistered photos that were not added
     * @param notes how it went, for a report
     */
    public record Result(Scene scene, List<MappingResult.Unregistered> unregistered, List<String> notes) {}

    /**
     * Adds photos.
     *
     * @param input photos of the scene's views in their order, then those to add; cameras of the scene, then others; matches
     * @param scene a scene with points
     * @param options limits
     * @param progress told of stage {@code "mapping"}
     * @return the extended scene
     */
    public static Result localise(MappingInput input, Scene scene, MappingOptions options, Progress progress) {
        return new Localisation(input, scene, options, progress).run();
    }

    private Result run() {
        for (int v = 0; v < scenePhotos; v++) {
            model.setPose(v, scene.views().get(v).camFromWorld());
        }
        findPoints();
        grow();
        refine();
        List<MappingResult.Unregistered> unregistered = new ArrayList<>();
        for (int i = scenePhotos; i < graph.photos; i++) {
            if (model.isRegistered(i) && sceneObservations(i) < options.leastInliers()) {
                reasons.put(
                        i,
                        sceneObservations(i) + " of its keypoints show points of the scene, " + options.leastInliers()
                                + " needed");
                model.deregister(i);
            }
            if (!model.isRegistered(i)) {
                unregistered.add(new MappingResult.Unregistered(input.names().get(i), reason(i)));
            }
        }
        List<String> notes = List.of(String.format(
                Locale.ROOT,
                "%,d of the scene's %,d points were found again in its photos",
                linked,
                scene.points().count()));
        return new Result(SceneBuilder.extend(scene, model, input.names(), slotOf), unregistered, notes);
    }

    /** Gives our keypoints in the scene's photos the points that the scene's keypoints show in the same places. */
    private void findPoints() {
        int[] pointOf = new int[graph.keypoints()];
        Arrays.fill(pointOf, -1);
        for (int v = 0; v < scenePhotos; v++) {
            View view = scene.views().get(v);
            KeypointGrid grid = new KeypointGrid(graph, v, SAME_PLACE);
            for (int k = 0; k < view.keypointCount(); k++) {
                int nearest = view.pointIndex(k) < 0 ? -1 : grid.nearest(view.x(k), view.y(k));
                if (nearest >= 0) {
                    pointOf[nearest] = view.pointIndex(k);
                }
            }
        }
        ScenePoints points = scene.points();
        int[][] tracks = tracks(pointOf);
        for (int p = 0; p < slotOf.length; p++) {
            slotOf[p] = -1;
            if (tracks[p].length > 0) {
                slotOf[p] = linked++;
                model.createPoint(
                        points.coordinate(p, 0),
                        points.coordinate(p, 1),
                        points.coordinate(p, 2),
                        tracks[p],
                        tracks[p].length);
            }
        }
        model.keepPoints();
    }

    /** For each of the scene's points the keypoints that show it, one of each photo: of two in one place the first. */
    private int[][] tracks(int[] pointOf) {
        int[][] tracks = new int[slotOf.length][0];
        for (int k = 0; k < pointOf.length; k++) {
            if (pointOf[k] >= 0) {
                int[] track = tracks[pointOf[k]];
                int n = track.length;
                if (n == 0 || graph.photoOf[track[n - 1]] != graph.photoOf[k]) {
                    track = Arrays.copyOf(track, n + 1);
                    track[n] = k;
                    tracks[pointOf[k]] = track;
                }
            }
        }
        return tracks;
    }

    private void grow() {
        boolean[] available = new boolean[graph.photos];
        Arrays.fill(available, scenePhotos, graph.photos, true);
        int added = 0;
        Optional<Demands> demands = Optional.of(Demands.full(options));
        while (demands.isPresent()) {
            progress.checkCancelled();
            OptionalInt registered = registerNext(available, demands.get());
            if (registered.isPresent()) {
                String name = input.names().get(registered.getAsInt());
                progress.update("mapping", ++added, graph.photos - scenePhotos, name);
                demands = Optional.of(Demands.full(options));
            } else {
                demands = demands.get().lowered(options);
            }
        }
    }

    /** Registers the best photo that meets the demands. */
    private OptionalInt registerNext(boolean[] available, Demands demands) {
        for (NextPhotos.Candidate candidate : nextPhotos.ranked(available, demands.inliers())) {
            int photo = candidate.photo();
            Registration.Outcome outcome = registration.register(photo, demands);
            if (model.isRegistered(photo)) {
                triangulator.triangulate(photo, options.maxErrorPixels());
                reasons.remove(photo);
                return OptionalInt.of(photo);
            }
            reasons.put(photo, outcome.failure(candidate, demands.inliers()));
        }
        return OptionalInt.empty();
    }

    /** Refines the added photos' poses, their cameras and the new points; what the scene has stays. */
    private void refine() {
        List<Observation> observations = observationsToRefine();
        if (observations.isEmpty()) {
            return;
        }
        double[] positions = new double[3 * model.pointSlots()];
        Arrays.setAll(positions, i -> model.coordinate(i / 3, i % 3));
        double[] pixels = new double[2 * observations.size()];
        Arrays.setAll(pixels, i -> graph.pixels[2 * observations.get(i / 2).keypoint + i % 2]);
        List<Rigid3> poses = new ArrayList<>();
        for (int i = 0; i < graph.photos; i++) {
            poses.add(model.isRegistered(i) ? model.pose(i) : Rigid3.IDENTITY);
        }
        BundleProblem problem = new BundleProblem(
                List.of(model.cameras),
                poses,
                model.cameraOf,
                positions,
                observations.stream().mapToInt(o -> graph.photoOf[o.keypoint]).toArray(),
                observations.stream().mapToInt(Observation::point).toArray(),
                pixels);
        for (int i = 0; i < graph.photos; i++) {
            MappingCamera camera = input.cameras().get(model.cameraOf[i]);
            if (i < scenePhotos || !model.isRegistered(i)) {
                problem.fixView(i);
            } else if (camera.refined()) {
                problem.refineCamera(model.cameraOf[i], camera.mask());
            }
        }
        for (int p = 0; p < linked; p++) {
            problem.fixPoint(p);
        }
        BundleAdjustment.adjust(problem, REFINEMENT);
        takeOver(problem);
    }

    /** A keypoint that shows a point of the model. */
    private record Observation(int keypoint, int point) {}

    /** The observations by added photos, and those of new points. */
    private List<Observation> observationsToRefine() {
        List<Observation> observations = new ArrayList<>();
        for (int p = 0; p < model.pointSlots(); p++) {
            for (int i = 0; i < model.trackLength(p); i++) {
                int k = model.trackKeypoint(p, i);
                if (p >= linked || graph.photoOf[k] >= scenePhotos) {
                    observations.add(new Observation(k, p));
                }
            }
        }
        return observations;
    }

    private void takeOver(BundleProblem problem) {
        for (int c = scene.cameras().size(); c < model.cameras.length; c++) {
            model.cameras[c] = problem.camera(c);
        }
        for (int i = scenePhotos; i < graph.photos; i++) {
            if (model.isRegistered(i)) {
                model.setPose(i, problem.camFromWorld(i));
            }
        }
        double[] moved = problem.points();
        for (int p = linked; p < model.pointSlots(); p++) {
            model.move(p, moved[3 * p], moved[3 * p + 1], moved[3 * p + 2]);
        }
        double max2 = options.maxErrorPixels() * options.maxErrorPixels();
        for (int k = graph.first[scenePhotos]; k < graph.keypoints(); k++) {
            if (model.pointOf[k] >= 0 && !(model.squaredError(k, model.pointOf[k]) < max2)) {
                model.removeObservation(k);
            }
        }
    }

    private int sceneObservations(int photo) {
        int count = 0;
        for (int k = graph.first[photo]; k < graph.first[photo + 1]; k++) {
            count += model.pointOf[k] >= 0 && model.pointOf[k] < linked ? 1 : 0;
        }
        return count;
    }

    private String reason(int photo) {
        int pairs = 0;
        int best = 0;
        for (MatchedPair pair : input.pairs()) {
            if (pair.photoA() == photo || pair.photoB() == photo) {
                pairs++;
                best = Math.max(best, pair.count());
            }
        }
        String known = reasons.get(photo);
        if (pairs == 0) {
            return IncrementalMapper.noMatches(input.keypoints().get(photo).count());
        }
        return known != null
                ? known
                : IncrementalMapper.tooFewVisible(
                        nextPhotos.judge(photo).visible(), options.leastInliers(), pairs, best);
    }
}
