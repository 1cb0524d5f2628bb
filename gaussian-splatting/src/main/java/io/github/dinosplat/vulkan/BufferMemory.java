package io.github.dinosplat.vulkan;

import java.nio.LongBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VK10;
import org.lwjgl.vulkan.VK12;
import org.lwjgl.vulkan.VkBufferCreateInfo;
import org.lwjgl.vulkan.VkBufferDeviceAddressInfo;
import org.lwjgl.vulkan.VkDevice;
import org.lwjgl.vulkan.VkMappedMemoryRange;
import org.lwjgl.vulkan.VkMemoryAllocateFlagsInfo;
import org.lwjgl.vulkan.VkMemoryAllocateInfo;
import org.lwjgl.vulkan.VkMemoryRequirements;
import org.lwjgl.vulkan.VkPhysicalDeviceMemoryProperties;

/**
 * A Vulkan buffer with memory of its own. One allocation for each buffer: an engine has about a hundred of them, far from the
 * 4096 that every device grants, and they come and go by growth only.
 */
final class BufferMemory {

    private static final int HOST = VK10.VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT;
    private static final int CACHED = VK10.VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
    private static final int COHERENT = VK10.VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;

    /** Wanted properties of memory, the best first; memory that the host reads should be cached. */
    private static final int[] HOST_CHOICES = {HOST | CACHED | COHERENT, HOST | CACHED, HOST | COHERENT, HOST};

    private static final int[] DEVICE_CHOICES = {VK10.VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, 0};

    private final VkDevice device;
    private final String name;
    private final long buffer;
    private final long memory;
    private final boolean coherent;
    private final @Nullable AscendingMemory owner;

    private BufferMemory(
            VkDevice device, String name, long buffer, long memory, boolean coherent, @Nullable AscendingMemory owner) {
        this.device = device;
        this.name = name;
        this.buffer = buffer;
        this.memory = memory;
        this.coherent = coherent;
        this.owner = owner;
    }

    /** Memory on the device with an address for shaders. */
    static BufferMemory onDevice(VulkanContext context, String name, long bytes) {
        int usage = VK10.VK_BUFFER_USAGE_STORAGE_BUFFER_BIT
                | VK10.VK_BUFFER_USAGE_TRANSFER_SRC_BIT
                | VK10.VK_BUFFER_USAGE_TRANSFER_DST_BIT
                | VK10.VK_BUFFER_USAGE_INDIRECT_BUFFER_BIT
                | VK12.VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT;
        return create(context, name, bytes, usage, true);
    }

    /** Memory that the host can map, for copies to and from the device. */
    static BufferMemory onHost(VulkanContext context, String name, long bytes) {
        return create(
                context,
                name,
                bytes,
                VK10.VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK10.VK_BUFFER_USAGE_TRANSFER_DST_BIT,
                false);
    }

    private static BufferMemory create(VulkanContext context, String name, long bytes, int usage, boolean onDevice) {
        long largest = context.device().limits().allocation();
        if (bytes > largest) {
            throw new DeviceMemoryException(
                    "vkAllocateMemory",
                    bytes + " bytes are more than maxMemoryAllocationSize, " + largest,
                    name,
                    "split it into several buffers");
        }
        VkDevice device = context.logical().handle();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            LongBuffer handle = stack.mallocLong(1);
            VkBufferCreateInfo info = VkBufferCreateInfo.calloc(stack)
                    .sType$Default()
                    .size(bytes)
                    .usage(usage)
                    .sharingMode(VK10.VK_SHARING_MODE_EXCLUSIVE);
            context.check(VK10.vkCreateBuffer(device, info, null, handle), "vkCreateBuffer", name);
            long buffer = handle.get(0);
            try {
                return bind(stack, context, name, buffer, onDevice);
            } catch (VulkanException e) {
                VK10.vkDestroyBuffer(device, buffer, null);
                throw e;
            }
        }
    }

    private static BufferMemory bind(
            MemoryStack stack, VulkanContext context, String name, long buffer, boolean onDevice) {
        VkDevice device = context.logical().handle();
        VkMemoryRequirements needs = VkMemoryRequirements.calloc(stack);
        VK10.vkGetBufferMemoryRequirements(device, buffer, needs);
        Optional<AscendingMemory> ascending = onDevice ? context.ascendingMemory() : Optional.empty();
        if (ascending.isPresent()) {
            long offset = ascending.get().take(needs.size(), needs.alignment());
            if (offset >= 0) {
                long shared = ascending.get().memory();
                context.check(VK10.vkBindBufferMemory(device, buffer, shared, offset), "vkBindBufferMemory", name);
                return new BufferMemory(device, name, buffer, shared, true, ascending.get());
            }
        }
        int type = type(
                stack, context, needs.size(), needs.memoryTypeBits(), onDevice ? DEVICE_CHOICES : HOST_CHOICES, name);
        long memory = allocate(stack, context, needs.size(), type, onDevice, name);
        int result = VK10.vkBindBufferMemory(device, buffer, memory, 0);
        if (result != VK10.VK_SUCCESS) {
            VK10.vkFreeMemory(device, memory, null);
            context.check(result, "vkBindBufferMemory", name);
        }
        return new BufferMemory(device, name, buffer, memory, (properties(stack, context, type) & COHERENT) != 0, null);
    }

    /** Memory without a buffer yet, of the kind that buffers with an address need. */
    static long allocateForDevice(VulkanContext context, String name, long bytes) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            return allocate(stack, context, bytes, type(stack, context, bytes, -1, DEVICE_CHOICES, name), true, name);
        }
    }

    private static long allocate(
            MemoryStack stack, VulkanContext context, long bytes, int type, boolean addressed, String name) {
        VkMemoryAllocateInfo info = VkMemoryAllocateInfo.calloc(stack)
                .sType$Default()
                .allocationSize(bytes)
                .memoryTypeIndex(type);
        if (addressed) {
            info.pNext(VkMemoryAllocateFlagsInfo.calloc(stack)
                    .sType$Default()
                    .flags(VK12.VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT));
        }
        LongBuffer handle = stack.mallocLong(1);
        context.check(
                VK10.vkAllocateMemory(context.logical().handle(), info, null, handle),
                "vkAllocateMemory",
                name + ", " + bytes + " bytes");
        return handle.get(0);
    }

    private static int type(
            MemoryStack stack, VulkanContext context, long bytes, int allowedTypes, int[] choices, String name) {
        VkPhysicalDeviceMemoryProperties memory = memory(stack, context);
        boolean tooLarge = false;
        for (int wanted : choices) {
            for (int type = 0; type < memory.memoryTypeCount(); type++) {
                boolean allowed = (allowedTypes >>> type & 1) != 0;
                if (allowed && (memory.memoryTypes(type).propertyFlags() & wanted) == wanted) {
                    long heap = memory.memoryHeaps(memory.memoryTypes(type).heapIndex())
                            .size();
                    if (bytes <= heap) {
                        return type;
                    }
                    tooLarge = true;
                }
            }
        }
        throw new DeviceMemoryException(
                "vkAllocateMemory",
                tooLarge ? bytes + " bytes are more than the device has" : "no memory type fits",
                name,
                "use less memory, or a device with more");
    }

    private static int properties(MemoryStack stack, VulkanContext context, int type) {
        return memory(stack, context).memoryTypes(type).propertyFlags();
    }

    private static VkPhysicalDeviceMemoryProperties memory(MemoryStack stack, VulkanContext context) {
        VkPhysicalDeviceMemoryProperties memory = VkPhysicalDeviceMemoryProperties.calloc(stack);
        VK10.vkGetPhysicalDeviceMemoryProperties(context.logical().handle().getPhysicalDevice(), memory);
        return memory;
    }

    long buffer() {
        return buffer;
    }

    /** The address by which shaders reach the buffer. */
    long address() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            return VK12.vkGetBufferDeviceAddress(
                    device,
                    VkBufferDeviceAddressInfo.calloc(stack).sType$Default().buffer(buffer));
        }
    }

    /** Maps all of the memory for as long as it lives. */
    long map() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer pointer = stack.mallocPointer(1);
            Results.check(VK10.vkMapMemory(device, memory, 0, VK10.VK_WHOLE_SIZE, 0, pointer), "vkMapMemory", name);
            return pointer.get(0);
        }
    }

    /** Whether host and device see each other's writes without being told. */
    boolean coherent() {
        return coherent;
    }

    /** Makes the host's writes visible to later submissions. */
    void flush() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            Results.check(VK10.vkFlushMappedMemoryRanges(device, whole(stack)), "vkFlushMappedMemoryRanges", name);
        }
    }

    /** Makes the writes of submissions that are over visible to the host. */
    void invalidate() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            Results.check(
                    VK10.vkInvalidateMappedMemoryRanges(device, whole(stack)), "vkInvalidateMappedMemoryRanges", name);
        }
    }

    private VkMappedMemoryRange whole(MemoryStack stack) {
        return VkMappedMemoryRange.calloc(stack)
                .sType$Default()
                .memory(memory)
                .offset(0)
                .size(VK10.VK_WHOLE_SIZE);
    }

    /** Frees buffer and memory, which unmaps it. */
    void free() {
        if (owner != null) {
            owner.giveBack(buffer);
        } else {
            VK10.vkDestroyBuffer(device, buffer, null);
            VK10.vkFreeMemory(device, memory, null);
        }
    }
}
