package io.github.dinosplat.samples;

import io.github.dinosplat.vulkan.DeviceInfo;
import java.util.Optional;

/** How much time a splat training may take: the settings that {@code --preset} stands for. */
enum Preset {
    /** About a quarter of the time of {@link #BALANCED}. */
    FAST(new Settings(600, 1_300, 50_000), new Settings(1_200, 12_000, 500_000)),
    /**
     * On the processor long side 800, 3,000 iterations, at most 100,000 Gaussians; on a graphics card 1,600, 30,000 and
     * 1,000,000.
     */
    BALANCED(new Settings(800, 3_000, 100_000), new Settings(1_600, 30_000, 1_000_000)),
    /** About four times the time of {@link #BALANCED}. */
    BEST(new Settings(1_200, 5_400, 200_000), new Settings(2_400, 45_000, 3_000_000));

    private final Settings processor;
    private final Settings card;

    /**
     * What a preset stands for.
     *
     * @param maxSize greatest long side of the training pictures in pixels
     * @param iterations training steps
     * @param maxGaussians the most Gaussians at any time
     */
    public record Settings(int maxSize, int iterations, int maxGaussians) {}

    Preset(Settings processor, Settings card) {
        this.processor = processor;
        this.card = card;
    }

    /**
     * The settings for a device.
     *
     * @param device the Vulkan device that trains; empty for the JVM engine
     * @return those of a graphics card, or, for the JVM engine and Vulkan in software, those of the processor
     */
    public Settings on(Optional<DeviceInfo> device) {
        return device.isPresent() && device.get().kind() != DeviceInfo.Kind.CPU ? card : processor;
    }
}
