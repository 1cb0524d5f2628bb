package io.github.dinosplat.vulkan;

import static org.lwjgl.vulkan.KHRPortabilitySubset.VK_KHR_PORTABILITY_SUBSET_EXTENSION_NAME;

import java.nio.LongBuffer;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VK10;
import org.lwjgl.vulkan.VK12;
import org.lwjgl.vulkan.VkCommandPoolCreateInfo;
import org.lwjgl.vulkan.VkDevice;
import org.lwjgl.vulkan.VkDeviceCreateInfo;
import org.lwjgl.vulkan.VkDeviceQueueCreateInfo;
import org.lwjgl.vulkan.VkPhysicalDevice;
import org.lwjgl.vulkan.VkPhysicalDeviceFeatures2;
import org.lwjgl.vulkan.VkPhysicalDeviceVulkan12Features;
import org.lwjgl.vulkan.VkQueue;
import org.lwjgl.vulkan.VkSemaphoreCreateInfo;
import org.lwjgl.vulkan.VkSemaphoreTypeCreateInfo;

/** An opened device with what every command needs: its queue, a pool of command buffers, the semaphore that counts submissions. */
final class LogicalDevice extends VulkanHandle {

    private final VkDevice device;
    private final VkQueue queue;
    private final long commandPool;
    private final long semaphore;

    private LogicalDevice(
            HandleRegistry registry, String name, VkDevice device, VkQueue queue, long commandPool, long semaphore) {
        super(registry, name);
        this.device = device;
        this.queue = queue;
        this.commandPool = commandPool;
        this.semaphore = semaphore;
    }

    static LogicalDevice open(HandleRegistry registry, VkPhysicalDevice physical, String name) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            int family = PhysicalDevices.computeFamily(physical);
            VkDevice device = device(stack, physical, family, name);
            LongBuffer handle = stack.mallocLong(1);
            long pool = 0;
            try {
                Results.check(
                        VK10.vkCreateCommandPool(
                                device,
                                VkCommandPoolCreateInfo.calloc(stack)
                                        .sType$Default()
                                        .flags(VK10.VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT)
                                        .queueFamilyIndex(family),
                                null,
                                handle),
                        "vkCreateCommandPool",
                        name);
                pool = handle.get(0);
                VkSemaphoreTypeCreateInfo timeline = VkSemaphoreTypeCreateInfo.calloc(stack)
                        .sType$Default()
                        .semaphoreType(VK12.VK_SEMAPHORE_TYPE_TIMELINE);
                Results.check(
                        VK10.vkCreateSemaphore(
                                device,
                                VkSemaphoreCreateInfo.calloc(stack)
                                        .sType$Default()
                                        .pNext(timeline),
                                null,
                                handle),
                        "vkCreateSemaphore",
                        name);
            } catch (VulkanException e) {
                VK10.vkDestroyCommandPool(device, pool, null);
                VK10.vkDestroyDevice(device, null);
                throw e;
            }
            PointerBuffer queue = stack.mallocPointer(1);
            VK10.vkGetDeviceQueue(device, family, 0, queue);
            return new LogicalDevice(registry, name, device, new VkQueue(queue.get(0), device), pool, handle.get(0));
        }
    }

    private static VkDevice device(MemoryStack stack, VkPhysicalDevice physical, int family, String name) {
        VkPhysicalDeviceVulkan12Features features = VkPhysicalDeviceVulkan12Features.calloc(stack)
                .sType$Default()
                .bufferDeviceAddress(true)
                .scalarBlockLayout(true)
                .timelineSemaphore(true);
        VkDeviceCreateInfo info = VkDeviceCreateInfo.calloc(stack).sType$Default();
        info.pNext(VkPhysicalDeviceFeatures2.calloc(stack).sType$Default());
        info.pNext(features);
        info.pQueueCreateInfos(VkDeviceQueueCreateInfo.calloc(1, stack)
                .sType$Default()
                .queueFamilyIndex(family)
                .pQueuePriorities(stack.floats(1f)));
        if (PhysicalDevices.extensions(physical).contains(VK_KHR_PORTABILITY_SUBSET_EXTENSION_NAME)) {
            info.ppEnabledExtensionNames(stack.pointers(stack.UTF8(VK_KHR_PORTABILITY_SUBSET_EXTENSION_NAME)));
        }
        PointerBuffer handle = stack.mallocPointer(1);
        Results.check(VK10.vkCreateDevice(physical, info, null, handle), "vkCreateDevice", name);
        return new VkDevice(handle.get(0), physical, info);
    }

    VkDevice handle() {
        requireOpen();
        return device;
    }

    VkQueue queue() {
        return queue;
    }

    long commandPool() {
        return commandPool;
    }

    /** A timeline semaphore: its value is the number of submissions that are over. */
    long semaphore() {
        return semaphore;
    }

    @Override
    void destroy() {
        VK10.vkDestroySemaphore(device, semaphore, null);
        VK10.vkDestroyCommandPool(device, commandPool, null);
        VK10.vkDestroyDevice(device, null);
    }
}
