package io.github.dinosplat.samples.ablation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Few training views: every variant on every set and number of views, with several seeds. Points, depths and features
 * come from the training views alone.
 */
public final class FewViews {

    private static final int SEEDS = 3;

    private FewViews() {}

    /**
     * Runs what is not finished yet.
     *
     * @param data folder with {@code strecha-fountain-p11}, {@code ngp-fox} and {@code middlebury-temple-sparse-ring}
     * @param out where prepared photos, {@code few-views.tsv} and {@code few-views.md} go
     * @param threads how many threads to use; the result does not depend on it
     * @param say told a line about every finished run
     * @return the table as text
     * @throws IOException if a set is missing or something can't be read or written
     */
    public static String run(Path data, Path out, int threads, Consumer<String> say) throws IOException {
        Files.createDirectories(out);
        PhotoSets sets = new PhotoSets(data, out);
        ResultFile results = new ResultFile(out.resolve("few-views.tsv"));
        Experiment runs = new Experiment(results, Variant.fewViews(), SEEDS, threads, say);
        List<Table.Column> columns = new ArrayList<>();
        List<String> names = List.of("fewest", "middle", "most");
        for (int row = 0; row < names.size(); row++) {
            List<String> titles = new ArrayList<>();
            for (String name : PhotoSets.names()) {
                PhotoSet set = sets.read(name);
                List<String> training = set.training().get(row);
                String title = name + " " + training.size();
                runs.run(set, title, training, set.images());
                titles.add(title);
                columns.add(new Table.Column(title, List.of(title)));
            }
            columns.add(new Table.Column("mean, " + names.get(row), titles));
        }
        String table = new Table(results, columns, runs.variants(), SEEDS).text();
        Files.writeString(out.resolve("few-views.md"), table);
        return table;
    }
}
