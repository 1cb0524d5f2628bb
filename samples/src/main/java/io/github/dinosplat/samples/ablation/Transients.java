package io.github.dinosplat.samples.ablation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Photos with things pasted into a third of them, judged on clean photos: with and without masks, and as a check of the
 * masks' price the same on the unchanged photos.
 */
public final class Transients {

    private static final int SEEDS = 3;
    private static final List<String> SETS = List.of("fountain", "fox");

    private Transients() {}

    /**
     * Runs what is not finished yet.
     *
     * @param data folder with {@code strecha-fountain-p11}, {@code ngp-fox} and {@code middlebury-temple-sparse-ring}
     * @param out where prepared photos, {@code transients.tsv} and {@code transients.md} go
     * @param threads how many threads to use; the result does not depend on it
     * @param say told a line about every finished run
     * @return the table as text
     * @throws IOException if a set is missing or something can't be read or written
     */
    public static String run(Path data, Path out, int threads, Consumer<String> say) throws IOException {
        Files.createDirectories(out);
        PhotoSets sets = new PhotoSets(data, out);
        PhotoSet objects = sets.read("temple");
        ResultFile results = new ResultFile(out.resolve("transients.tsv"));
        Experiment runs = new Experiment(results, Variant.transients(), SEEDS, threads, say);
        List<Table.Column> columns = new ArrayList<>();
        for (String name : SETS) {
            PhotoSet set = sets.read(name);
            List<String> training = set.training().get(1);
            Path pasted = set.folder().resolve("pasted");
            PastedObjects.write(set, training, objects, pasted);
            for (String kind : List.of("pasted", "clean")) {
                String title = name + " " + kind;
                runs.run(set, title, training, kind.equals("pasted") ? pasted : set.images());
                columns.add(new Table.Column(title, List.of(title)));
            }
        }
        String table = new Table(results, columns, runs.variants(), SEEDS).text();
        Files.writeString(out.resolve("transients.md"), table);
        return table;
    }
}
