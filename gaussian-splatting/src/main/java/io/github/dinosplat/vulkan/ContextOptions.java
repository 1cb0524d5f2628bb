package io.github.dinosplat.vulkan;

import java.util.Set;

/**
 * How a {@link VulkanContext} is opened.
 *
 * @param device which device
 * @param validation checks by the Khronos validation layer, none by default; the layer has to be installed
 * @param checkWrites run each command alone and compare checksums of every buffer around it, so that a kernel that writes
 *     what it did not declare, or beyond an end, fails by name; very slow, for tests
 * @param shadowHostMemory treat host memory as if the device saw it only after an explicit flush, and the host the device's
 *     writes only after an explicit invalidation; for tests of code for non-coherent memory on devices that have none
 * @param groupLimit most workgroups along one axis, beyond which dispatches are folded: {@link GroupCount#LIMIT}, or less for
 *     tests of kernels on folded grids
 */
public record ContextOptions(
        DeviceSelector device,
        Set<Validation> validation,
        boolean checkWrites,
        boolean shadowHostMemory,
        int groupLimit) {

    /** Checks the limit and copies the set. */
    public ContextOptions {
        if (groupLimit < 1 || groupLimit > GroupCount.LIMIT) {
            throw new IllegalArgumentException(
                    "groupLimit must be 1 to " + GroupCount.LIMIT + " but was " + groupLimit);
        }
        validation = Set.copyOf(validation);
    }

    /** {@return the best device, no checks} */
    public static ContextOptions defaults() {
        return new ContextOptions(DeviceSelector.best(), Set.of(), false, false, GroupCount.LIMIT);
    }

    /**
     * Another device.
     *
     * @param device which device
     * @return changed copy
     */
    public ContextOptions withDevice(DeviceSelector device) {
        return new ContextOptions(device, validation, checkWrites, shadowHostMemory, groupLimit);
    }

    /**
     * Other checks by the validation layer.
     *
     * @param validation checks
     * @return changed copy
     */
    public ContextOptions withValidation(Set<Validation> validation) {
        return new ContextOptions(device, validation, checkWrites, shadowHostMemory, groupLimit);
    }

    /**
     * With or without the check of what each command writes.
     *
     * @param checkWrites whether to check
     * @return changed copy
     */
    public ContextOptions withCheckWrites(boolean checkWrites) {
        return new ContextOptions(device, validation, checkWrites, shadowHostMemory, groupLimit);
    }

    /**
     * With or without an imitation of non-coherent host memory.
     *
     * @param shadowHostMemory whether to imitate it
     * @return changed copy
     */
    public ContextOptions withShadowHostMemory(boolean shadowHostMemory) {
        return new ContextOptions(device, validation, checkWrites, shadowHostMemory, groupLimit);
    }

    /**
     * With dispatches folded beyond another number of workgroups.
     *
     * @param groupLimit 1 to 65,535
     * @return changed copy
     */
    public ContextOptions withGroupLimit(int groupLimit) {
        return new ContextOptions(device, validation, checkWrites, shadowHostMemory, groupLimit);
    }
}
