package io.github.dinosplat.vulkan;

import java.util.List;
import java.util.Optional;

/**
 * Which Vulkan devices a machine has, as an ordinary answer whatever is or is not installed.
 *
 * @param problem why there is no device at all: no loader, no driver; empty if devices were listed
 * @param devices devices in the driver's order, usable or not
 */
public record DeviceSurvey(Optional<String> problem, List<DeviceInfo> devices) {

    /** Copies the list. */
    public DeviceSurvey {
        devices = List.copyOf(devices);
    }

    /**
     * Asks the machine. Loads the Vulkan library if it is there; never throws for what a machine lacks.
     *
     * @return what was found
     */
    public static DeviceSurvey take() {
        Optional<String> missing = VulkanLibrary.load();
        if (missing.isPresent()) {
            return new DeviceSurvey(missing, List.of());
        }
        try (Instance instance = Instance.create(new HandleRegistry(), ContextOptions.defaults())) {
            List<DeviceInfo> devices = PhysicalDevices.list(instance);
            return new DeviceSurvey(
                    devices.isEmpty() ? Optional.of("the Vulkan driver shows no device") : Optional.empty(), devices);
        } catch (VulkanException e) {
            return new DeviceSurvey(Optional.of(e.toString()), List.of());
        }
    }
}
