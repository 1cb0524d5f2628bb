package io.github.dinosplat.vulkan;

/** Memory of the device or of the host did not suffice, or a limit on the size of one allocation was met. */
public final class DeviceMemoryException extends VulkanException {

    private static final long serialVersionUID = 1L;

    DeviceMemoryException(String function, String result, String object, String remedy) {
        super(function, result, object, remedy);
    }
}
