package io.github.dinosplat.samples;

import io.github.dinosplat.splat.gpu.ColourStorage;
import io.github.dinosplat.splat.train.EngineChoice;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What executes the work on splats. */
final class EngineArguments {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, jvm or vulkan (default ${DEFAULT-VALUE}): the graphics card where there is one, the"
                    + " processor, or Vulkan on any device. Only auto goes on with jvm when a card fails.")
    private EngineChoice.Kind engine = EngineChoice.Kind.AUTO;

    @Option(
            names = "--device",
            paramLabel = "NAME|INDEX|UUID",
            description = "Vulkan device to use (default: the best one).")
    private @Nullable String device;

    @Option(
            names = "--colour-bits",
            paramLabel = "32|16",
            defaultValue = "32",
            description =
                    "Bits of a colour coefficient on a Vulkan device (default ${DEFAULT-VALUE}); with 16 a Gaussian"
                            + " takes 428 bytes instead of 716.")
    private int colourBits = 32;

    /** The engine that was asked for. */
    EngineChoice choice() {
        if (device != null && device.isBlank()) {
            throw new ParameterException(spec.commandLine(), "--device must be a name, index or UUID but was blank");
        }
        if (device != null && engine == EngineChoice.Kind.JVM) {
            throw new ParameterException(
                    spec.commandLine(), "--device is for --engine vulkan or auto but the engine is jvm");
        }
        if (colourBits != 32 && colourBits != 16) {
            throw new ParameterException(spec.commandLine(), "--colour-bits must be 32 or 16 but was " + colourBits);
        }
        return new EngineChoice(
                engine, Optional.ofNullable(device), colourBits == 16 ? ColourStorage.BITS_16 : ColourStorage.BITS_32);
    }
}
