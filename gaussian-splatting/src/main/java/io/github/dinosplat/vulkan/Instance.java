package io.github.dinosplat.vulkan;

import static org.lwjgl.vulkan.EXTDebugUtils.VK_EXT_DEBUG_UTILS_EXTENSION_NAME;
import static org.lwjgl.vulkan.EXTDebugUtils.vkCreateDebugUtilsMessengerEXT;
import static org.lwjgl.vulkan.EXTDebugUtils.vkDestroyDebugUtilsMessengerEXT;
import static org.lwjgl.vulkan.EXTValidationFeatures.VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME;
import static org.lwjgl.vulkan.EXTValidationFeatures.VK_VALIDATION_FEATURE_ENABLE_GPU_ASSISTED_EXT;
import static org.lwjgl.vulkan.EXTValidationFeatures.VK_VALIDATION_FEATURE_ENABLE_GPU_ASSISTED_RESERVE_BINDING_SLOT_EXT;
import static org.lwjgl.vulkan.EXTValidationFeatures.VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT;
import static org.lwjgl.vulkan.KHRPortabilityEnumeration.VK_INSTANCE_CREATE_ENUMERATE_PORTABILITY_BIT_KHR;
import static org.lwjgl.vulkan.KHRPortabilityEnumeration.VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.HashSet;
import java.util.Set;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VK10;
import org.lwjgl.vulkan.VK12;
import org.lwjgl.vulkan.VkApplicationInfo;
import org.lwjgl.vulkan.VkDebugUtilsMessengerCreateInfoEXT;
import org.lwjgl.vulkan.VkExtensionProperties;
import org.lwjgl.vulkan.VkInstance;
import org.lwjgl.vulkan.VkInstanceCreateInfo;
import org.lwjgl.vulkan.VkLayerProperties;
import org.lwjgl.vulkan.VkValidationFeaturesEXT;

/** The connection to the Vulkan loader, with the validation layer where it is asked for. */
final class Instance extends VulkanHandle {

    private static final String VALIDATION_LAYER = "VK_LAYER_KHRONOS_validation";

    private final VkInstance instance;
    private final ValidationLog log;
    private final long messenger;

    private Instance(HandleRegistry registry, VkInstance instance, ValidationLog log, long messenger) {
        super(registry, "instance");
        this.instance = instance;
        this.log = log;
        this.messenger = messenger;
    }

    /**
     * Connects. The library has to be loaded.
     *
     * @throws VulkanUnavailableException if no driver answers or a wanted layer is not installed
     */
    static Instance create(HandleRegistry registry, ContextOptions options) {
        boolean validated = !options.validation().isEmpty();
        if (validated && !hasValidationLayer()) {
            throw new VulkanUnavailableException(
                    "vkCreateInstance", "no " + VALIDATION_LAYER, "instance", "install the Khronos validation layer");
        }
        ValidationLog log = new ValidationLog();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            VkInstance instance = instance(stack, options, validated, log);
            long messenger = 0;
            if (validated) {
                LongBuffer handle = stack.mallocLong(1);
                int result = vkCreateDebugUtilsMessengerEXT(
                        instance, log.fill(VkDebugUtilsMessengerCreateInfoEXT.calloc(stack)), null, handle);
                if (result != VK10.VK_SUCCESS) {
                    VK10.vkDestroyInstance(instance, null);
                    Results.check(result, "vkCreateDebugUtilsMessengerEXT", "instance");
                }
                messenger = handle.get(0);
            }
            return new Instance(registry, instance, log, messenger);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    private static VkInstance instance(
            MemoryStack stack, ContextOptions options, boolean validated, ValidationLog log) {
        VkInstanceCreateInfo info = VkInstanceCreateInfo.calloc(stack).sType$Default();
        info.pApplicationInfo(VkApplicationInfo.calloc(stack)
                .sType$Default()
                .pApplicationName(stack.UTF8("dinosplat"))
                .apiVersion(VK12.VK_API_VERSION_1_2));
        PointerBuffer extensions = stack.mallocPointer(3);
        if (extensions().contains(VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME)) {
            extensions.put(stack.UTF8(VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME));
            info.flags(VK_INSTANCE_CREATE_ENUMERATE_PORTABILITY_BIT_KHR);
        }
        if (validated) {
            extensions.put(stack.UTF8(VK_EXT_DEBUG_UTILS_EXTENSION_NAME));
            extensions.put(stack.UTF8(VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME));
            info.ppEnabledLayerNames(stack.pointers(stack.UTF8(VALIDATION_LAYER)));
            info.pNext(log.fill(VkDebugUtilsMessengerCreateInfoEXT.calloc(stack)));
            info.pNext(features(stack, options.validation()));
        }
        info.ppEnabledExtensionNames(extensions.flip());
        PointerBuffer handle = stack.mallocPointer(1);
        int result = VK10.vkCreateInstance(info, null, handle);
        if (result == VK10.VK_ERROR_INCOMPATIBLE_DRIVER) {
            throw new VulkanUnavailableException(
                    "vkCreateInstance",
                    Results.name(result),
                    "instance",
                    "no Vulkan driver answers: install one for the graphics card");
        }
        Results.check(result, "vkCreateInstance", "instance");
        return new VkInstance(handle.get(0), info);
    }

    private static VkValidationFeaturesEXT features(MemoryStack stack, Set<Validation> checks) {
        IntBuffer enabled = stack.mallocInt(3);
        if (checks.contains(Validation.SYNCHRONISATION)) {
            enabled.put(VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT);
        }
        if (checks.contains(Validation.GPU_ASSISTED)) {
            enabled.put(VK_VALIDATION_FEATURE_ENABLE_GPU_ASSISTED_EXT);
            enabled.put(VK_VALIDATION_FEATURE_ENABLE_GPU_ASSISTED_RESERVE_BINDING_SLOT_EXT);
        }
        return VkValidationFeaturesEXT.calloc(stack).sType$Default().pEnabledValidationFeatures(enabled.flip());
    }

    /** Whether the Khronos validation layer is installed. The library has to be loaded. */
    static boolean hasValidationLayer() {
        return layers().contains(VALIDATION_LAYER);
    }

    private static Set<String> layers() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            VK10.vkEnumerateInstanceLayerProperties(count, null);
            Set<String> names = new HashSet<>();
            try (VkLayerProperties.Buffer layers = VkLayerProperties.malloc(count.get(0))) {
                VK10.vkEnumerateInstanceLayerProperties(count, layers);
                layers.stream().limit(count.get(0)).forEach(layer -> names.add(layer.layerNameString()));
            }
            return names;
        }
    }

    private static Set<String> extensions() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            VK10.vkEnumerateInstanceExtensionProperties((ByteBuffer) null, count, null);
            Set<String> names = new HashSet<>();
            try (VkExtensionProperties.Buffer extensions = VkExtensionProperties.malloc(count.get(0))) {
                VK10.vkEnumerateInstanceExtensionProperties((ByteBuffer) null, count, extensions);
                extensions.stream()
                        .limit(count.get(0))
                        .forEach(extension -> names.add(extension.extensionNameString()));
            }
            return names;
        }
    }

    VkInstance handle() {
        requireOpen();
        return instance;
    }

    ValidationLog log() {
        return log;
    }

    @Override
    void destroy() {
        if (messenger != 0) {
            vkDestroyDebugUtilsMessengerEXT(instance, messenger, null);
        }
        VK10.vkDestroyInstance(instance, null);
        log.close();
    }
}
