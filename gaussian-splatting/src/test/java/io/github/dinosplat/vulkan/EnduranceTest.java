package io.github.dinosplat.vulkan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.vulkan.KernelTest.Scale;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That long runs do not grow. */
@Tag("acceptance")
class EnduranceTest {

    private static final int SUBMISSIONS = 100_000;
    private static final long ALLOWED_GROWTH = 32L << 20;

    @Test
    void memoryDoesNotGrowOverAHundredThousandSubmissions() throws IOException {
        Assumptions.assumeTrue(VulkanTestDevice.absence().isEmpty(), VulkanTestDevice::absence);
        try (VulkanContext context = VulkanContext.open(ContextOptions.defaults());
                Kernel<Scale> scale = context.kernel(Scale.SOURCE);
                DeviceBuffer a = context.buffer("a", 1024);
                DeviceBuffer b = context.buffer("b", 1024);
                HostBuffer host = context.hostBuffer("host", 1024)) {
            Map<String, Integer> handles = Map.of();
            int slots = 0;
            long memory = 0;
            for (int step = 0; step < SUBMISSIONS; step++) {
                submit(context, scale, a, b, host, step);
                if (step == SUBMISSIONS / 10) {
                    context.await();
                    handles = context.openHandles();
                    slots = context.slots().size();
                    memory = ResidentMemory.bytes();
                }
            }
            context.await();
            assertThat(context.openHandles()).isEqualTo(handles);
            assertThat(context.slots().size()).isLessThanOrEqualTo(slots + 2);
            assertThat(ResidentMemory.bytes() - memory)
                    .as("growth of resident memory")
                    .isLessThan(ALLOWED_GROWTH);
        }
    }

    private static void submit(
            VulkanContext context, Kernel<Scale> scale, DeviceBuffer a, DeviceBuffer b, HostBuffer host, int step) {
        Submission submission = context.submit(
                "step",
                r -> r.upload(host, 0, a.range(0, 1024))
                        .dispatch(scale, new Scale(a, b, 256, 2f), new GroupCount(1, 1))
                        .download(b.range(0, 1024), host, 0));
        if (step % 16 == 0) {
            submission.await();
        }
        if (step % 1000 == 0) {
            context.buffer("passing " + step, 1 << 20).close();
        }
    }
}
