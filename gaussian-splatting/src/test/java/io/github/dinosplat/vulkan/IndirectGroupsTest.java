package io.github.dinosplat.vulkan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@VulkanTest
class IndirectGroupsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 256, 1000",
        "1, 256, 1000",
        "256, 256, 1000",
        "257, 256, 1000",
        "5000, 256, 1000",
        "65535, 1, 2147483647",
        "65536, 1, 2147483647",
        "16776961, 256, 2147483647",
        "2147483647, 1, 2147483647",
        "-1, 7, 2147483647"
    })
    void agreeWithTheHostsCounts(int count, int perGroup, int capacity, VulkanContext context) {
        long items = Math.min(Integer.toUnsignedLong(count), capacity);
        GroupCount expected = GroupCount.forItems(items, perGroup);
        try (IndirectGroups groups = IndirectGroups.create(context, "test", perGroup);
                DeviceBuffer word = context.buffer("count", 4)) {
            word.write(count);
            context.run("groups", r -> groups.record(r, DeviceCount.at(word, 0), capacity));
            assertThat(groups.arguments().readInts(3)).containsExactly(expected.x(), expected.y(), 1);
            assertThat((long) expected.x() * expected.y() * perGroup).isGreaterThanOrEqualTo(items);
        }
    }

    @Test
    void recordFitsTheShader() {
        ShaderLayout.assertMatches(IndirectGroups.Push.SOURCE);
    }
}
