package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.matching.adjust.AdjustmentOptions;
import io.github.dinosplat.matching.adjust.BundleAdjustment;
import io.github.dinosplat.matching.adjust.BundleProblem;
import io.github.dinosplat.matching.adjust.RobustLoss;
import io.github.dinosplat.matching.robust.RansacOptions;
import io.github.dinosplat.matching.robust.RobustAbsolutePose;
import io.github.dinosplat.matching.robust.RobustPose;
import io.github.dinosplat.scene.Camera;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Finds the pose of a photo from its matches with points of a {@link Model}, and adds the photo to the model where enough of them
 * agree and nothing speaks against it.
 */
final class Registration {

    /** Least threshold of a pose's inliers, over the photo's longer side: larger than {@code maxErrorPixels} in large photos. */
    private static final double RELATIVE_THRESHOLD = 0.006;
    /** Focal lengths tried for a guessed camera, over its guess. */
    private static final double[] FOCAL_FACTORS = {
        1, 0.87, 1.15, 0.76, 1.32, 0.66, 1.52, 0.57, 1.75, 0.5, 2.0, 0.44, 2.3
    };

    /**
     * Share of what a photo should show ({@link MissingMatches}) that may be missing from it. In a walk along a synthetic front
     * of equal bays, 0.07 and more are missing from a photo that is put before a wrong bay, and nothing at its own place; up to
     * 0.03 from real photos around a stuffed fox, with an unsharp background that comes and goes behind it.
     */
    private static final double MAX_MISSING = 0.05;
    /** The same under lenient demands ({@link Demands#lenient}), where no other place is to be taken seriously. */
    private static final double MOST_MISSING = 0.2;
    /** Share of the first place's inliers with which another place is taken seriously. */
    private static final double RIVAL = 0.4;
    /** Poses of a photo that are tried. */
    private static final int PLACES = 5;

    private final Model model;
    private final CorrespondenceGraph graph;
    private final List<MappingCamera> priors;
    private final MappingOptions options;
    private final MissingMatches missingMatches;

    Registration(Model model, List<MappingCamera> priors, MappingOptions options) {
        this.model = model;
        this.graph = model.graph;
        this.priors = priors;
        this.options = options;
        missingMatches = new MissingMatches(model);
    }

    /** A keypoint that may show a point of the model, by so many of its matches. */
    private record Link(int keypoint, int point, int matches) {}

    /** What may be seen of the model in a photo: keypoints, points with their positions [n, 3], and pixels [n, 2]. */
    private record Links(int[] keypoints, int[] points, double[] positions, double[] pixels) {

        /** Those that are not marked. */
        Links without(boolean[] marked) {
            int[] rest =
                    IntStream.range(0, keypoints.length).filter(i -> !marked[i]).toArray();
            return new Links(
                    Arrays.stream(rest).map(i -> keypoints[i]).toArray(),
                    Arrays.stream(rest).map(i -> points[i]).toArray(),
                    IntStream.range(0, 3 * rest.length)
                            .mapToDouble(i -> positions[3 * rest[i / 3] + i % 3])
                            .toArray(),
                    IntStream.range(0, 2 * rest.length)
                            .mapToDouble(i -> pixels[2 * rest[i / 2] + i % 2])
                            .toArray());
        }
    }

    private Links links(int photo) {
        List<Link> found = new ArrayList<>();
        Map<Integer, Integer> support = new TreeMap<>();
        for (int k = graph.first[photo]; k < graph.first[photo + 1]; k++) {
            support.clear();
            for (int e = graph.start[k]; e < graph.start[k + 1]; e++) {
                int point = model.pointOf[graph.neighbour[e]];
                if (point >= 0) {
                    support.merge(point, 1, Integer::sum);
                }
            }
            int keypoint = k;
            support.forEach((point, matches) -> found.add(new Link(keypoint, point, matches)));
        }
        found.sort(Comparator.comparingInt((Link l) -> -l.matches)
                .thenComparingInt(l -> -model.trackLength(l.point))
                .thenComparingInt(Link::keypoint)
                .thenComparingInt(Link::point));
        int n = found.size();
        Links links = new Links(new int[n], new int[n], new double[3 * n], new double[2 * n]);
        for (int i = 0; i < n; i++) {
            Link link = found.get(i);
            links.keypoints[i] = link.keypoint;
            links.points[i] = link.point;
            for (int c = 0; c < 3; c++) {
                links.positions[3 * i + c] = model.coordinate(link.point, c);
            }
            System.arraycopy(graph.pixels, 2 * link.keypoint, links.pixels, 2 * i, 2);
        }
        return links;
    }

    /**
     * Registers a photo if enough of its matches agree on a pose that nothing speaks against, and gives it the agreeing points.
     * Where much is missing from the photo at the pose that most matches agree on, the other matches are asked for another
     * pose, and so on.
     *
     * @return how it went; the photo is registered if the demands are met
     */
    Outcome register(int photo, Demands demands) {
        Place first = find(photo, demands.inliers(), links(photo));
        Outcome outcome = settle(photo, first, demands.inliers(), MAX_MISSING);
        int rivalInliers = Math.max(demands.inliers(), (int) (RIVAL * outcome.inliers));
        boolean rival = false;
        Place place = first;
        Outcome latest = outcome;
        for (int tried = 1; tried < PLACES && latest.contradicted; tried++) {
            place = find(photo, rivalInliers, place.otherLinks());
            latest = settle(photo, place, rivalInliers, MAX_MISSING);
            rival |= latest.inliers >= rivalInliers;
        }
        if (model.isRegistered(photo)) {
            return latest;
        }
        return demands.lenient() && outcome.contradicted && !rival
                ? settle(photo, first, demands.inliers(), MOST_MISSING)
                : outcome;
    }

    /**
     * How a photo's registration went.
     *
     * @param inliers matches that agree on a pose
     * @param missing share of what it should show there that it has no matches for ({@link MissingMatches})
     * @param contradicted whether that was too much
     */
    record Outcome(int inliers, double missing, boolean contradicted) {

        /** Why the photo was not registered. */
        String failure(NextPhotos.Candidate candidate, int needed) {
            return !contradicted
                    ? candidate.tooFew(inliers, needed)
                    : String.format(
                            Locale.ROOT,
                            "%d inliers to the model put it where it should show what it does not match, %.0f %% of the points"
                                    + " in view: a look-alike",
                            inliers,
                            100 * missing);
        }
    }

    /**
     * Where the matches put a photo.
     *
     * @param links the matches that were asked
     * @param camera the photo's camera, with the focal length that suits them best where it was guessed
     * @param fresh whether no registered photo has this camera
     * @param pose what most of them agree on
     * @param missing share of what the photo should show there that it has no matches for; 0 where too few agree
     */
    private record Place(Links links, Camera camera, boolean fresh, Optional<RobustPose> pose, double missing) {

        int inliers() {
            return pose.map(p -> p.inliers().length).orElse(0);
        }

        /** The matches that do not agree. */
        Links otherLinks() {
            boolean[] agreeing = new boolean[links.keypoints.length];
            pose.ifPresent(p -> Arrays.stream(p.inliers()).forEach(i -> agreeing[i] = true));
            return links.without(agreeing);
        }
    }

    private Place find(int photo, int minInliers, Links links) {
        RansacOptions ransac =
                RansacOptions.defaults().withThresholdPixels(threshold(photo)).withSeed(options.seed() + photo);
        int cameraIndex = model.cameraOf[photo];
        MappingCamera prior = priors.get(cameraIndex);
        boolean fresh = !isUsed(cameraIndex);
        Camera known = model.cameras[cameraIndex];
        Camera camera = fresh && prior.refined() && prior.focalGuessed() ? bestFocal(known, links, ransac) : known;
        Optional<RobustPose> pose = RobustAbsolutePose.estimate(camera, links.positions, links.pixels, ransac);
        double missing = pose.filter(p -> p.inliers().length >= minInliers)
                .map(p -> missingMatches.share(
                        photo,
                        camera,
                        p.pose(),
                        IntStream.of(p.inliers()).map(i -> links.points[i]).toArray()))
                .orElse(0.0);
        return new Place(links, camera, fresh, pose, missing);
    }

    /** Puts a photo in its place, unless too few matches agree on it or too many are missing there. */
    private Outcome settle(int photo, Place place, int minInliers, double maxMissing) {
        int inliers = place.inliers();
        if (inliers < minInliers || place.missing > maxMissing) {
            return new Outcome(inliers, place.missing, inliers >= minInliers);
        }
        double threshold = threshold(photo);
        refine(photo, place, threshold);
        return new Outcome(addPoints(photo, minInliers, place.links, threshold * threshold), place.missing, false);
    }

    /** Refines pose and, where they are new, intrinsics on the agreeing matches and sets them. */
    private void refine(int photo, Place place, double threshold) {
        int cameraIndex = model.cameraOf[photo];
        BundleProblem problem = problem(place.camera, place.links, place.pose.orElseThrow());
        if (place.fresh && priors.get(cameraIndex).refined()) {
            problem.refineCamera(0, priors.get(cameraIndex).mask());
        }
        BundleAdjustment.adjust(
                problem,
                AdjustmentOptions.defaults()
                        .withLoss(new RobustLoss(RobustLoss.Kind.CAUCHY, Math.max(1, threshold / 4))));
        if (place.fresh && Adjuster.plausible(problem.camera(0))) {
            model.cameras[cameraIndex] = problem.camera(0);
        }
        model.setPose(photo, problem.camFromWorld(0));
    }

    /** Gives a photo the points that agree; takes it out again where they are too few. */
    private int addPoints(int photo, int minInliers, Links links, double max2) {
        int added = 0;
        for (int i = 0; i < links.keypoints.length; i++) {
            if (model.pointOf[links.keypoints[i]] < 0
                    && model.squaredError(links.keypoints[i], links.points[i]) < max2
                    && !model.observes(photo, links.points[i])) {
                model.addObservation(links.points[i], links.keypoints[i]);
                added++;
            }
        }
        if (added < minInliers) {
            model.deregister(photo);
        }
        return added;
    }

    private double threshold(int photo) {
        Camera camera = model.camera(photo);
        return Math.max(options.maxErrorPixels(), RELATIVE_THRESHOLD * Math.max(camera.width(), camera.height()));
    }

    private boolean isUsed(int camera) {
        for (int i = 0; i < graph.photos; i++) {
            if (model.isRegistered(i) && model.cameraOf[i] == camera) {
                return true;
            }
        }
        return false;
    }

    private static Camera bestFocal(Camera camera, Links links, RansacOptions ransac) {
        Camera best = camera;
        double bestScore = -1;
        for (double factor : FOCAL_FACTORS) {
            double[] parameters = camera.parameters();
            for (int i = 0; i < camera.model().focalCount(); i++) {
                parameters[i] *= factor;
            }
            Camera scaled = camera.withParameters(parameters);
            double score = RobustAbsolutePose.estimate(scaled, links.positions, links.pixels, ransac.withMaxTrials(500))
                    .map(RobustPose::score)
                    .orElse(0.0);
            if (score > bestScore) {
                bestScore = score;
                best = scaled;
            }
        }
        return best;
    }

    private static BundleProblem problem(Camera camera, Links links, RobustPose pose) {
        int[] inliers = pose.inliers();
        int n = inliers.length;
        double[] positions = new double[3 * n];
        double[] pixels = new double[2 * n];
        int[] points = new int[n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(links.positions, 3 * inliers[i], positions, 3 * i, 3);
            System.arraycopy(links.pixels, 2 * inliers[i], pixels, 2 * i, 2);
            points[i] = i;
        }
        BundleProblem problem = new BundleProblem(
                List.of(camera), List.of(pose.pose()), new int[1], positions, new int[n], points, pixels);
        for (int i = 0; i < n; i++) {
            problem.fixPoint(i);
        }
        return problem;
    }
}
