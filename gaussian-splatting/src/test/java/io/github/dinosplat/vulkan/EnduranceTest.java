package io.github.dinosplat.vulkan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.vulkan.KernelTest.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                    memory = residentBytes();
                }
            }
            context.await();
            assertThat(context.openHandles()).isEqualTo(handles);
            assertThat(context.slots().size()).isLessThanOrEqualTo(slots + 2);
            assertThat(residentBytes() - memory).as("growth of resident memory").isLessThan(ALLOWED_GROWTH);
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

    /** Resident memory of this process where the system tells, else 0. */
    private static long residentBytes() throws IOException {
        System.gc(); // so that Java's own garbage, which may grow as it likes, does not count
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }
}
