package io.github.dinosplat.samples;

import io.github.dinosplat.samples.ablation.FewViews;
import io.github.dinosplat.samples.ablation.Transients;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ablation few-views|transients DATA -o OUT}: what each term of the training is worth. */
@Command(
        name = "ablation",
        hidden = true,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures what each term of the training is worth on public photo sets.")
final class AblationCommand implements Callable<Integer> {

    private static final String FEW_VIEWS = "few-views";
    private static final String TRANSIENTS = "transients";

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "EXPERIMENT", description = FEW_VIEWS + " or " + TRANSIENTS + ".")
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
        if (!Set.of(FEW_VIEWS, TRANSIENTS).contains(experiment)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "EXPERIMENT must be " + FEW_VIEWS + " or " + TRANSIENTS + " but was " + experiment);
        }
        common.say(
                experiment.equals(FEW_VIEWS)
                        ? FewViews.run(data, out, common.threads, common::say)
                        : Transients.run(data, out, common.threads, common::say));
        return 0;
    }
}
