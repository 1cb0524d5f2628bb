package io.github.dinosplat.samples;

import io.github.dinosplat.splat.train.EngineChoice;
import io.github.dinosplat.splat.train.Holdout;
import io.github.dinosplat.splat.train.TrainOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of the splat training. */
final class SplatArguments {

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
            description = "Long side of the training pictures (balanced: 800; 1600 on a graphics card).")
    private @Nullable Integer maxSize;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "Training steps (balanced: 3000; 30000 on a graphics card).")
    private @Nullable Integer iterations;

    @Option(
            names = "--max-gaussians",
            paramLabel = "N",
            description = "Most Gaussians at any time, from the first step on (balanced: 100000; 1000000 on a"
                    + " graphics card).")
    private @Nullable Integer maxGaussians;

    @Option(
            names = "--holdout",
            paramLabel = "K|NAME,NAME",
            defaultValue = "8",
            description =
                    "Photos to judge the splats by, kept out of their training: every K-th by name, starting with the"
                            + " first, or these; 0 for none (default ${DEFAULT-VALUE}).")
    private String holdout = "8";

    @Mixin
    private final MethodArguments method = new MethodArguments();

    @Mixin
    private final EngineArguments engine = new EngineArguments();

    /** The training that was asked for. */
    TrainOptions options(CommonOptions common) {
        try {
            EngineChoice choice = engine.choice();
            Preset.Settings settings = preset.on(choice.deviceToUse());
            return TrainOptions.defaults()
                    .withEngine(choice)
                    .withMethod(method.method())
                    .withTerms(method.terms())
                    .withMaxSize(maxSize != null ? maxSize : settings.maxSize())
                    .withIterations(iterations != null ? iterations : settings.iterations())
                    .withMaxGaussians(maxGaussians != null ? maxGaussians : settings.maxGaussians())
                    .withHoldout(parseHoldout())
                    .withSeed(common.seed)
                    .withThreads(common.threads);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Holdout parseHoldout() {
        String text = holdout.strip();
        if (text.matches("-?\\d{1,9}")) {
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
