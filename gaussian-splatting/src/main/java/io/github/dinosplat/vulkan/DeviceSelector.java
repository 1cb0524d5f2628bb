package io.github.dinosplat.vulkan;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which of the machine's devices is wanted: the best, or one by index, UUID or part of its name. */
public final class DeviceSelector {

    private static final Pattern INDEX = Pattern.compile("\\d{1,4}");
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{32}");

    private static final DeviceSelector BEST = new DeviceSelector("");

    private final String text;

    private DeviceSelector(String text) {
        this.text = text;
    }

    /** {@return the best usable device: a discrete GPU before an integrated one, before software; then more memory} */
    public static DeviceSelector best() {
        return BEST;
    }

    /**
     * The device that a text names: digits are an index as in {@link DeviceSurvey#devices()}, 32 hexadecimal digits (with or
     * without dashes) a UUID, anything else a part of the name in any case.
     *
     * @param text text, not blank
     * @return selector
     */
    public static DeviceSelector parse(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("device must be an index, a UUID or a part of a name but was blank");
        }
        return new DeviceSelector(text.strip());
    }

    /**
     * Chooses among devices.
     *
     * @param devices what the machine has, usable or not
     * @return the chosen one, usable
     * @throws VulkanUnavailableException if none is meant, several are, or the one that is meant can't be used
     */
    public DeviceInfo choose(List<DeviceInfo> devices) {
        if (text.isEmpty()) {
            return devices.stream()
                    .filter(DeviceInfo::usable)
                    .min(Comparator.comparing(DeviceInfo::kind)
                            .thenComparing(Comparator.comparingLong(DeviceInfo::memoryBytes)
                                    .reversed())
                            .thenComparing(DeviceInfo::index))
                    .orElseThrow(() -> unavailable("no usable device", describe(devices)));
        }
        List<DeviceInfo> meant = devices.stream().filter(this::means).toList();
        if (meant.isEmpty()) {
            throw unavailable("no such device", "there are: " + describe(devices));
        }
        if (meant.size() > 1) {
            throw unavailable("several devices match", "use an index or UUID; these match: " + describe(meant));
        }
        DeviceInfo chosen = meant.get(0);
        if (!chosen.usable()) {
            throw unavailable("the device can't be used", describe(meant));
        }
        return chosen;
    }

    private boolean means(DeviceInfo device) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (INDEX.matcher(lower).matches()) {
            return device.index() == Integer.parseInt(lower);
        }
        String digits = lower.replace("-", "");
        if (UUID.matcher(digits).matches()) {
            return device.uuid().equals(digits);
        }
        return device.name().toLowerCase(Locale.ROOT).contains(lower);
    }

    private VulkanUnavailableException unavailable(String what, String remedy) {
        return new VulkanUnavailableException("choosing a device", what, this.toString(), remedy);
    }

    private static String describe(List<DeviceInfo> devices) {
        return devices.isEmpty()
                ? "the driver shows no device"
                : devices.stream()
                        .map(device -> device.index() + " " + device.name()
                                + device.refusals().stream()
                                        .collect(Collectors.joining(", ", device.usable() ? "" : " (refused: ", ""))
                                + (device.usable() ? "" : ")"))
                        .collect(Collectors.joining("; "));
    }

    @Override
    public String toString() {
        return text.isEmpty() ? "best device" : "device '" + text + "'";
    }
}
