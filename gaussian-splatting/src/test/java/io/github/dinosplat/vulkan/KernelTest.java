package io.github.dinosplat.vulkan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@VulkanTest
class KernelTest {

    record Scale(@Reads DeviceBuffer from, @Writes DeviceBuffer to, int count, float factor) {
        static final KernelSource<Scale> SOURCE = KernelSource.of("check/scale", Scale.class);
    }

    @Test
    void scalesEveryValue(VulkanContext context) {
        scale(context, 1000);
    }

    @Test
    void scalesEveryValueWithCheckedWrites(@CheckedWrites VulkanContext context) {
        scale(context, 1000);
    }

    private static void scale(VulkanContext context, int count) {
        try (Kernel<Scale> scale = context.kernel(Scale.SOURCE);
                DeviceBuffer from = context.buffer("from", 4L * count);
                DeviceBuffer middle = context.buffer("middle", 4L * count);
                DeviceBuffer to = context.buffer("to", 4L * count)) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = i;
            }
            from.write(values);
            GroupCount groups = GroupCount.forItems(count, 256);
            try (Commands commands = context.record(
                    "scale",
                    recorder -> recorder.stamp("start")
                            .dispatch(scale, new Scale(from, middle, count, 2f), groups)
                            .dispatch(scale, new Scale(middle, to, count, 3f), groups)
                            .stamp("scale"))) {
                Submission submission = context.submit(commands);
                assertThat(submission.timings()).hasSizeLessThanOrEqualTo(1);
                assertThat(commands.trace().hazards()).isEmpty();
                assertThat(commands.trace().barriers()).isEqualTo(1);
            }
            float[] scaled = to.readFloats(count);
            for (int i = 0; i < count; i++) {
                assertThat(scaled[i]).isEqualTo(6f * i);
            }
        }
    }
}
