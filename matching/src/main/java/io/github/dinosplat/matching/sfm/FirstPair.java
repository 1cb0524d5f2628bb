package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.matching.robust.RansacOptions;
import io.github.dinosplat.matching.robust.RobustEssential;
import io.github.dinosplat.matching.robust.RobustPose;
import io.github.dinosplat.matching.twoview.MatchedPair;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Ranks the pairs that a model can start from: many matches whose rays meet at a wide angle. The demands are lowered level
 * by level instead of giving up.
 */
final class FirstPair {

    /** Points and median angle asked for; the largest angle that is believed; which homographies are tolerated. */
    private record Level(int points, double angleDeg, double maxAngleDeg, double homographyShare) {

        boolean accepts(Start start) {
            return start.points >= points && start.medianAngleDeg >= angleDeg && start.medianAngleDeg <= maxAngleDeg;
        }
    }

    private static final Level[] LEVELS = {
        // Descriptors do not survive a turn of more than about 50 degrees: matches at wider angles are of look-alikes.
        new Level(100, 16, 50, 0.7),
        new Level(100, 8, 50, 0.85),
        new Level(100, 4, 50, 2),
        new Level(50, 4, 60, 2),
        new Level(30, 2, 60, 2),
        new Level(15, 1.5, 180, 2)
    };
    /** Most pairs judged per level: those with most matches. */
    private static final int TRIALS = 40;

    private final MappingInput input;
    private final CorrespondenceGraph graph;
    private final Camera[] cameras;
    private final int[] cameraOf;
    private final MappingOptions options;
    private final Map<Integer, Optional<Start>> judged = new HashMap<>();

    FirstPair(MappingInput input, CorrespondenceGraph graph, Camera[] cameras, int[] cameraOf, MappingOptions options) {
        this.input = input;
        this.graph = graph;
        this.cameras = cameras;
        this.cameraOf = cameraOf;
        this.options = options;
    }

    /** A pair to start from: its relative pose, the points it makes and the median angle of their rays. */
    record Start(int photoA, int photoB, Rigid3 bFromA, int points, double medianAngleDeg, double homographyShare) {

        String describe(List<String> names) {
            return String.format(
                    Locale.ROOT,
                    "%s and %s: %d points at a median angle of %.1f degrees, a plane explains %.0f %% of the matches",
                    names.get(photoA),
                    names.get(photoB),
                    points,
                    medianAngleDeg,
                    100 * homographyShare);
        }
    }

    /** The pairs among some photos that meet the strictest level that any pair meets first, then weaker ones. */
    List<Start> ranked(IntPredicate available) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < input.pairs().size(); i++) {
            MatchedPair pair = input.pairs().get(i);
            if (available.test(pair.photoA()) && available.test(pair.photoB())) {
                order.add(i);
            }
        }
        order.sort(Comparator.comparingInt((Integer i) -> -input.pairs().get(i).count())
                .thenComparing(i -> input.pairs().get(i).photos()));
        List<Start> result = new ArrayList<>();
        for (Level level : LEVELS) {
            int trials = 0;
            List<Start> found = new ArrayList<>();
            for (int i : order) {
                MatchedPair pair = input.pairs().get(i);
                if (pair.count() < level.points || trials == TRIALS) {
                    break;
                }
                double known = pair.geometry().medianAngleDeg();
                if (known > 0 && known < 0.5 * level.angleDeg) {
                    continue;
                }
                if (homographyShare(pair) > level.homographyShare) {
                    continue;
                }
                trials++;
                judged.computeIfAbsent(i, this::judge)
                        .filter(level::accepts)
                        .filter(s -> !result.contains(s))
                        .ifPresent(found::add);
            }
            found.sort(Comparator.comparingInt((Start s) -> -s.points));
            result.addAll(found);
        }
        return result;
    }

    private static double homographyShare(MatchedPair pair) {
        int inliers =
                Math.max(pair.geometry().fundamentalInliers(), pair.geometry().essentialInliers());
        return (double) pair.geometry().homographyInliers() / Math.max(1, inliers);
    }

    private Optional<Start> judge(int index) {
        MatchedPair pair = input.pairs().get(index);
        int n = pair.count();
        double[] a = new double[2 * n];
        double[] b = new double[2 * n];
        for (int m = 0; m < n; m++) {
            int ka = graph.first[pair.photoA()] + pair.keypointA(m);
            int kb = graph.first[pair.photoB()] + pair.keypointB(m);
            System.arraycopy(graph.pixels, 2 * ka, a, 2 * m, 2);
            System.arraycopy(graph.pixels, 2 * kb, b, 2 * m, 2);
        }
        RansacOptions ransac =
                RansacOptions.defaults().withSeed(options.seed() + index).withMaxTrials(2000);
        Optional<RobustPose> pose = RobustEssential.estimate(
                cameras[cameraOf[pair.photoA()]], a, cameras[cameraOf[pair.photoB()]], b, ransac);
        return pose.flatMap(p -> {
            Model model = new Model(graph, cameras, cameraOf);
            model.setPose(pair.photoA(), Rigid3.IDENTITY);
            model.setPose(pair.photoB(), p.pose());
            new Triangulator(model, options.minAngleDeg()).triangulate(pair.photoB(), options.maxErrorPixels());
            int points = model.livePoints();
            if (points == 0) {
                return Optional.empty();
            }
            double[] cos = new double[points];
            for (int i = 0; i < points; i++) {
                cos[i] = model.cosAngle(
                        pair.photoA(),
                        pair.photoB(),
                        model.coordinate(i, 0),
                        model.coordinate(i, 1),
                        model.coordinate(i, 2));
            }
            Arrays.sort(cos);
            double angle = Math.toDegrees(Math.acos(Math.min(1, cos[points / 2])));
            return Optional.of(new Start(pair.photoA(), pair.photoB(), p.pose(), points, angle, homographyShare(pair)));
        });
    }
}
