package io.github.dinosplat.samples.pairs;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.twoview.MatchOptions;
import io.github.dinosplat.matching.twoview.PhotoMatcher;
import io.github.dinosplat.matching.twoview.PhotoMatches;
import io.github.dinosplat.scene.CpuTime;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What guidance by dense features is worth: the same pairs of photos matched with it and without, as a table in Markdown.
 * Times are of the process on the processor and hold everything from the decoded photos to the matches, the features as well;
 * the two ways take turns, after a first pair that does not count.
 */
public final class GuidanceTable {

    private GuidanceTable() {}

    /** Sums over the pairs of a set. */
    private static final class Row {
        private int pairs;
        private int solved;
        private long matches;
        private long right;
        private boolean posed;
        private final PoseAreas areas = new PoseAreas();
        private double cpu;

        void add(PhotoMatches found, KnownPair pair, Truth.Verdict verdict, double seconds) {
            pairs++;
            solved += verdict.solved() ? 1 : 0;
            matches += found.count();
            right += verdict.right();
            posed |= pair.truth() instanceof TruePose;
            areas.add(verdict.errorDeg());
            cpu += seconds;
        }

        String line(String set, String guidance) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %d | %d | %.2f | %s | %.0f |",
                    set,
                    pairs,
                    guidance,
                    solved,
                    matches,
                    (double) right / Math.max(1, matches),
                    posed ? areas : "",
                    cpu);
        }
    }

    /**
     * Measures sets.
     *
     * @param data folder with the public sets
     * @param sets wxbs, fountain, herz-jesu, temple, tum, or {@code PHOTOS,SCENE}
     * @param network what guides, opened with {@link PhotoMatcher#featureOptions()}
     * @param out told each line of the table
     * @param pairs told what became of each pair
     * @throws IOException if a set cannot be read
     */
    public static void run(
            Path data, List<String> sets, DenseFeatures network, Consumer<String> out, Consumer<String> pairs)
            throws IOException {
        out.accept("| set | pairs | guidance | solved | inliers | inlier ratio | AUC@1/3/5/10 | CPU s |");
        out.accept("|---|---|---|---|---|---|---|---|");
        try (PhotoMatcher off = matcher(Optional.empty());
                PhotoMatcher on = matcher(Optional.of(network))) {
            for (String set : sets) {
                List<KnownPair> known = PairSets.read(data, set);
                match(known.get(0), off, new Row());
                match(known.get(0), on, new Row());
                Row without = new Row();
                Row with = new Row();
                for (KnownPair pair : known) {
                    String first = match(pair, off, without);
                    pairs.accept(pair.name() + ": " + first + " / " + match(pair, on, with));
                }
                out.accept(without.line(set, "none"));
                out.accept(with.line(set, network.name()));
            }
        }
    }

    /** A matcher as the command {@code match} has it. */
    static PhotoMatcher matcher(Optional<DenseFeatures> network) {
        return new PhotoMatcher(
                KeypointOptions.defaults(), MatchOptions.defaults().withEpipolarSearch(true), network);
    }

    /** Whether a matcher solves a pair. */
    static boolean solves(KnownPair pair, PhotoMatcher matcher) throws IOException {
        Row row = new Row();
        match(pair, matcher, row);
        return row.solved == 1;
    }

    private static String match(KnownPair pair, PhotoMatcher matcher, Row row) throws IOException {
        Image a = ImageFiles.read(pair.a());
        Image b = ImageFiles.read(pair.b());
        double start = CpuTime.seconds();
        PhotoMatches found =
                matcher.match(a, pair.truth().cameraA(), b, pair.truth().cameraB());
        double seconds = CpuTime.seconds() - start;
        Truth.Verdict verdict = pair.truth().judge(found, Math.hypot(b.width(), b.height()));
        row.add(found, pair, verdict, seconds);
        return String.format(
                Locale.ROOT,
                "%s%d by %s, %.1f degrees off, %.1f s",
                verdict.solved() ? "solved, " : "",
                found.count(),
                found.way(),
                verdict.errorDeg(),
                seconds);
    }
}
