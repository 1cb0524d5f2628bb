package io.github.dinosplat.samples;

import io.github.dinosplat.splat.train.Holdout;
import io.github.dinosplat.splat.train.TrainOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of the splat training. */
final class SplatArguments {

    /** What can execute the training. */
    enum Engine {
        /** The fastest engine that this machine has; today that is always {@link #JVM}. */
        AUTO,
        /** The processor. */
        JVM
    }

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            defaultValue = "balanced",
            description = "fast, balanced or best: a quarter of, once or four times the usual time (default"
                    + " ${DEFAULT-VALUE}).")
    private Preset preset = Preset.BALANCED;

    @Option(
            names = "--max-size",
            paramLabel = "PX",
            description = "Long side of the training pictures (balanced: 800).")
    private @Nullable Integer maxSize;

    @Option(names = "--iterations", paramLabel = "N", description = "Training steps (balanced: 3000).")
    private @Nullable Integer iterations;

    @Option(
            names = "--max-gaussians",
            paramLabel = "N",
            description = "Most Gaussians at any time, from the first step on (balanced: 100000).")
    private @Nullable Integer maxGaussians;

    @Option(
            names = "--holdout",
            paramLabel = "K|NAME,NAME",
            defaultValue = "8",
            description =
                    "Photos to judge the splats by, kept out of their training: every K-th by name, starting with the"
                            + " first, or these; 0 for none (default ${DEFAULT-VALUE}).")
    private String holdout = "8";

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto or jvm (default ${DEFAULT-VALUE}).")
    private Engine engine = Engine.AUTO;

    /** The training that was asked for. */
    TrainOptions options(CommonOptions common) {
        try {
            return TrainOptions.defaults()
                    .withMaxSize(maxSize != null ? maxSize : preset.maxSize())
                    .withIterations(iterations != null ? iterations : preset.iterations())
                    .withMaxGaussians(maxGaussians != null ? maxGaussians : preset.maxGaussians())
                    .withHoldout(parseHoldout())
                    .withSeed(common.seed)
                    .withThreads(common.threads);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Holdout parseHoldout() {
        String text = holdout.strip();
        if (text.matches("\\d{1,9}")) {
            return Holdout.every(Integer.parseInt(text));
        }
        List<String> names = List.of(text.split(",")).stream()
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .toList();
        if (names.isEmpty()) {
            throw new IllegalArgumentException("--holdout must be a number or photo names but was '" + holdout + "'");
        }
        return Holdout.named(names);
    }
}
