package io.github.dinosplat.vulkan;

import java.util.List;

/**
 * A Vulkan device of this machine.
 *
 * @param index position in the driver's list
 * @param name name by the driver
 * @param uuid UUID as 32 lower-case hexadecimal digits; zeros on devices before Vulkan 1.1
 * @param kind what sort of device
 * @param apiVersion Vulkan version, e.g. {@code 1.3.230}
 * @param driver name and version of the driver
 * @param memoryBytes memory of the device in bytes, all device-local heaps
 * @param limits what the device can do
 * @param refusals why it can't be used, each with the limit it misses; empty if it can
 */
public record DeviceInfo(
        int index,
        String name,
        String uuid,
        Kind kind,
        String apiVersion,
        String driver,
        long memoryBytes,
        DeviceLimits limits,
        List<String> refusals) {

    /** Sorts of devices, the best first. */
    public enum Kind {
        /** A card with memory of its own. */
        DISCRETE,
        /** A GPU that shares the host's memory. */
        INTEGRATED,
        /** A part of a GPU in a virtual machine. */
        VIRTUAL,
        /** Anything else. */
        OTHER,
        /** Software on the processor. */
        CPU
    }

    /** Copies the list. */
    public DeviceInfo {
        refusals = List.copyOf(refusals);
    }

    /** {@return whether the device meets all requirements} */
    public boolean usable() {
        return refusals.isEmpty();
    }

    /** {@return one line for records: name, driver and Vulkan version} */
    public String description() {
        return name + ", " + driver + ", Vulkan " + apiVersion;
    }
}
