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
 */
public record ContextOptions(
        DeviceSelector device, Set<Validation> validation, boolean checkWrites, boolean shadowHostMemory) {

    /** Copies the set. */
    public ContextOptions {
        validation = Set.copyOf(validation);
    }

    /** {@return the best device, no checks} */
    public static ContextOptions defaults() {
        return new ContextOptions(DeviceSelector.best(), Set.of(), false, false);
    }

    /**
     * Another device.
     *
     * @param device which device
     * @return changed copy
     */
    public ContextOptions withDevice(DeviceSelector device) {
        return new ContextOptions(device, validation, checkWrites, shadowHostMemory);
    }

    /**
     * Other checks by the validation layer.
     *
     * @param validation checks
     * @return changed copy
     */
    public ContextOptions withValidation(Set<Validation> validation) {
        return new ContextOptions(device, validation, checkWrites, shadowHostMemory);
    }

    /**
     * With or without the check of what each command writes.
     *
     * @param checkWrites whether to check
     * @return changed copy
     */
    public ContextOptions withCheckWrites(boolean checkWrites) {
        return new ContextOptions(device, validation, checkWrites, shadowHostMemory);
    }

    /**
     * With or without an imitation of non-coherent host memory.
     *
     * @param shadowHostMemory whether to imitate it
     * @return changed copy
     */
    public ContextOptions withShadowHostMemory(boolean shadowHostMemory) {
        return new ContextOptions(device, validation, checkWrites, shadowHostMemory);
    }
}
