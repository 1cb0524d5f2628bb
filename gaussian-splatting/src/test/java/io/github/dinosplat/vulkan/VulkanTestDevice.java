package io.github.dinosplat.vulkan;

import java.util.stream.Collectors;

/** What tests find on this machine: a usable device or the reason why there is none. */
public final class VulkanTestDevice {

    private static final DeviceSurvey SURVEY = DeviceSurvey.take();

    private static final boolean VALIDATION = SURVEY.problem().isEmpty() && Instance.hasValidationLayer();

    private VulkanTestDevice() {}

    /**
     * Why tests on a device are skipped; empty if there is a usable device.
     *
     * @throws IllegalStateException if there is none and {@code DINOSPLAT_REQUIRE_VULKAN} is 1
     */
    public static String absence() {
        if (SURVEY.devices().stream().anyMatch(DeviceInfo::usable)) {
            return "";
        }
        String reason = "no usable Vulkan device: "
                + SURVEY.problem()
                        .orElseGet(() -> SURVEY.devices().stream()
                                .map(device -> device.name() + " " + device.refusals())
                                .collect(Collectors.joining("; ")));
        if ("1".equals(System.getenv("DINOSPLAT_REQUIRE_VULKAN"))) {
            throw new IllegalStateException(reason + ", and DINOSPLAT_REQUIRE_VULKAN is 1");
        }
        return reason;
    }

    /**
     * Whether the Khronos validation layer is installed.
     *
     * @throws IllegalStateException if it is not and {@code DINOSPLAT_REQUIRE_VULKAN} is 1
     */
    static boolean hasValidation() {
        if (!VALIDATION && "1".equals(System.getenv("DINOSPLAT_REQUIRE_VULKAN"))) {
            throw new IllegalStateException(
                    "the Khronos validation layer is not installed, and DINOSPLAT_REQUIRE_VULKAN is 1");
        }
        return VALIDATION;
    }
}
