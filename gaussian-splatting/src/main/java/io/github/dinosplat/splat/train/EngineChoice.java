package io.github.dinosplat.splat.train;

import io.github.dinosplat.splat.EngineException;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.gpu.ColourStorage;
import io.github.dinosplat.splat.gpu.VulkanEngine;
import io.github.dinosplat.splat.jvm.JvmEngine;
import io.github.dinosplat.vulkan.ContextOptions;
import io.github.dinosplat.vulkan.DeviceInfo;
import io.github.dinosplat.vulkan.DeviceSelector;
import io.github.dinosplat.vulkan.DeviceSurvey;
import io.github.dinosplat.vulkan.VulkanUnavailableException;
import java.util.Optional;

/**
 * Which engine trains or renders.
 *
 * @param kind which engine
 * @param device which Vulkan device, by index, UUID or part of its name; empty for the best one
 * @param colours how the Vulkan engine keeps colours; the JVM engine ignores it
 */
public record EngineChoice(Kind kind, Optional<String> device, ColourStorage colours) {

    private static final System.Logger LOG = System.getLogger(EngineChoice.class.getName());

    /** Engines to choose from. */
    public enum Kind {
        /**
         * The Vulkan engine on a graphics card where there is one, else the JVM engine, which also goes on when the card
         * fails. Never Vulkan in software: there the JVM engine is many times faster.
         */
        AUTO,
        /** The processor. */
        JVM,
        /** Vulkan on any device, or a failure. */
        VULKAN
    }

    /**
     * With colours in 32 bits.
     *
     * @param kind which engine
     * @param device which Vulkan device; empty for the best one
     */
    public EngineChoice(Kind kind, Optional<String> device) {
        this(kind, device, ColourStorage.BITS_32);
    }

    /** The fastest engine that the machine has. */
    public static final EngineChoice FASTEST = new EngineChoice(Kind.AUTO, Optional.empty());

    /** The processor. */
    public static final EngineChoice JVM = new EngineChoice(Kind.JVM, Optional.empty());

    /**
     * The Vulkan device that this choice means on this machine. Asks the driver, so it takes a moment.
     *
     * @return the device; empty for the processor
     * @throws EngineException if Vulkan is asked for and there is no such device; the message says why and what there is
     */
    public Optional<DeviceInfo> deviceToUse() {
        if (kind == Kind.JVM) {
            return Optional.empty();
        }
        DeviceSurvey survey = DeviceSurvey.take();
        String problem = survey.problem().orElse("");
        if (problem.isEmpty()) {
            try {
                DeviceInfo chosen = selector().choose(survey.devices());
                boolean hardware = chosen.kind() != DeviceInfo.Kind.CPU;
                return hardware || kind == Kind.VULKAN ? Optional.of(chosen) : Optional.empty();
            } catch (VulkanUnavailableException e) {
                problem = String.valueOf(e.getMessage());
            }
        }
        if (kind == Kind.VULKAN) {
            throw new EngineException("the Vulkan engine cannot start: " + problem);
        }
        String reason = problem;
        LOG.log(System.Logger.Level.DEBUG, () -> "the JVM engine is used: " + reason);
        return Optional.empty();
    }

    /**
     * Opens the engine.
     *
     * @param threads how many threads the JVM engine uses
     * @return engine, to be closed by the caller
     * @throws EngineException if Vulkan is asked for and cannot start
     */
    public SplatEngine open(int threads) {
        Optional<DeviceInfo> chosen = deviceToUse();
        if (chosen.isEmpty()) {
            return new JvmEngine(threads);
        }
        try {
            return VulkanEngine.open(
                    ContextOptions.defaults()
                            .withDevice(DeviceSelector.parse(chosen.get().index() + "")),
                    colours);
        } catch (EngineException e) {
            if (!mayFallBack()) {
                throw e;
            }
            LOG.log(System.Logger.Level.WARNING, () -> "the JVM engine is used: " + e.getMessage());
            return new JvmEngine(threads);
        }
    }

    /**
     * Whether the JVM engine may go on when the chosen one fails.
     *
     * @return true for {@link Kind#AUTO} only
     */
    public boolean mayFallBack() {
        return kind == Kind.AUTO;
    }

    private DeviceSelector selector() {
        return device.map(DeviceSelector::parse).orElseGet(DeviceSelector::best);
    }
}
