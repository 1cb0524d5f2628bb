package io.github.dinosplat.vulkan;

/** No usable Vulkan device: no loader, no driver, no device, or none that is wanted and meets the requirements. */
public final class VulkanUnavailableException extends VulkanException {

    private static final long serialVersionUID = 1L;

    VulkanUnavailableException(String function, String result, String object, String remedy) {
        super(function, result, object, remedy);
    }
}
