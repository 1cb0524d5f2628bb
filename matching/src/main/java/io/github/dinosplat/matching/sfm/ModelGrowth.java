package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.matching.adjust.AdjustmentOptions;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Grows one {@link Model} from a first pair, photo by photo, refining on the way. */
final class ModelGrowth {

    /** For a new photo and those around it. */
    private static final AdjustmentOptions LOCAL = AdjustmentOptions.ofKeypoints(12, 1e-4);
    /** For the whole model while it grows. */
    private static final AdjustmentOptions GLOBAL = AdjustmentOptions.ofKeypoints(15, 1e-4);
    /** For the whole model at the end. */
    private static final AdjustmentOptions FINAL = AdjustmentOptions.ofKeypoints(40, 1e-6);
    /** A photo that failed is tried again when it sees this much more of the model. */
    private static final double RETRY = 1.2;

    private final MappingOptions options;
    private final boolean[] available;
    private final Progress progress;
    private final int photos;

    private final List<MappingCamera> priors;

    final Model model;
    private final Triangulator triangulator;
    private final Adjuster adjuster;
    private final NextPhotos nextPhotos;
    private final Registration registration;
    /** Why photos failed, by their index. */
    final TreeMap<Integer, String> reasons = new TreeMap<>();

    /** What is worth knowing about the model. */
    final List<String> notes = new ArrayList<>();

    /** How many keypoints of photos matched the model when they failed, by index. */
    private final TreeMap<Integer, Integer> failed = new TreeMap<>();

    private int photosAtGlobal;
    private int pointsAtGlobal;
    private boolean changedSinceGlobal;

    ModelGrowth(
            Model model, List<MappingCamera> priors, boolean[] available, MappingOptions options, Progress progress) {
        this.model = model;
        this.priors = priors;
        this.options = options;
        this.available = available;
        this.progress = progress;
        photos = model.graph.photos;
        triangulator = new Triangulator(model, options.minAngleDeg());
        adjuster = new Adjuster(model, priors);
        nextPhotos = new NextPhotos(model);
        registration = new Registration(model, priors, options);
    }

    /** Sets the first two photos; false where too few points are left after refinement. */
    boolean start(FirstPair.Start start, int minPoints) {
        model.setPose(start.photoA(), Rigid3.IDENTITY);
        model.setPose(start.photoB(), start.bFromA());
        triangulator.triangulate(start.photoB(), 2 * options.maxErrorPixels());
        if (model.livePoints() < minPoints) {
            return false;
        }
        adjuster.all(GLOBAL);
        triangulator.filter(options.maxErrorPixels());
        adjuster.normalise();
        photosAtGlobal = 2;
        pointsAtGlobal = model.livePoints();
        return model.livePoints() >= minPoints;
    }

    /** Registers photos until none is left that the model can carry. */
    void grow() {
        Optional<Demands> demands = Optional.of(Demands.full(options));
        while (demands.isPresent()) {
            progress.checkCancelled();
            if (registerNext(demands.get())) {
                demands = Optional.of(Demands.full(options));
                continue;
            }
            if (changedSinceGlobal) {
                refineAll(GLOBAL, 2);
            } else {
                demands = demands.get().lowered(options);
            }
            failed.clear();
        }
        refineAll(FINAL, 5);
        dropWeakPhotos();
        notes.addAll(new PrincipalPoints(model, adjuster, priors).free());
        if (!notes.isEmpty()) {
            refineAll(FINAL, 3);
            dropWeakPhotos();
        }
    }

    private boolean registerNext(Demands demands) {
        for (NextPhotos.Candidate candidate : nextPhotos.ranked(available, demands.inliers())) {
            int photo = candidate.photo();
            if (candidate.visible() < RETRY * failed.getOrDefault(photo, 0)) {
                continue;
            }
            Registration.Outcome outcome = registration.register(photo, demands);
            if (!model.isRegistered(photo)) {
                fail(candidate, outcome.failure(candidate, demands.inliers()));
                continue;
            }
            extend(photo);
            if (model.observationCount(photo) < options.leastInliers()) {
                int left = model.observationCount(photo);
                model.deregister(photo);
                fail(candidate, candidate.tooFew(left, options.leastInliers()));
                continue;
            }
            reasons.remove(photo);
            changedSinceGlobal = true;
            progress.update("mapping", model.registeredCount(), photos, model.livePoints() + " points");
            if (model.registeredCount() >= (1 + options.growth()) * photosAtGlobal
                    || model.livePoints() >= (1 + 2 * options.growth()) * pointsAtGlobal) {
                refineAll(GLOBAL, 1);
            }
            return true;
        }
        return false;
    }

    private void fail(NextPhotos.Candidate candidate, String reason) {
        failed.put(candidate.photo(), candidate.visible());
        reasons.put(candidate.photo(), reason);
    }

    private void extend(int photo) {
        triangulator.triangulate(photo, 2 * options.maxErrorPixels());
        for (int pass = 0; pass < 2; pass++) {
            adjuster.around(photo, options.localViews(), LOCAL);
            int changed = triangulator.completeAndMerge(options.maxErrorPixels());
            changed += triangulator.filter(options.maxErrorPixels());
            if (changed < 0.01 * model.observationCount(photo)) {
                break;
            }
        }
    }

    private void refineAll(AdjustmentOptions adjustment, int rounds) {
        for (int round = 0; round < rounds; round++) {
            progress.checkCancelled();
            adjuster.all(adjustment);
            adjuster.normalise();
            int removed = triangulator.filter(options.maxErrorPixels());
            int added = 0;
            for (int i = 0; i < photos; i++) {
                if (model.isRegistered(i)) {
                    added += triangulator.triangulate(i, options.maxErrorPixels());
                }
            }
            added += triangulator.completeAndMerge(options.maxErrorPixels());
            removed += triangulator.filter(options.maxErrorPixels());
            if (removed + added < 0.001 * model.observationCount()) {
                break;
            }
        }
        photosAtGlobal = model.registeredCount();
        pointsAtGlobal = model.livePoints();
        changedSinceGlobal = false;
    }

    private void dropWeakPhotos() {
        boolean dropped;
        do {
            dropped = false;
            for (int i = 0; i < photos; i++) {
                if (model.isRegistered(i) && model.observationCount(i) < options.leastInliers()) {
                    reasons.put(
                            i,
                            model.observationCount(i) + " observations left after refinement, " + options.leastInliers()
                                    + " needed");
                    model.deregister(i);
                    dropped = true;
                }
            }
            if (dropped) {
                refineAll(FINAL, 1);
            }
        } while (dropped && model.registeredCount() >= 2);
    }
}
