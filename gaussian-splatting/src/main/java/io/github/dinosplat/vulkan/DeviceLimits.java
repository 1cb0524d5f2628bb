package io.github.dinosplat.vulkan;

import java.util.ArrayList;
import java.util.List;

/**
 * Limits and features of a device, as far as kernels and buffers depend on them. Sizes in bytes.
 *
 * @param api Vulkan version as {@code major * 1000 + minor}
 * @param subgroupSize invocations in a subgroup
 * @param workgroupInvocations most invocations in a workgroup, also along x
 * @param sharedMemory most shared memory of a workgroup
 * @param pushConstants most push constants
 * @param groupCount most workgroups of a dispatch along x and y
 * @param allocation largest single allocation of memory
 * @param allocations most allocations at a time
 * @param storageRange most that a buffer descriptor may show; buffer addresses, which kernels here use, are not bound by it
 * @param timestampNanos nanoseconds of a timestamp's tick, 0 if the device has none
 * @param bufferDeviceAddress whether shaders can use addresses of buffers
 * @param scalarBlockLayout whether shaders can use tightly packed blocks
 * @param timelineSemaphore whether there are semaphores that count
 * @param computeQueue whether any queue computes
 * @param floatAtomicAdd whether 32-bit floats in buffers can be added to atomically; nothing here needs it
 */
public record DeviceLimits(
        int api,
        int subgroupSize,
        long workgroupInvocations,
        long sharedMemory,
        long pushConstants,
        long groupCount,
        long allocation,
        long allocations,
        long storageRange,
        double timestampNanos,
        boolean bufferDeviceAddress,
        boolean scalarBlockLayout,
        boolean timelineSemaphore,
        boolean computeQueue,
        boolean floatAtomicAdd) {

    /**
     * What these limits lack: Vulkan 1.2 with buffer addresses, scalar blocks and counting semaphores, 256 invocations in a
     * workgroup, 32 KiB of shared memory, 128 bytes of push constants, 65,535 workgroups, subgroups of 4 to 128.
     *
     * @return a phrase for each requirement that is missed, with what there is
     */
    public List<String> missed() {
        List<String> missed = new ArrayList<>();
        if (api < 1002) {
            missed.add("Vulkan " + api / 1000 + "." + api % 1000 + ", 1.2 is needed");
            return missed;
        }
        atLeast(missed, "maxComputeWorkGroupInvocations", workgroupInvocations, 256);
        atLeast(missed, "maxComputeSharedMemorySize", sharedMemory, 32768);
        atLeast(missed, "maxPushConstantsSize", pushConstants, 128);
        atLeast(missed, "maxComputeWorkGroupCount", groupCount, 65535);
        if (subgroupSize < 4 || subgroupSize > 128) {
            missed.add("subgroupSize is " + subgroupSize + ", 4 to 128 is needed");
        }
        present(missed, "bufferDeviceAddress", bufferDeviceAddress);
        present(missed, "scalarBlockLayout", scalarBlockLayout);
        present(missed, "timelineSemaphore", timelineSemaphore);
        present(missed, "a compute queue", computeQueue);
        return missed;
    }

    private static void atLeast(List<String> missed, String limit, long value, long needed) {
        if (value < needed) {
            missed.add(limit + " is " + value + ", " + needed + " is needed");
        }
    }

    private static void present(List<String> missed, String feature, boolean value) {
        if (!value) {
            missed.add("no " + feature);
        }
    }
}
