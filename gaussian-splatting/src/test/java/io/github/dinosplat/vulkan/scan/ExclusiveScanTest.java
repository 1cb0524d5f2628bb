package io.github.dinosplat.vulkan.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.vulkan.CheckedWrites;
import io.github.dinosplat.vulkan.Commands;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.DeviceCount;
import io.github.dinosplat.vulkan.InstrumentedShaders;
import io.github.dinosplat.vulkan.ShaderLayout;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.VulkanTest;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@VulkanTest
class ExclusiveScanTest {

    /** Written behind the values, where nothing may change. */
    private static final int UNTOUCHED = 0x5EED5EED;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 2047, 2048, 2049, 65_537, (1 << 20) + 3})
    void agreesWithPlainSums(int size, VulkanContext context) {
        scan(context, size, size, false);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 257, 2049})
    void writesNothingButItsResult(int size, @CheckedWrites VulkanContext context) {
        scan(context, size, size, false);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2049})
    void staysInsideItsBuffers(int size, @InstrumentedShaders VulkanContext context) {
        scan(context, size, size, false);
    }

    @Test
    void mayWriteOverItsValues(VulkanContext context) {
        scan(context, 5000, 5000, true);
    }

    @Test
    void cutsACountToTheCapacity(VulkanContext context) {
        scan(context, 3000, 1_000_000, false);
    }

    /** More blocks than one chunk of the workgroup that scans their sums, 2048 blocks of 2048. */
    @Test
    void scansMoreBlocksThanOneChunk(VulkanContext context) {
        scan(context, 2048 * 2048 + 2049, 2048 * 2048 + 2049, false);
    }

    @Test
    void recordsFitTheShaders() {
        ShaderLayout.assertMatches(ExclusiveScan.Reduce.SOURCE);
        ShaderLayout.assertMatches(ExclusiveScan.Spine.SOURCE);
        ShaderLayout.assertMatches(ExclusiveScan.Apply.SOURCE);
    }

    private static void scan(VulkanContext context, int capacity, int count, boolean inPlace) {
        SplittableRandom random = new SplittableRandom(7);
        int[] values = random.ints(capacity + 1L).toArray();
        values[capacity] = UNTOUCHED;
        try (ExclusiveScan scan = ExclusiveScan.create(context, capacity);
                DeviceBuffer input = context.buffer("values", 4L * values.length);
                DeviceBuffer other = context.buffer("scanned", 4L * values.length);
                DeviceBuffer words = context.buffer("words", 8)) {
            input.write(values);
            other.write(values);
            words.write(count, -1);
            DeviceBuffer result = inPlace ? input : other;
            try (Commands commands = context.record(
                    "scan", r -> scan.record(r, input, result, words.range(4, 4), DeviceCount.at(words, 0)))) {
                assertThat(commands.trace().hazards()).isEmpty();
                context.submit(commands).await();
            }
            int[] scanned = result.readInts(values.length);
            int sum = 0;
            for (int i = 0; i < capacity; i++) {
                if (scanned[i] != sum) {
                    assertThat(scanned[i])
                            .as("sum before %d of %d", i, capacity)
                            .isEqualTo(sum);
                }
                sum += values[i];
            }
            assertThat(scanned[capacity]).isEqualTo(UNTOUCHED);
            assertThat(words.readInts(2)[1]).isEqualTo(sum);
        }
    }
}
