package io.github.dinosplat.vulkan;

import static org.lwjgl.vulkan.EXTDebugUtils.VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
import static org.lwjgl.vulkan.EXTDebugUtils.VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT;
import static org.lwjgl.vulkan.EXTDebugUtils.VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT;
import static org.lwjgl.vulkan.EXTDebugUtils.VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT;

import java.util.ArrayList;
import java.util.List;
import org.lwjgl.vulkan.VkDebugUtilsMessengerCallbackDataEXT;
import org.lwjgl.vulkan.VkDebugUtilsMessengerCallbackEXT;
import org.lwjgl.vulkan.VkDebugUtilsMessengerCreateInfoEXT;

/** Collects what the validation layer has to say. Called by the driver on any thread. */
final class ValidationLog implements AutoCloseable {

    /** What the layer says about its own set-up, with checks by instrumented shaders: no fault of the program. */
    private static final List<String> SETUP =
            List.of("UNASSIGNED-GPU-Assisted Validation Warning", "UNASSIGNED-GPU-Assisted");

    private final List<String> messages = new ArrayList<>();
    private final VkDebugUtilsMessengerCallbackEXT callback = VkDebugUtilsMessengerCallbackEXT.create(this::collect);

    private int collect(int severity, int type, long data, long user) {
        VkDebugUtilsMessengerCallbackDataEXT message = VkDebugUtilsMessengerCallbackDataEXT.create(data);
        String id = String.valueOf(message.pMessageIdNameString());
        String text = String.valueOf(message.pMessageString());
        boolean setup = severity < VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT
                && SETUP.stream().anyMatch(id::startsWith);
        if (!setup) {
            synchronized (this) {
                messages.add(id + ": " + text);
            }
        }
        return 0;
    }

    /** Parameters for an instance or a messenger that reports here. */
    VkDebugUtilsMessengerCreateInfoEXT fill(VkDebugUtilsMessengerCreateInfoEXT info) {
        return info.sType$Default()
                .messageSeverity(
                        VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT)
                .messageType(VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT
                        | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT)
                .pfnUserCallback(callback);
    }

    /** What was said so far, in order. */
    synchronized List<String> messages() {
        return List.copyOf(messages);
    }

    /** What was said so far; it is forgotten. */
    synchronized List<String> drain() {
        List<String> drained = List.copyOf(messages);
        messages.clear();
        return drained;
    }

    @Override
    public void close() {
        callback.free();
    }
}
