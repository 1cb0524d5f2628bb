package io.github.dinosplat.vulkan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.vulkan.KernelTest.Scale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

@VulkanTest
class MemoryTest {

    private static final GroupCount ONE = new GroupCount(1, 1);

    /** Past the 65,535 groups of one axis and past the 128 MiB that a descriptor may show on some devices. */
    @Test
    void foldsLargeDispatchesAndReachesFarIntoBuffers(VulkanContext context) {
        int count = GroupCount.LIMIT * 256 + 257;
        long far = 130L << 20;
        try (Kernel<KernelTest.ScaleRange> scale = context.kernel(KernelTest.ScaleRange.SOURCE);
                DeviceBuffer from = context.buffer("from", 4L * count);
                DeviceBuffer to = context.buffer("to", far + 4L * count);
                DeviceBuffer tail = context.buffer("tail", 2 * 1024)) {
            GroupCount groups = GroupCount.forItems(count, 256);
            assertThat(groups.y()).isEqualTo(2);
            float[] last = new float[256];
            for (int i = 0; i < last.length; i++) {
                last[i] = i;
            }
            tail.write(last);
            context.run(
                    "large",
                    r -> r.fill(from, Float.floatToRawIntBits(1f))
                            .fill(to, 0)
                            .copy(tail.range(0, 1024), from.range(4L * (count - 256), 1024))
                            .dispatch(
                                    scale,
                                    new KernelTest.ScaleRange(
                                            from.range(0, from.bytes()), to.range(far, 4L * count), count, 3f),
                                    groups)
                            .copy(to.range(far, 1024), tail.range(0, 1024))
                            .copy(to.range(to.bytes() - 1024, 1024), tail.range(1024, 1024)));
            float[] read = tail.readFloats(512);
            for (int i = 0; i < 256; i++) {
                assertThat(read[i]).isEqualTo(3f);
                assertThat(read[256 + i]).isEqualTo(3f * i);
            }
        }
    }

    /** With host memory that is shown to the device by a flush only, and to the host by an invalidation only. */
    @Test
    void needsNoCoherentMemory() {
        ContextOptions shadowed = ContextOptions.defaults().withShadowHostMemory(true);
        try (VulkanContext context = VulkanContext.open(shadowed);
                Kernel<Scale> scale = context.kernel(Scale.SOURCE);
                DeviceBuffer a = context.buffer("a", 16);
                DeviceBuffer b = context.buffer("b", 16);
                HostBuffer up = context.hostBuffer("up", 16);
                HostBuffer down = context.hostBuffer("down", 16)) {
            a.write(1f, 2f, 3f, 4f);
            assertThat(a.readFloats(4)).containsExactly(1f, 2f, 3f, 4f);
            up.memory().asFloatBuffer().put(new float[] {5f, 6f, 7f, 8f});
            Submission submission = context.submit(
                    "step",
                    r -> r.upload(up, 0, a.range(0, 16))
                            .dispatch(scale, new Scale(a, b, 4, 2f), ONE)
                            .download(b.range(0, 16), down, 0));
            // The control: what the device wrote is not there by itself.
            while (!submission.isDone()) {
                Thread.onSpinWait();
            }
            assertThat(down.memory().getFloat(0)).isZero();
            submission.await();
            assertThat(down.memory().getFloat(0)).isEqualTo(10f);
            assertThat(down.memory().getFloat(12)).isEqualTo(16f);
        }
    }

    @Test
    void namesTheLimitOfTooLargeABuffer(VulkanContext context) {
        long limit = context.device().limits().allocation();
        assertThatThrownBy(() -> context.buffer("huge", limit + 1))
                .isInstanceOfSatisfying(DeviceMemoryException.class, e -> {
                    assertThat(e.object()).contains("huge");
                    assertThat(e.result()).contains("maxMemoryAllocationSize").contains(String.valueOf(limit));
                    assertThat(e.remedy()).isNotEmpty();
                });
    }

    @Test
    void anEmptyBufferHasAnAddress(VulkanContext context) {
        try (DeviceBuffer empty = context.buffer("empty", 0)) {
            assertThat(empty.address()).isNotZero();
            assertThat(empty.readInts(0)).isEmpty();
        }
    }

    @Test
    void movesMoreThanOnePieceOfStaging(VulkanContext context) {
        int[] values = new SplittableRandom(3).ints(3_000_000).toArray();
        try (DeviceBuffer buffer = context.buffer("values", 4L * values.length)) {
            buffer.write(values);
            assertThat(buffer.readInts(values.length)).isEqualTo(values);
        }
    }

    @Test
    void closedHandlesSaySo(VulkanContext context) {
        DeviceBuffer buffer = context.buffer("gone", 16);
        buffer.close();
        buffer.close();
        assertThatThrownBy(buffer::address)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'gone' is closed");
    }

    @Test
    void aBufferThatIsInUseIsClosedAfterItsUse(VulkanContext context) {
        try (Kernel<Scale> scale = context.kernel(Scale.SOURCE)) {
            DeviceBuffer a = context.buffer("a", 4 << 20);
            DeviceBuffer b = context.buffer("b", 4 << 20);
            context.submit(
                    "step",
                    r -> r.fill(a, 0).dispatch(scale, new Scale(a, b, 1 << 20, 2f), GroupCount.forItems(1 << 20, 256)));
            b.close();
            a.close();
        }
    }

    @Test
    void aLostDeviceIsReportedAndCanBeClosed() {
        VulkanContext context = VulkanContext.open(ContextOptions.defaults());
        DeviceBuffer buffer = context.buffer("values", 16);
        context.lose();
        assertThatThrownBy(() -> context.run("step", r -> r.fill(buffer, 0)))
                .isInstanceOfSatisfying(
                        DeviceLostException.class, e -> assertThat(e.result()).isEqualTo("VK_ERROR_DEVICE_LOST"));
        assertThatThrownBy(() -> buffer.readInts(1)).isInstanceOf(DeviceLostException.class);
        buffer.close();
        context.close();
        assertThat(context.openHandles()).isEqualTo(Map.of());
    }

    @Test
    void aContextClosesWhatWasForgotten() {
        VulkanContext context = VulkanContext.open(ContextOptions.defaults());
        DeviceBuffer forgotten = context.buffer("forgotten", 16);
        context.submit("step", r -> r.fill(forgotten, 1));
        assertThat(context.openHandles()).containsEntry("DeviceBuffer", 1);
        context.close();
        context.close();
        assertThat(context.openHandles()).isEqualTo(Map.of());
    }
}
