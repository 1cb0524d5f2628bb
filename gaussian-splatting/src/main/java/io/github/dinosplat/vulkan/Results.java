package io.github.dinosplat.vulkan;

import java.util.Map;
import org.lwjgl.vulkan.VK10;
import org.lwjgl.vulkan.VK11;
import org.lwjgl.vulkan.VK12;

/** Turns result codes of Vulkan functions into exceptions with names. */
final class Results {

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(VK10.VK_NOT_READY, "VK_NOT_READY"),
            Map.entry(VK10.VK_TIMEOUT, "VK_TIMEOUT"),
            Map.entry(VK10.VK_INCOMPLETE, "VK_INCOMPLETE"),
            Map.entry(VK10.VK_ERROR_OUT_OF_HOST_MEMORY, "VK_ERROR_OUT_OF_HOST_MEMORY"),
            Map.entry(VK10.VK_ERROR_OUT_OF_DEVICE_MEMORY, "VK_ERROR_OUT_OF_DEVICE_MEMORY"),
            Map.entry(VK10.VK_ERROR_INITIALIZATION_FAILED, "VK_ERROR_INITIALIZATION_FAILED"),
            Map.entry(VK10.VK_ERROR_DEVICE_LOST, "VK_ERROR_DEVICE_LOST"),
            Map.entry(VK10.VK_ERROR_MEMORY_MAP_FAILED, "VK_ERROR_MEMORY_MAP_FAILED"),
            Map.entry(VK10.VK_ERROR_LAYER_NOT_PRESENT, "VK_ERROR_LAYER_NOT_PRESENT"),
            Map.entry(VK10.VK_ERROR_EXTENSION_NOT_PRESENT, "VK_ERROR_EXTENSION_NOT_PRESENT"),
            Map.entry(VK10.VK_ERROR_FEATURE_NOT_PRESENT, "VK_ERROR_FEATURE_NOT_PRESENT"),
            Map.entry(VK10.VK_ERROR_INCOMPATIBLE_DRIVER, "VK_ERROR_INCOMPATIBLE_DRIVER"),
            Map.entry(VK10.VK_ERROR_TOO_MANY_OBJECTS, "VK_ERROR_TOO_MANY_OBJECTS"),
            Map.entry(VK10.VK_ERROR_UNKNOWN, "VK_ERROR_UNKNOWN"),
            Map.entry(VK11.VK_ERROR_OUT_OF_POOL_MEMORY, "VK_ERROR_OUT_OF_POOL_MEMORY"),
            Map.entry(VK11.VK_ERROR_INVALID_EXTERNAL_HANDLE, "VK_ERROR_INVALID_EXTERNAL_HANDLE"),
            Map.entry(VK12.VK_ERROR_FRAGMENTATION, "VK_ERROR_FRAGMENTATION"),
            Map.entry(VK12.VK_ERROR_INVALID_OPAQUE_CAPTURE_ADDRESS, "VK_ERROR_INVALID_OPAQUE_CAPTURE_ADDRESS"));

    private Results() {}

    /** Symbolic name of a result code. */
    static String name(int result) {
        return NAMES.getOrDefault(result, "VkResult " + result);
    }

    /**
     * Throws unless a result is {@code VK_SUCCESS}.
     *
     * @throws DeviceLostException for {@code VK_ERROR_DEVICE_LOST}
     * @throws DeviceMemoryException for results that say that memory has run out
     * @throws VulkanException for every other result
     */
    static void check(int result, String function, String object) {
        if (result != VK10.VK_SUCCESS) {
            throw failure(result, function, object);
        }
    }

    private static VulkanException failure(int result, String function, String object) {
        String name = name(result);
        return switch (result) {
            case VK10.VK_ERROR_DEVICE_LOST ->
                new DeviceLostException(
                        function, name, object, "start again on this or another device, from the last checkpoint");
            case VK10.VK_ERROR_OUT_OF_DEVICE_MEMORY,
                    VK10.VK_ERROR_OUT_OF_HOST_MEMORY,
                    VK10.VK_ERROR_TOO_MANY_OBJECTS,
                    VK11.VK_ERROR_OUT_OF_POOL_MEMORY,
                    VK12.VK_ERROR_FRAGMENTATION ->
                new DeviceMemoryException(function, name, object, "use less memory, or a device with more");
            default -> new VulkanException(function, name, object, "");
        };
    }
}
