package io.github.dinosplat.samples;

import io.github.dinosplat.samples.ablation.DepthTable;
import io.github.dinosplat.samples.ablation.FewViews;
import io.github.dinosplat.samples.ablation.Transients;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ablation few-views|transients|depth DATA -o OUT}: what terms of the training and depth maps are worth. */
@Command(
        name = "ablation",
        hidden = true,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures on public photo sets what each term of the training is worth, and how good depth maps are.")
final class AblationCommand implements Callable<Integer> {

    private static final String FEW_VIEWS = "few-views";
    private static final String TRANSIENTS = "transients";
    private static final String DEPTH = "depth";

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "EXPERIMENT", description = FEW_VIEWS + ", " + TRANSIENTS + " or " + DEPTH + ".")
    @SuppressWarnings("NullAway.Init")
    private String experiment;

    @Parameters(paramLabel = "DATA", description = "Folder with the photo sets.")
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @Option(
            names = "-o",
            required = true,
            paramLabel = "OUT",
            description = "Folder for prepared photos and results; finished runs in it are not repeated.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        common.say(
                switch (experiment) {
                    case FEW_VIEWS -> FewViews.run(data, out, common.threads, common::say);
                    case TRANSIENTS -> Transients.run(data, out, common.threads, common::say);
                    case DEPTH -> DepthTable.run(data, out, common.threads, common::say);
                    default ->
                        throw new ParameterException(
                                spec.commandLine(),
                                "EXPERIMENT must be " + FEW_VIEWS + ", " + TRANSIENTS + " or " + DEPTH + " but was "
                                        + experiment);
                });
        return 0;
    }
}
