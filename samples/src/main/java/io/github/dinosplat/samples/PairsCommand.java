package io.github.dinosplat.samples;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.matching.twoview.PhotoMatcher;
import io.github.dinosplat.samples.pairs.GuidanceTable;
import io.github.dinosplat.samples.pairs.TwoViewTable;
import io.github.dinosplat.samples.run.ModelFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pairs two-view|guidance DATA SET...}: how well two photos are matched. */
@Command(
        name = "pairs",
        hidden = true,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures how well pairs of photos are matched whose geometry is known; prints a table.")
final class PairsCommand implements Callable<Integer> {

    private static final String TWO_VIEW = "two-view";
    private static final String GUIDANCE = "guidance";

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "TABLE", description = TWO_VIEW + " or " + GUIDANCE + ".")
    @SuppressWarnings("NullAway.Init")
    private String table;

    @Parameters(index = "1", paramLabel = "DATA", description = "Folder with the photo sets.")
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @Parameters(
            index = "2..*",
            arity = "1..*",
            paramLabel = "SET",
            description =
                    "fountain, herz-jesu, temple, tum, wxbs (for guidance), or PHOTOS,SCENE for a folder of photos and"
                            + " their cameras.")
    private List<String> sets = List.of();

    @Mixin
    private final FeatureArguments features = new FeatureArguments();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        if (!Set.of(TWO_VIEW, GUIDANCE).contains(table)) {
            throw new ParameterException(
                    spec.commandLine(), "TABLE must be " + TWO_VIEW + " or " + GUIDANCE + " but was " + table);
        }
        if (table.equals(TWO_VIEW)) {
            TwoViewTable.run(data, sets, common::say);
        } else {
            try (DenseFeatures network = ModelFolder.open(features.model(), PhotoMatcher.featureOptions())) {
                GuidanceTable.run(data, sets, network, common::say, System.err::println);
            }
        }
        return 0;
    }
}
