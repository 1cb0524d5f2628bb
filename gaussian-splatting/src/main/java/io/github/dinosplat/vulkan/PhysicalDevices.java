package io.github.dinosplat.vulkan;

import static org.lwjgl.vulkan.EXTShaderAtomicFloat.VK_EXT_SHADER_ATOMIC_FLOAT_EXTENSION_NAME;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VK10;
import org.lwjgl.vulkan.VK11;
import org.lwjgl.vulkan.VkExtensionProperties;
import org.lwjgl.vulkan.VkPhysicalDevice;
import org.lwjgl.vulkan.VkPhysicalDeviceDriverProperties;
import org.lwjgl.vulkan.VkPhysicalDeviceFeatures2;
import org.lwjgl.vulkan.VkPhysicalDeviceIDProperties;
import org.lwjgl.vulkan.VkPhysicalDeviceLimits;
import org.lwjgl.vulkan.VkPhysicalDeviceMaintenance3Properties;
import org.lwjgl.vulkan.VkPhysicalDeviceMemoryProperties;
import org.lwjgl.vulkan.VkPhysicalDeviceProperties;
import org.lwjgl.vulkan.VkPhysicalDeviceProperties2;
import org.lwjgl.vulkan.VkPhysicalDeviceShaderAtomicFloatFeaturesEXT;
import org.lwjgl.vulkan.VkPhysicalDeviceSubgroupProperties;
import org.lwjgl.vulkan.VkPhysicalDeviceVulkan12Features;
import org.lwjgl.vulkan.VkQueueFamilyProperties;

/** Reads what the devices of an instance are and can do. */
final class PhysicalDevices {

    private PhysicalDevices() {}

    /** All devices in the driver's order. */
    static List<DeviceInfo> list(Instance instance) {
        List<DeviceInfo> devices = new ArrayList<>();
        List<VkPhysicalDevice> handles = handles(instance);
        for (int index = 0; index < handles.size(); index++) {
            devices.add(describe(index, handles.get(index)));
        }
        return devices;
    }

    /** The device at an index of {@link #list}. */
    static VkPhysicalDevice handle(Instance instance, int index) {
        return handles(instance).get(index);
    }

    private static List<VkPhysicalDevice> handles(Instance instance) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            Results.check(
                    VK10.vkEnumeratePhysicalDevices(instance.handle(), count, null),
                    "vkEnumeratePhysicalDevices",
                    "instance");
            List<VkPhysicalDevice> devices = new ArrayList<>();
            if (count.get(0) > 0) {
                PointerBuffer handles = stack.mallocPointer(count.get(0));
                Results.check(
                        VK10.vkEnumeratePhysicalDevices(instance.handle(), count, handles),
                        "vkEnumeratePhysicalDevices",
                        "instance");
                for (int i = 0; i < count.get(0); i++) {
                    devices.add(new VkPhysicalDevice(handles.get(i), instance.handle()));
                }
            }
            return devices;
        }
    }

    private static DeviceInfo describe(int index, VkPhysicalDevice device) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            VkPhysicalDeviceProperties basic = VkPhysicalDeviceProperties.calloc(stack);
            VK10.vkGetPhysicalDeviceProperties(device, basic);
            int version = basic.apiVersion();
            int api = VK10.VK_VERSION_MAJOR(version) * 1000 + VK10.VK_VERSION_MINOR(version);
            VkPhysicalDeviceIDProperties id =
                    VkPhysicalDeviceIDProperties.calloc(stack).sType$Default();
            VkPhysicalDeviceDriverProperties driver =
                    VkPhysicalDeviceDriverProperties.calloc(stack).sType$Default();
            VkPhysicalDeviceSubgroupProperties subgroup =
                    VkPhysicalDeviceSubgroupProperties.calloc(stack).sType$Default();
            VkPhysicalDeviceMaintenance3Properties maintenance =
                    VkPhysicalDeviceMaintenance3Properties.calloc(stack).sType$Default();
            if (api >= 1002) {
                // Every struct is chained to the head: chaining to another would cut what hangs there already.
                VkPhysicalDeviceProperties2 properties =
                        VkPhysicalDeviceProperties2.calloc(stack).sType$Default();
                properties.pNext(id).pNext(driver).pNext(subgroup).pNext(maintenance);
                VK11.vkGetPhysicalDeviceProperties2(device, properties);
            }
            byte[] uuid = new byte[VK10.VK_UUID_SIZE];
            id.deviceUUID().get(uuid);
            DeviceLimits limits = limits(
                    stack, device, api, basic.limits(), subgroup.subgroupSize(), maintenance.maxMemoryAllocationSize());
            return new DeviceInfo(
                    index,
                    basic.deviceNameString(),
                    HexFormat.of().formatHex(uuid),
                    kind(basic.deviceType()),
                    VK10.VK_VERSION_MAJOR(version) + "." + VK10.VK_VERSION_MINOR(version) + "."
                            + VK10.VK_VERSION_PATCH(version),
                    (driver.driverNameString() + " " + driver.driverInfoString()).strip(),
                    deviceMemory(stack, device),
                    limits,
                    limits.missed());
        }
    }

    private static DeviceLimits limits(
            MemoryStack stack,
            VkPhysicalDevice device,
            int api,
            VkPhysicalDeviceLimits limits,
            int subgroupSize,
            long largestAllocation) {
        VkPhysicalDeviceVulkan12Features features =
                VkPhysicalDeviceVulkan12Features.calloc(stack).sType$Default();
        VkPhysicalDeviceShaderAtomicFloatFeaturesEXT atomics =
                VkPhysicalDeviceShaderAtomicFloatFeaturesEXT.calloc(stack).sType$Default();
        if (api >= 1002) {
            VkPhysicalDeviceFeatures2 head =
                    VkPhysicalDeviceFeatures2.calloc(stack).sType$Default();
            head.pNext(features);
            if (extensions(device).contains(VK_EXT_SHADER_ATOMIC_FLOAT_EXTENSION_NAME)) {
                head.pNext(atomics);
            }
            VK11.vkGetPhysicalDeviceFeatures2(device, head);
        }
        int family = computeFamily(device);
        return new DeviceLimits(
                api,
                subgroupSize,
                Math.min(
                        unsigned(limits.maxComputeWorkGroupInvocations()), unsigned(limits.maxComputeWorkGroupSize(0))),
                unsigned(limits.maxComputeSharedMemorySize()),
                unsigned(limits.maxPushConstantsSize()),
                Math.min(unsigned(limits.maxComputeWorkGroupCount(0)), unsigned(limits.maxComputeWorkGroupCount(1))),
                largestAllocation,
                unsigned(limits.maxMemoryAllocationCount()),
                unsigned(limits.maxStorageBufferRange()),
                family >= 0 && timestampBits(stack, device, family) > 0 ? limits.timestampPeriod() : 0,
                features.bufferDeviceAddress(),
                features.scalarBlockLayout(),
                features.timelineSemaphore(),
                family >= 0,
                atomics.shaderBufferFloat32AtomicAdd());
    }

    private static long unsigned(int value) {
        return Integer.toUnsignedLong(value);
    }

    private static DeviceInfo.Kind kind(int type) {
        return switch (type) {
            case VK10.VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU -> DeviceInfo.Kind.DISCRETE;
            case VK10.VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU -> DeviceInfo.Kind.INTEGRATED;
            case VK10.VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU -> DeviceInfo.Kind.VIRTUAL;
            case VK10.VK_PHYSICAL_DEVICE_TYPE_CPU -> DeviceInfo.Kind.CPU;
            default -> DeviceInfo.Kind.OTHER;
        };
    }

    private static long deviceMemory(MemoryStack stack, VkPhysicalDevice device) {
        VkPhysicalDeviceMemoryProperties memory = VkPhysicalDeviceMemoryProperties.calloc(stack);
        VK10.vkGetPhysicalDeviceMemoryProperties(device, memory);
        long bytes = 0;
        for (int heap = 0; heap < memory.memoryHeapCount(); heap++) {
            if ((memory.memoryHeaps(heap).flags() & VK10.VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) != 0) {
                bytes += memory.memoryHeaps(heap).size();
            }
        }
        return bytes;
    }

    /** The extensions of a device. */
    static Set<String> extensions(VkPhysicalDevice device) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            VK10.vkEnumerateDeviceExtensionProperties(device, (ByteBuffer) null, count, null);
            Set<String> names = new HashSet<>();
            try (VkExtensionProperties.Buffer extensions = VkExtensionProperties.malloc(count.get(0))) {
                VK10.vkEnumerateDeviceExtensionProperties(device, (ByteBuffer) null, count, extensions);
                extensions.stream()
                        .limit(count.get(0))
                        .forEach(extension -> names.add(extension.extensionNameString()));
            }
            return names;
        }
    }

    /** The queue family to compute on: one that also draws rather than an asynchronous one; -1 if there is none. */
    static int computeFamily(VkPhysicalDevice device) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            VkQueueFamilyProperties.Buffer families = families(stack, device);
            int found = -1;
            for (int family = 0; family < families.capacity(); family++) {
                int flags = families.get(family).queueFlags();
                boolean computes = (flags & VK10.VK_QUEUE_COMPUTE_BIT) != 0;
                if (computes && (flags & VK10.VK_QUEUE_GRAPHICS_BIT) != 0) {
                    return family;
                }
                if (computes && found < 0) {
                    found = family;
                }
            }
            return found;
        }
    }

    private static int timestampBits(MemoryStack stack, VkPhysicalDevice device, int family) {
        return families(stack, device).get(family).timestampValidBits();
    }

    private static VkQueueFamilyProperties.Buffer families(MemoryStack stack, VkPhysicalDevice device) {
        IntBuffer count = stack.mallocInt(1);
        VK10.vkGetPhysicalDeviceQueueFamilyProperties(device, count, null);
        VkQueueFamilyProperties.Buffer families = VkQueueFamilyProperties.calloc(count.get(0), stack);
        VK10.vkGetPhysicalDeviceQueueFamilyProperties(device, count, families);
        return families;
    }
}
