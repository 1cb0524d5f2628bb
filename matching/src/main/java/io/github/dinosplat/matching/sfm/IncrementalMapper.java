package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.matching.twoview.MatchedPair;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Incremental structure from motion (Sch&ouml;nberger and Frahm 2016): starts from a strong pair, adds the photo that sees
 * the model best, triangulates and refines, and starts a further model from the photos that remain.
 *
 * <p>Runs in the calling thread; bundle adjustment uses the fork-join pool that the caller runs in. The result does not
 * depend on the number of threads.
 */
public final class IncrementalMapper {

    /** First pairs tried for one model, if the first ones lead to few photos. */
    private static final int STARTS = 6;
    /** Share of the remaining photos with which a model is taken without looking for a better one. */
    private static final double GOOD_SHARE = 0.5;

    /** Cameras up to which each gets a note of its own. */
    private static final int MOST_NOTES = 5;

    private final MappingInput input;
    private final MappingOptions options;
    private final Progress progress;
    private final CorrespondenceGraph graph;
    private final int[] cameraOf;
    private final Camera[] cameras;
    private final List<String> notes = new ArrayList<>();
    private final Map<Integer, String> reasons = new TreeMap<>();

    private IncrementalMapper(MappingInput input, MappingOptions options, Progress progress) {
        this.input = input;
        this.options = options;
        this.progress = progress;
        graph = CorrespondenceGraph.ofConfirmed(input);
        cameraOf = input.cameraOf().stream().mapToInt(c -> c).toArray();
        cameras = input.cameras().stream().map(MappingCamera::camera).toArray(Camera[]::new);
    }

    /**
     * Finds cameras, poses and points.
     *
     * @param input photos, cameras, keypoints and matches
     * @param options limits
     * @param progress told of stage {@code "mapping"}
     * @return the models and why other photos are in none
     */
    public static MappingResult map(MappingInput input, MappingOptions options, Progress progress) {
        return new IncrementalMapper(input, options, progress).run();
    }

    private MappingResult run() {
        searchFocals();
        List<Model> models = new ArrayList<>();
        boolean[] available = new boolean[graph.photos];
        Arrays.fill(available, true);
        while (models.size() < options.maxModels()) {
            Optional<Model> model = bestModel(available).filter(m -> m.registeredCount() >= options.minModelPhotos());
            if (model.isEmpty()) {
                break;
            }
            models.add(model.get());
            for (int i = 0; i < graph.photos; i++) {
                available[i] &= !model.get().isRegistered(i);
            }
        }
        models.sort(Comparator.comparingInt((Model m) -> -m.registeredCount()).thenComparingInt(m -> -m.livePoints()));
        List<Scene> scenes = new ArrayList<>();
        for (Model model : models) {
            TwoViewPoints.choose(model, options.minAngleDeg());
            scenes.add(SceneBuilder.build(model, input.names()));
        }
        List<MappingResult.Unregistered> unregistered = new ArrayList<>();
        for (int i = 0; i < graph.photos; i++) {
            if (available[i]) {
                unregistered.add(new MappingResult.Unregistered(input.names().get(i), reason(i, models)));
            }
        }
        return new MappingResult(scenes, unregistered, notes);
    }

    private void searchFocals() {
        for (int c = 0; c < cameras.length; c++) {
            MappingCamera prior = input.cameras().get(c);
            if (!prior.focalGuessed()) {
                continue;
            }
            OptionalDouble found = FocalSearch.search(cameras[c], c, input.cameraOf(), input.pairs());
            if (found.isPresent()) {
                double[] parameters = cameras[c].parameters();
                for (int i = 0; i < cameras[c].model().focalCount(); i++) {
                    parameters[i] = found.getAsDouble();
                }
                cameras[c] = cameras[c].withParameters(parameters);
                notes.add(String.format(
                        Locale.ROOT,
                        "camera %d: no focal length known; two-view geometry suggests %.0f px",
                        c + 1,
                        found.getAsDouble()));
            } else if (cameras.length <= MOST_NOTES) {
                notes.add(String.format(
                        Locale.ROOT,
                        "camera %d: no focal length known; starting from %.0f px",
                        c + 1,
                        cameras[c].fx()));
            }
        }
    }

    /** A model that was grown from a first pair. */
    private record Attempt(FirstPair.Start start, ModelGrowth growth) {

        int registered() {
            return growth.model.registeredCount();
        }
    }

    /** The largest model of some first pairs; empty where none could be started. */
    private Optional<Model> bestModel(boolean[] available) {
        Optional<Attempt> best = bestAttempt(available);
        best.ifPresent(attempt -> {
            reasons.putAll(attempt.growth.reasons);
            if (attempt.registered() >= options.minModelPhotos()) {
                notes.add("model of " + attempt.registered() + " photos started from "
                        + attempt.start.describe(input.names()));
                notes.addAll(attempt.growth.notes);
            }
        });
        return best.map(attempt -> attempt.growth.model);
    }

    private Optional<Attempt> bestAttempt(boolean[] available) {
        int remaining = 0;
        for (boolean a : available) {
            remaining += a ? 1 : 0;
        }
        Optional<Attempt> best = Optional.empty();
        boolean[] covered = new boolean[graph.photos];
        int starts = 0;
        FirstPair firstPair = new FirstPair(input, graph, cameras, cameraOf, options);
        for (FirstPair.Start start : firstPair.ranked(i -> available[i])) {
            if (starts == STARTS) {
                break;
            }
            if (covered[start.photoA()] && covered[start.photoB()]) {
                continue;
            }
            starts++;
            Model model = new Model(graph, cameras, cameraOf);
            ModelGrowth growth = new ModelGrowth(model, input.cameras(), available, options, progress);
            if (!growth.start(start, Math.min(options.minInliers(), start.points() * 2 / 3))) {
                continue;
            }
            growth.grow();
            for (int i = 0; i < graph.photos; i++) {
                covered[i] |= model.isRegistered(i);
            }
            if (best.isEmpty() || model.registeredCount() > best.get().registered()) {
                best = Optional.of(new Attempt(start, growth));
            }
            if (best.get().registered() >= GOOD_SHARE * remaining) {
                break;
            }
        }
        return best;
    }

    private String reason(int photo, List<Model> models) {
        int bestCount = 0;
        int pairs = 0;
        double widest = 0;
        for (MatchedPair pair : input.pairs()) {
            if (pair.photoA() == photo || pair.photoB() == photo) {
                pairs++;
                bestCount = Math.max(bestCount, pair.count());
                double angle = pair.geometry().medianAngleDeg();
                widest = angle > widest ? angle : widest;
            }
        }
        if (pairs == 0) {
            return noMatches(input.keypoints().get(photo).count());
        }
        if (models.isEmpty()) {
            return String.format(
                    Locale.ROOT,
                    "no model could be started: the best of its %d pairs has %d matches%s",
                    pairs,
                    bestCount,
                    widest > 0
                            ? String.format(
                                    Locale.ROOT,
                                    "; the rays of its matches meet at %.1f degrees at most, %.1f needed",
                                    widest,
                                    options.minAngleDeg())
                            : "");
        }
        String failure = reasons.get(photo);
        if (failure != null) {
            return failure;
        }
        Model largest = models.get(0);
        int visible = new NextPhotos(largest).judge(photo).visible();
        return tooFewVisible(visible, options.leastInliers(), pairs, bestCount);
    }

    /** Why a photo that nothing matches is not registered. */
    static String noMatches(int keypoints) {
        return "no verified matches with any other photo (" + keypoints + " keypoints)";
    }

    /** Why a photo that hardly sees the model is not registered. */
    static String tooFewVisible(int visible, int needed, int pairs, int bestMatches) {
        return visible + " keypoints match the model, " + needed + " needed (" + pairs + " pairs, the best with "
                + bestMatches + " matches)";
    }
}
