package io.github.dinosplat.vulkan.sort;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.vulkan.CheckedWrites;
import io.github.dinosplat.vulkan.Commands;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.DeviceCount;
import io.github.dinosplat.vulkan.InstrumentedShaders;
import io.github.dinosplat.vulkan.ShaderLayout;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.VulkanTest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@VulkanTest
class RadixSortTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 2047, 2048, 2049, 65_537, (1 << 20) + 3})
    void sortsAllBits(int size, VulkanContext context) {
        sort(context, randomKeys(size, -1), 32, size);
    }

    @ParameterizedTest
    @CsvSource({"0, 300", "1, 5000", "3, 5000", "4, 5000", "7, 5000", "12, 65537", "31, 5000"})
    void sortsByTheLowestBitsOnly(int bits, int size, VulkanContext context) {
        sort(context, randomKeys(size, -1), bits, size);
    }

    /** Few different keys: the payloads, which number the items, must stay in order. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x11})
    void keepsTheOrderOfEqualKeys(int keyBits, VulkanContext context) {
        sort(context, randomKeys(70_000, keyBits), 32, 70_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 257, 2049})
    void writesNothingButItsResult(int size, @CheckedWrites VulkanContext context) {
        sort(context, randomKeys(size, -1), 12, size);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2049})
    void staysInsideItsBuffers(int size, @InstrumentedShaders VulkanContext context) {
        sort(context, randomKeys(size, -1), 7, size);
    }

    @Test
    void cutsACountToTheCapacity(VulkanContext context) {
        sort(context, randomKeys(3000, -1), 32, Integer.MAX_VALUE);
    }

    /** More blocks than one chunk of the workgroup that scans a digit's counts, 2048 blocks of 2048. */
    @Test
    void sortsMoreBlocksThanOneChunk(VulkanContext context) {
        int size = 2048 * 2048 + 2049;
        sort(context, randomKeys(size, -1), 4, size);
    }

    @Test
    void recordsFitTheShaders() {
        ShaderLayout.assertMatches(RadixSort.Count.SOURCE);
        ShaderLayout.assertMatches(RadixSort.Spine.SOURCE);
        ShaderLayout.assertMatches(RadixSort.Scatter.SOURCE);
    }

    private static int[] randomKeys(int size, int bits) {
        return new SplittableRandom(11).ints(size).map(key -> key & bits).toArray();
    }

    private static void sort(VulkanContext context, int[] keys, int bits, int count) {
        int size = keys.length;
        try (RadixSort sort = RadixSort.create(context, size);
                DeviceBuffer keysA = context.buffer("keys", 4L * size);
                DeviceBuffer keysB = context.buffer("other keys", 4L * size);
                DeviceBuffer payloadsA = context.buffer("payloads", 4L * size);
                DeviceBuffer payloadsB = context.buffer("other payloads", 4L * size);
                DeviceBuffer words = context.buffer("count", 4)) {
            keysA.write(keys);
            payloadsA.write(IntStream.range(0, size).toArray());
            words.write(count);
            AtomicReference<KeysAndPayloads> sorted = new AtomicReference<>();
            try (Commands commands = context.record(
                    "sort",
                    r -> sorted.set(sort.record(
                            r,
                            new KeysAndPayloads(keysA, payloadsA),
                            new KeysAndPayloads(keysB, payloadsB),
                            DeviceCount.at(words, 0),
                            bits)))) {
                assertThat(commands.trace().hazards()).isEmpty();
                context.submit(commands).await();
            }
            KeysAndPayloads result = Objects.requireNonNull(sorted.get());
            int[] sortedKeys = result.keys().readInts(size);
            int[] payloads = result.payloads().readInts(size);
            assertSorted(keys, bits, sortedKeys, payloads);
        }
    }

    private static void assertSorted(int[] keys, int bits, int[] sortedKeys, int[] payloads) {
        long mask = (1L << bits) - 1;
        Integer[] expected = IntStream.range(0, keys.length).boxed().toArray(Integer[]::new);
        Arrays.sort(expected, Comparator.comparingLong(i -> keys[i] & mask));
        for (int i = 0; i < keys.length; i++) {
            if (payloads[i] != expected[i] || sortedKeys[i] != keys[expected[i]]) {
                assertThat(payloads[i]).as("payload %d of %d", i, keys.length).isEqualTo(expected[i]);
                assertThat(sortedKeys[i]).as("key %d of %d", i, keys.length).isEqualTo(keys[expected[i]]);
            }
        }
    }
}
