package io.github.dinosplat.samples.ablation;

import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.depth.DepthPrior;
import io.github.dinosplat.depth.DepthResult;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.matching.SfmResult;
import io.github.dinosplat.matching.StructureFromMotion;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How well depths are known at points that were held out from all photos: by the head on the embedded network's features,
 * by the same head on dense SIFT with colours, and by three simpler answers.
 */
public final class DepthTable {

    /** Name and folder of the sets whose cameras are found from the photos. */
    private static final Map<String, String> SETS = sets();

    /** Photos too far apart for that; the cameras are given. */
    private static final String TEMPLE = "temple";

    private static final String SIFT = "head on dense SIFT and colours";
    private static final String HEAD = "head";

    private final Path out;
    private final int threads;
    private final Consumer<String> say;
    private final ResultFile results;

    private DepthTable(Path out, int threads, Consumer<String> say) throws IOException {
        this.out = out;
        this.results = new ResultFile(out.resolve("depth.tsv"));
        this.threads = threads;
        this.say = say;
    }

    private static Map<String, String> sets() {
        Map<String, String> sets = new LinkedHashMap<>();
        sets.put("fountain", "strecha-fountain-p11/images");
        sets.put("Herz-Jesu", "strecha-herz-jesu-p8/images");
        sets.put("sceaux", "sceaux-castle/images");
        sets.put("fox", "ngp-fox/images");
        sets.put("caliterra", "odm-caliterra/images");
        return sets;
    }

    /**
     * Judges what is not judged yet.
     *
     * @param data folder with the photo sets
     * @param out where models ({@code models/SET/sparse/0}, made where absent), {@code depth.tsv} and {@code depth.md} go
     * @param threads how many threads to use; the result does not depend on it
     * @param say told of every set
     * @return the tables as text
     * @throws IOException if a set is missing or something can't be read or written
     */
    public static String run(Path data, Path out, int threads, Consumer<String> say) throws IOException {
        Files.createDirectories(out);
        DepthTable table = new DepthTable(out, threads, say);
        PhotoSet temple = new PhotoSets(data, out).read(TEMPLE);
        table.judge(
                TEMPLE,
                temple.images(),
                () -> TrainingSet.triangulated(
                        temple.part(temple.all()),
                        temple.images(),
                        temple.folder().resolve("all"),
                        threads,
                        Progress.NONE));
        for (Map.Entry<String, String> set : SETS.entrySet()) {
            Path photos = data.resolve(set.getValue());
            table.judge(set.getKey(), photos, () -> table.scene(set.getKey(), photos));
        }
        String text = table.text("points") + table.text("blocks") + table.calibration();
        Files.writeString(out.resolve("depth.md"), text);
        return text;
    }

    /** Cameras and points. */
    private interface Model {
        Scene scene() throws IOException;
    }

    private void judge(String set, Path photos, Model model) throws IOException {
        if (results.of(key(set, "blocks", SIFT)).isPresent()) {
            return;
        }
        Scene scene = model.scene();
        PhotoSource pixels = ImageFiles.source(photos);
        DepthOptions options = DepthOptions.defaults().withThreads(threads);
        if (results.of(key(set, "blocks", HEAD)).isEmpty()) {
            try (DenseFeatures features = DenseFeatures.embedded()) {
                DepthResult result =
                        DepthPrior.estimate(scene, pixels, features, options, (view, map) -> {}, Progress.NONE);
                add(set, "points", result.points().orElseThrow());
                add(set, "blocks", result.blocks().orElseThrow());
            }
            say.accept(set + ": judged");
        }
        DepthResult sift = DepthPrior.estimate(
                scene, pixels, DenseFeatures.handCrafted(), options, (view, map) -> {}, Progress.NONE);
        results.add(key(set, "points", SIFT), value(sift.points().orElseThrow().head()));
        results.add(key(set, "blocks", SIFT), value(sift.blocks().orElseThrow().head()));
        say.accept(set + ": judged on dense SIFT and colours");
    }

    private Scene scene(String set, Path photos) throws IOException {
        Path model = out.resolve("models").resolve(set);
        if (!ColmapModel.isIn(model)) {
            List<Photo> all = PhotoFolder.read(photos).photos();
            SfmOptions options = SfmOptions.defaults().withThreads(threads);
            SfmResult found = StructureFromMotion.reconstruct(
                    all, ImageFiles.source(photos), options, Optional.empty(), Progress.NONE);
            if (found.models().isEmpty()) {
                throw new IOException(photos + ": no cameras were found; give photos that overlap");
            }
            ColmapModel.write(found.models().get(0), model.resolve("sparse/0"));
        }
        return ColmapModel.read(model);
    }

    private void add(String set, String kind, DepthResult.HeldOut errors) throws IOException {
        results.add(key(set, kind, "constant"), value(errors.constant()));
        results.add(key(set, kind, "nearest point"), value(errors.nearest()));
        results.add(key(set, kind, "RGB and position"), value(errors.rgbPosition()));
        List<String> bins = new ArrayList<>();
        for (DepthResult.ConfidenceBin bin : errors.calibration()) {
            bins.add(String.format(Locale.ROOT, "%.2f: %.2f", bin.confidence(), 100 * bin.meanError()));
        }
        results.add(key(set, kind, "calibration"), String.join(" | ", bins));
        results.add(key(set, kind, HEAD), value(errors.head()));
    }

    private String result(String key) {
        return results.of(key).orElseThrow();
    }

    private static String key(String set, String kind, String what) {
        return set + ", " + kind + ", " + what;
    }

    private static String value(DepthResult.Accuracy accuracy) {
        return String.format(Locale.ROOT, "%.2f / %.3f", 100 * accuracy.absRel(), accuracy.delta1());
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(SETS.keySet());
        names.add(TEMPLE);
        return names;
    }

    private String text(String kind) {
        List<String> estimators = List.of(HEAD, SIFT, "constant", "nearest point", "RGB and position");
        StringBuilder text = new StringBuilder("| " + kind + ": AbsRel in % / delta1 | ")
                .append(String.join(" | ", estimators))
                .append(" |\n|---|")
                .append("---|".repeat(estimators.size()))
                .append('\n');
        for (String set : names()) {
            text.append("| ").append(set).append(" |");
            estimators.forEach(
                    e -> text.append(' ').append(result(key(set, kind, e))).append(" |"));
            text.append('\n');
        }
        return text.append('\n').toString();
    }

    private String calibration() {
        StringBuilder text = new StringBuilder("| blocks: confidence: AbsRel in %, in tenths")
                .append(" |".repeat(10))
                .append("\n|---|")
                .append("---|".repeat(10))
                .append('\n');
        for (String set : names()) {
            text.append("| ")
                    .append(set)
                    .append(" | ")
                    .append(result(key(set, "blocks", "calibration")))
                    .append(" |\n");
        }
        return text.toString();
    }
}
