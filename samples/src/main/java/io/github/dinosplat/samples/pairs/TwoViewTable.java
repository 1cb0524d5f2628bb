package io.github.dinosplat.samples.pairs;

import io.github.dinosplat.matching.keypoint.KeypointDetector;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.twoview.MatchOptions;
import io.github.dinosplat.matching.twoview.MatchablePhoto;
import io.github.dinosplat.matching.twoview.MatchedPair;
import io.github.dinosplat.matching.twoview.PairMatcher;
import io.github.dinosplat.matching.twoview.PhotoPair;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CpuTime;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Relative poses of all pairs of a set from two photos alone, with known cameras and 4,096 keypoints: as a row of a table in
 * Markdown. A row starts with a pair that does not count, so that the compiler has seen the code.
 */
public final class TwoViewTable {

    /** As many as the figures of other programs were measured with. */
    private static final int KEYPOINTS = 4096;

    private final PoseAreas areas = new PoseAreas();
    private final List<Double> errors = new ArrayList<>();
    private final List<Integer> inliers = new ArrayList<>();
    private double detectionSeconds;
    private double matchingSeconds;
    private int photos;

    private TwoViewTable() {}

    /**
     * Measures sets of photos with known cameras.
     *
     * @param data folder with the public sets
     * @param sets fountain, herz-jesu, temple, tum, or {@code PHOTOS,SCENE}
     * @param out told each line of the table
     * @throws IOException if a set cannot be read
     */
    public static void run(Path data, List<String> sets, Consumer<String> out) throws IOException {
        out.accept(
                "| set | pairs | AUC@1/3/5/10 | median error, degrees | median inliers | CPU s a photo | CPU s a pair |");
        out.accept("|---|---|---|---|---|---|---|");
        for (String set : sets) {
            out.accept(measure(PairSets.read(data, set)).row(set));
        }
    }

    static TwoViewTable measure(List<KnownPair> pairs) throws IOException {
        new TwoViewTable().add(pairs.subList(0, 1));
        TwoViewTable table = new TwoViewTable();
        table.add(pairs);
        return table;
    }

    /** Areas under the recall curve up to 1, 3, 5 and 10 degrees. */
    double[] areas() {
        return areas.values();
    }

    private void add(List<KnownPair> pairs) throws IOException {
        KeypointDetector detector =
                new KeypointDetector(KeypointOptions.defaults().withMaxKeypoints(KEYPOINTS));
        Map<Path, MatchablePhoto> known = new HashMap<>();
        Map<Path, Integer> numbers = new HashMap<>();
        try (PairMatcher matcher = new PairMatcher(MatchOptions.defaults().withEpipolarSearch(true))) {
            for (KnownPair pair : pairs) {
                TruePose truth = pose(pair);
                MatchablePhoto a = photo(pair.a(), truth.a(), detector, known, numbers);
                MatchablePhoto b = photo(pair.b(), truth.b(), detector, known, numbers);
                double start = CpuTime.seconds();
                Optional<MatchedPair> found = matcher.match(
                        PhotoPair.of(numbers.getOrDefault(pair.a(), 0), numbers.getOrDefault(pair.b(), 0)), a, b);
                matchingSeconds += CpuTime.seconds() - start;
                double error = found.flatMap(m -> m.geometry().bFromA())
                        .map(truth::errorDeg)
                        .orElse(180.0);
                areas.add(error);
                errors.add(error);
                inliers.add(found.map(MatchedPair::count).orElse(0));
            }
        }
        photos = known.size();
    }

    private static TruePose pose(KnownPair pair) throws IOException {
        if (pair.truth() instanceof TruePose pose) {
            return pose;
        }
        throw new IOException(pair.name() + ": its cameras are not known; give a set of photos with known cameras");
    }

    private MatchablePhoto photo(
            Path file,
            Camera camera,
            KeypointDetector detector,
            Map<Path, MatchablePhoto> known,
            Map<Path, Integer> numbers)
            throws IOException {
        MatchablePhoto photo = known.get(file);
        if (photo == null) {
            var image = ImageFiles.read(file);
            double start = CpuTime.seconds();
            photo = new MatchablePhoto(detector.detect(image), Optional.of(camera));
            detectionSeconds += CpuTime.seconds() - start;
            numbers.put(file, known.size());
            known.put(file, photo);
        }
        return photo;
    }

    private String row(String set) {
        int n = errors.size();
        return String.format(
                Locale.ROOT,
                "| %s | %d | %s | %.2f | %d | %.2f | %.3f |",
                set,
                n,
                areas,
                errors.stream().sorted().toList().get(n / 2),
                inliers.stream().sorted().toList().get(n / 2),
                detectionSeconds / photos,
                matchingSeconds / n);
    }
}
