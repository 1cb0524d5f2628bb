package io.github.dinosplat.samples;

import io.github.dinosplat.splat.EngineException;
import io.github.dinosplat.splat.jvm.JvmEngine;
import io.github.dinosplat.splat.train.EngineChoice;
import io.github.dinosplat.vulkan.DeviceInfo;
import io.github.dinosplat.vulkan.DeviceSurvey;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code devices}: which engines and devices this machine has, which would be used, and why others would not. */
@Command(
        name = "devices",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lists the engines and Vulkan devices of this machine, and says which would be used and why.")
final class DevicesCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "Answer for this choice of engine: auto, jvm or vulkan (default ${DEFAULT-VALUE}).")
    private EngineChoice.Kind engine = EngineChoice.Kind.AUTO;

    @Option(names = "--device", paramLabel = "NAME|INDEX|UUID", description = "Answer for this choice of device.")
    private @Nullable String device;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        DeviceSurvey survey = DeviceSurvey.take();
        try (JvmEngine jvm = new JvmEngine(1)) {
            out.println("engine jvm     " + jvm.device());
        }
        long usable = survey.devices().stream().filter(DeviceInfo::usable).count();
        out.println("engine vulkan  "
                + survey.problem().orElse(survey.devices().size() + " device(s), " + usable + " usable"));
        survey.devices().forEach(found -> print(out, found));
        int status = 0;
        try {
            Optional<DeviceInfo> chosen = new EngineChoice(engine, Optional.ofNullable(device)).deviceToUse();
            out.println("used           "
                    + chosen.map(found -> "vulkan on device " + found.index() + ", " + reason(found))
                            .orElseGet(() -> "jvm, " + whyJvm(survey)));
        } catch (EngineException e) {
            out.println("used           none: " + e.getMessage());
            status = 1;
        }
        out.flush();
        return status;
    }

    private static void print(PrintWriter out, DeviceInfo found) {
        out.println();
        out.println("device " + found.index() + "       " + found.description());
        out.println("  kind         " + found.kind().name().toLowerCase(Locale.ROOT)
                + String.format(
                        Locale.ROOT,
                        ", %.1f GiB, subgroups of %d",
                        found.memoryBytes() / (double) (1 << 30),
                        found.limits().subgroupSize()));
        out.println("  uuid         " + found.uuid());
        out.println("  usable       " + (found.usable() ? "yes" : "no: " + String.join("; ", found.refusals())));
    }

    private String reason(DeviceInfo found) {
        return device != null
                ? "as asked for"
                : found.kind() == DeviceInfo.Kind.CPU ? "the only kind there is" : "the best card";
    }

    private String whyJvm(DeviceSurvey survey) {
        if (engine == EngineChoice.Kind.JVM) {
            return "as asked for";
        }
        if (survey.problem().isPresent()) {
            return "because there is no Vulkan device";
        }
        boolean software =
                survey.devices().stream().anyMatch(found -> found.usable() && found.kind() == DeviceInfo.Kind.CPU);
        return software
                ? "because Vulkan in software is slower than it; --engine vulkan uses it all the same"
                : "because no device can be used";
    }
}
