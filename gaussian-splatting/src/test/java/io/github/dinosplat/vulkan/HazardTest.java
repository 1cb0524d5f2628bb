package io.github.dinosplat.vulkan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.vulkan.KernelTest.Scale;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That commands which use one buffer are kept in order, and that what they use is what they declare. */
@VulkanTest
class HazardTest {

    /** Push constants of the faulty {@code check/stray}. */
    record Stray(@Writes DeviceBuffer to, int away, int value) {
        static final KernelSource<Stray> SOURCE = KernelSource.of("check/stray", Stray.class);
    }

    /** Push constants of {@code check/hidden}. */
    record Hidden(@Reads DeviceBuffer table, int value) {
        static final KernelSource<Hidden> SOURCE = KernelSource.of("check/hidden", Hidden.class);
    }

    private static final GroupCount ONE = new GroupCount(1, 1);

    @Test
    void readAfterWriteHasABarrier(VulkanContext context) {
        assertBarriers(context, true, new int[][] {{0, 1}, {1, 2}});
    }

    @Test
    void writeAfterReadHasABarrier(VulkanContext context) {
        assertBarriers(context, true, new int[][] {{0, 1}, {2, 0}});
    }

    @Test
    void writeAfterWriteHasABarrier(VulkanContext context) {
        assertBarriers(context, true, new int[][] {{0, 1}, {2, 1}});
    }

    @Test
    void readAfterReadNeedsNone(VulkanContext context) {
        assertBarriers(context, false, new int[][] {{0, 1}, {0, 2}});
    }

    /** A longer recording with copies, fills and indirect arguments: safe, and every single barrier in it is needed. */
    @Test
    void everyBarrierIsNeeded(VulkanContext context) {
        try (Kernel<Scale> scale = context.kernel(Scale.SOURCE);
                IndirectGroups groups = IndirectGroups.create(context, "test", 256);
                HostBuffer host = context.hostBuffer("host", 64);
                DeviceBuffer count = context.buffer("count", 4);
                DeviceBuffer a = context.buffer("a", 64);
                DeviceBuffer b = context.buffer("b", 64);
                DeviceBuffer c = context.buffer("c", 64);
                Commands commands = context.record("steps", recorder -> {
                    recorder.upload(host, 0, a.range(0, 64)).fill(count, 16);
                    groups.record(recorder, DeviceCount.at(count, 0), 16);
                    recorder.dispatchIndirect(scale, new Scale(a, b, 16, 2f), groups)
                            .dispatch(scale, new Scale(a, c, 16, 3f), ONE)
                            .copy(b.range(0, 32), c.range(32, 32))
                            .fill(count, 8);
                    groups.record(recorder, DeviceCount.at(count, 0), 16);
                    recorder.dispatchIndirect(scale, new Scale(c, a, 16, 1f), groups)
                            .download(a.range(0, 64), host, 0);
                })) {
            CommandTrace trace = commands.trace();
            assertThat(trace.hazards()).isEmpty();
            assertThat(trace.barriers()).isPositive();
            for (int i = 0; i < trace.barriers(); i++) {
                assertThat(trace.withoutBarrier(i).hazards())
                        .as("without barrier %d", i)
                        .isNotEmpty();
            }
            context.submit(commands).await();
        }
    }

    @Test
    void anUndeclaredWriteIsFound(@CheckedWrites VulkanContext context) {
        try (Kernel<Hidden> hidden = context.kernel(Hidden.SOURCE);
                DeviceBuffer table = context.buffer("table", 8);
                DeviceBuffer target = context.buffer("target", 4)) {
            ByteBuffer address = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
            table.write(0, address.putLong(0, target.address()));
            target.write(1);
            assertThatThrownBy(() -> context.run("step", r -> r.dispatch(hidden, new Hidden(table, 2), ONE)))
                    .isInstanceOfSatisfying(UndeclaredWriteException.class, e -> {
                        assertThat(e.command()).isEqualTo("check/hidden");
                        assertThat(e.buffer()).isEqualTo("target");
                    });
            assertThatCode(() -> context.run(
                            "step", r -> r.dispatch(hidden, new Hidden(table, 3), ONE, BufferUse.writes(target))))
                    .doesNotThrowAnyException();
            assertThat(target.readInts(1)).containsExactly(3);
        }
    }

    @Test
    void aWriteBehindTheEndIsFound(@CheckedWrites VulkanContext context) {
        try (Kernel<Stray> stray = context.kernel(Stray.SOURCE);
                DeviceBuffer target = context.buffer("target", 20)) {
            context.run("inside", r -> r.dispatch(stray, new Stray(target, 4, 1), ONE));
            assertThatThrownBy(() -> context.run("outside", r -> r.dispatch(stray, new Stray(target, 5, 1), ONE)))
                    .isInstanceOf(UndeclaredWriteException.class)
                    .hasMessageContaining("behind the end of buffer target");
        }
    }

    /** The layer's instrumented shaders see what lies outside of all buffers, and the log keeps what the layer says. */
    @Test
    void aWriteOutsideOfAllBuffersIsReported(@InstrumentedShaders VulkanContext context) {
        if (!VulkanTestDevice.hasValidation()) {
            return;
        }
        try (Kernel<Stray> stray = context.kernel(Stray.SOURCE);
                DeviceBuffer target = context.buffer("target", 16)) {
            context.run("outside", r -> r.dispatch(stray, new Stray(target, 1 << 12, 1), ONE));
            List<String> messages = context.drainValidationMessages();
            assertThat(messages).hasSize(1);
            assertThat(messages.get(0)).contains("out of bounds");
        }
    }

    private static void assertBarriers(VulkanContext context, boolean expected, int[][] fromTo) {
        try (Scope scope = new Scope()) {
            Kernel<Scale> scale = scope.add(context.kernel(Scale.SOURCE));
            DeviceBuffer[] buffers = new DeviceBuffer[3];
            for (int i = 0; i < buffers.length; i++) {
                buffers[i] = scope.add(context.buffer("buffer " + i, 16));
            }
            Commands commands = scope.add(context.record("pair", recorder -> {
                for (int[] pair : fromTo) {
                    recorder.dispatch(scale, new Scale(buffers[pair[0]], buffers[pair[1]], 4, 2f), ONE);
                }
            }));
            CommandTrace trace = commands.trace();
            assertThat(trace.entries().get(1).barrier()).isEqualTo(expected);
            assertThat(trace.hazards()).isEmpty();
            if (expected) {
                assertThat(trace.withoutBarrier(0).hazards()).hasSize(1);
            }
        }
    }
}
