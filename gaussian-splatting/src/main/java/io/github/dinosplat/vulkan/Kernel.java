package io.github.dinosplat.vulkan;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VK10;
import org.lwjgl.vulkan.VkCommandBuffer;
import org.lwjgl.vulkan.VkComputePipelineCreateInfo;
import org.lwjgl.vulkan.VkDevice;
import org.lwjgl.vulkan.VkPipelineLayoutCreateInfo;
import org.lwjgl.vulkan.VkPushConstantRange;
import org.lwjgl.vulkan.VkShaderModuleCreateInfo;
import org.lwjgl.vulkan.VkSpecializationInfo;
import org.lwjgl.vulkan.VkSpecializationMapEntry;

/**
 * A compute shader ready to be dispatched. It owns no buffer: all it works on comes with its push constants.
 *
 * @param <P> record of its push constants
 */
public final class Kernel<P extends Record> extends VulkanHandle {

    private final VulkanContext context;
    private final PushLayout layout;
    private final long pipelineLayout;
    private final long pipeline;

    private Kernel(
            VulkanContext context, KernelSource<P> source, PushLayout layout, long pipelineLayout, long pipeline) {
        super(context.registry(), source.shader());
        this.context = context;
        this.layout = layout;
        this.pipelineLayout = pipelineLayout;
        this.pipeline = pipeline;
    }

    static <P extends Record> Kernel<P> create(VulkanContext context, KernelSource<P> source) {
        PushLayout layout = PushLayout.of(source.push());
        ByteBuffer code = ShaderCode.load(source.shader());
        VkDevice device = context.logical().handle();
        long module = 0;
        long pipelineLayout = 0;
        try (MemoryStack stack = MemoryStack.stackPush()) {
            LongBuffer handle = stack.mallocLong(1);
            VkShaderModuleCreateInfo moduleInfo =
                    VkShaderModuleCreateInfo.calloc(stack).sType$Default().pCode(code);
            context.check(
                    VK10.vkCreateShaderModule(device, moduleInfo, null, handle),
                    "vkCreateShaderModule",
                    source.shader());
            module = handle.get(0);
            VkPipelineLayoutCreateInfo layoutInfo =
                    VkPipelineLayoutCreateInfo.calloc(stack).sType$Default();
            if (layout.bytes() > 0) {
                layoutInfo.pPushConstantRanges(VkPushConstantRange.calloc(1, stack)
                        .stageFlags(VK10.VK_SHADER_STAGE_COMPUTE_BIT)
                        .size(layout.bytes()));
            }
            context.check(
                    VK10.vkCreatePipelineLayout(device, layoutInfo, null, handle),
                    "vkCreatePipelineLayout",
                    source.shader());
            pipelineLayout = handle.get(0);
            VkComputePipelineCreateInfo.Buffer info =
                    VkComputePipelineCreateInfo.calloc(1, stack).sType$Default();
            info.layout(pipelineLayout);
            info.stage()
                    .sType$Default()
                    .stage(VK10.VK_SHADER_STAGE_COMPUTE_BIT)
                    .module(module)
                    .pName(stack.UTF8("main"))
                    .pSpecializationInfo(constants(stack, source.constants()));
            context.check(
                    VK10.vkCreateComputePipelines(device, 0, info, null, handle),
                    "vkCreateComputePipelines",
                    source.shader());
            return new Kernel<>(context, source, layout, pipelineLayout, handle.get(0));
        } catch (VulkanException e) {
            VK10.vkDestroyPipelineLayout(device, pipelineLayout, null);
            throw e;
        } finally {
            VK10.vkDestroyShaderModule(device, module, null);
        }
    }

    private static VkSpecializationInfo constants(MemoryStack stack, Map<Integer, Integer> values) {
        VkSpecializationMapEntry.Buffer entries = VkSpecializationMapEntry.calloc(values.size(), stack);
        ByteBuffer data = stack.calloc(4 * values.size());
        int index = 0;
        for (Map.Entry<Integer, Integer> value : values.entrySet()) {
            entries.get(index).constantID(value.getKey()).offset(4 * index).size(Integer.BYTES);
            data.putInt(4 * index, value.getValue());
            index++;
        }
        return VkSpecializationInfo.calloc(stack).pMapEntries(entries).pData(data);
    }

    /** The buffers that push constants name, with their uses. */
    List<BufferUse> pack(P push, ByteBuffer target) {
        List<BufferUse> uses = new ArrayList<>();
        layout.write(push, target, uses);
        return uses;
    }

    /** Size of the push constants. */
    int pushBytes() {
        return layout.bytes();
    }

    /** Records pipeline and push constants. */
    void bind(VkCommandBuffer commands, ByteBuffer packed) {
        requireOpen();
        VK10.vkCmdBindPipeline(commands, VK10.VK_PIPELINE_BIND_POINT_COMPUTE, pipeline);
        if (packed.capacity() > 0) {
            VK10.vkCmdPushConstants(commands, pipelineLayout, VK10.VK_SHADER_STAGE_COMPUTE_BIT, 0, packed);
        }
    }

    VulkanContext context() {
        return context;
    }

    @Override
    void destroy() {
        context.awaitLastUse(this);
        VkDevice device = context.logical().handle();
        VK10.vkDestroyPipeline(device, pipeline, null);
        VK10.vkDestroyPipelineLayout(device, pipelineLayout, null);
    }
}
