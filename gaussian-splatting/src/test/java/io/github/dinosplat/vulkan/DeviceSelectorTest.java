package io.github.dinosplat.vulkan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DeviceSelectorTest {

    private static final DeviceLimits GOOD = new DeviceLimits(
            1002, 32, 1024, 49152, 256, 65535, 1L << 32, 4096, 1L << 31, 1, true, true, true, true, true);

    private static final DeviceInfo SOFTWARE = device(0, "llvmpipe", "00", DeviceInfo.Kind.CPU, 64, GOOD);
    private static final DeviceInfo SMALL = device(1, "Card A", "0a", DeviceInfo.Kind.DISCRETE, 8, GOOD);
    private static final DeviceInfo LARGE = device(2, "Card B", "0b", DeviceInfo.Kind.DISCRETE, 16, GOOD);
    private static final DeviceInfo OLD = device(
            3,
            "Old",
            "0c",
            DeviceInfo.Kind.DISCRETE,
            99,
            new DeviceLimits(1001, 0, 1024, 49152, 256, 65535, 0, 4096, 1, 1, false, false, false, true, false));
    private static final List<DeviceInfo> ALL = List.of(SOFTWARE, SMALL, LARGE, OLD);

    private static DeviceInfo device(
            int index, String name, String uuidEnd, DeviceInfo.Kind kind, int gigabytes, DeviceLimits limits) {
        return new DeviceInfo(
                index,
                name,
                "0123456789abcdef0123456789abcd" + uuidEnd,
                kind,
                "1.2.0",
                "driver",
                (long) gigabytes << 30,
                limits,
                limits.missed());
    }

    @Test
    void theBestIsACardWithTheMostMemory() {
        assertThat(DeviceSelector.best().choose(ALL)).isEqualTo(LARGE);
        assertThat(DeviceSelector.best().choose(List.of(SOFTWARE, OLD))).isEqualTo(SOFTWARE);
    }

    @Test
    void choosesByIndexUuidAndName() {
        assertThat(DeviceSelector.parse("1").choose(ALL)).isEqualTo(SMALL);
        assertThat(DeviceSelector.parse("01234567-89AB-cdef-0123-456789abcd0a").choose(ALL))
                .isEqualTo(SMALL);
        assertThat(DeviceSelector.parse("PIPE").choose(ALL)).isEqualTo(SOFTWARE);
    }

    @ParameterizedTest
    @MethodSource
    void saysWhyNothingIsChosen(String wanted, List<DeviceInfo> devices, String reason) {
        DeviceSelector selector = wanted.isEmpty() ? DeviceSelector.best() : DeviceSelector.parse(wanted);
        assertThatThrownBy(() -> selector.choose(devices))
                .isInstanceOf(VulkanUnavailableException.class)
                .hasMessageContaining(reason);
    }

    static Stream<Arguments> saysWhyNothingIsChosen() {
        return Stream.of(
                Arguments.of("7", ALL, "no such device"),
                Arguments.of("Card", ALL, "1 Card A; 2 Card B"),
                Arguments.of("Old", ALL, "Vulkan 1.1, 1.2 is needed"),
                Arguments.of("", List.of(OLD), "no usable device"),
                Arguments.of("", List.of(), "the driver shows no device"));
    }

    @Test
    void blankIsRefused() {
        assertThatThrownBy(() -> DeviceSelector.parse(" ")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource
    void eachMissedRequirementIsNamed(String name, UnaryOperator<DeviceLimits> change) {
        assertThat(GOOD.missed()).isEmpty();
        assertThat(change.apply(GOOD).missed()).singleElement().asString().contains(name);
    }

    static Stream<Arguments> eachMissedRequirementIsNamed() {
        return Stream.of(
                missing("maxComputeWorkGroupInvocations is 128", 32, 128, 32768, 128, 65535, true, true, true, true),
                missing("maxComputeSharedMemorySize is 16384", 32, 256, 16384, 128, 65535, true, true, true, true),
                missing("maxPushConstantsSize is 64", 32, 256, 32768, 64, 65535, true, true, true, true),
                missing("maxComputeWorkGroupCount is 100", 32, 256, 32768, 128, 100, true, true, true, true),
                missing("subgroupSize is 2", 2, 256, 32768, 128, 65535, true, true, true, true),
                missing("bufferDeviceAddress", 4, 256, 32768, 128, 65535, false, true, true, true),
                missing("scalarBlockLayout", 128, 256, 32768, 128, 65535, true, false, true, true),
                missing("timelineSemaphore", 32, 256, 32768, 128, 65535, true, true, false, true),
                missing("compute queue", 32, 256, 32768, 128, 65535, true, true, true, false));
    }

    private static Arguments missing(
            String name,
            int subgroup,
            int invocations,
            int shared,
            int push,
            int groups,
            boolean address,
            boolean scalar,
            boolean timeline,
            boolean queue) {
        UnaryOperator<DeviceLimits> change = good -> new DeviceLimits(
                1002, subgroup, invocations, shared, push, groups, 1, 1, 1, 1, address, scalar, timeline, queue, false);
        return Arguments.of(name, change);
    }
}
