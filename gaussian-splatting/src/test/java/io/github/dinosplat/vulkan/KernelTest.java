package io.github.dinosplat.vulkan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

@VulkanTest
class KernelTest {

    record Scale(@Reads DeviceBuffer from, @Writes DeviceBuffer to, int count, float factor) {
        static final KernelSource<Scale> SOURCE = KernelSource.of("check/scale", Scale.class);
    }

    /** The same with parts of buffers. */
    record ScaleRange(@Reads BufferRange from, @Writes BufferRange to, int count, float factor) {
        static final KernelSource<ScaleRange> SOURCE = KernelSource.of("check/scale", ScaleRange.class);
    }

    /** Right in bytes, wrong in everything else. */
    record Mistaken(@Updates DeviceBuffer from, @Writes DeviceBuffer to, float count, int factor) {
        static final KernelSource<Mistaken> SOURCE = KernelSource.of("check/scale", Mistaken.class);
    }

    /** Two members of one type in the wrong order. */
    record Swapped(@Reads DeviceBuffer to, @Writes DeviceBuffer from, int count, float factor) {
        static final KernelSource<Swapped> SOURCE = KernelSource.of("check/scale", Swapped.class);
    }

    record Unsaid(DeviceBuffer from) {}

    record TooLong(
            @Reads DeviceBuffer a,
            @Reads DeviceBuffer b,
            @Reads DeviceBuffer c,
            @Reads DeviceBuffer d,
            @Reads DeviceBuffer e,
            @Reads DeviceBuffer f,
            @Reads DeviceBuffer g,
            @Reads DeviceBuffer h,
            @Reads DeviceBuffer i,
            @Reads DeviceBuffer j,
            @Reads DeviceBuffer k,
            @Reads DeviceBuffer l,
            @Reads DeviceBuffer m,
            @Reads DeviceBuffer n,
            @Reads DeviceBuffer o,
            @Reads DeviceBuffer p,
            int one) {}

    @Test
    void recordsAreComparedWithTheShader() {
        ShaderLayout.assertMatches(Scale.SOURCE);
        ShaderLayout.assertMatches(ScaleRange.SOURCE);
        assertThatThrownBy(() -> ShaderLayout.assertMatches(Mistaken.SOURCE)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> ShaderLayout.assertMatches(Swapped.SOURCE)).isInstanceOf(AssertionError.class);
    }

    @Test
    void recordsThatCanNotBePushConstantsAreRefused() {
        assertThatThrownBy(() -> KernelSource.of("check/scale", Unsaid.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Unsaid.from must have one of @Reads");
        assertThatThrownBy(() -> KernelSource.of("check/scale", TooLong.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 128 bytes but TooLong has 132");
    }

    @Test
    void aShaderThatIsNotThereIsNamed(VulkanContext context) {
        assertThatThrownBy(() -> context.kernel(KernelSource.of("check/nowhere", Scale.class)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("check/nowhere");
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
