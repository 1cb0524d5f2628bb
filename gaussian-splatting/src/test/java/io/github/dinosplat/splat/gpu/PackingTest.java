package io.github.dinosplat.splat.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackingTest {

    private static final ByteBuffer MEMORY = ByteBuffer.allocateDirect(1 << 18).order(ByteOrder.nativeOrder());

    private static float[] passed(Packing packing, float... values) {
        float[] back = new float[values.length];
        packing.put(MEMORY, values, 0, values.length);
        packing.get(MEMORY, back, 0, values.length);
        return back;
    }

    @ParameterizedTest
    @EnumSource(Packing.class)
    void whatWasReadIsWrittenWithoutAChange(Packing packing) {
        for (int bits = 0; bits < 1 << 16; bits++) {
            MEMORY.putShort(2 * bits, (short) bits);
        }
        int count = (1 << 17) / packing.bytes();
        float[] read = new float[count];
        packing.get(MEMORY, read, 0, count);
        float[] again = passed(packing, read);
        for (int i = 0; i < count; i++) {
            // The patterns of a half beyond its largest number stand for infinity and what is no number.
            if (Float.isFinite(read[i]) && Math.abs(read[i]) <= 65504) {
                assertThat(Float.floatToRawIntBits(again[i])).isEqualTo(Float.floatToRawIntBits(read[i]));
            }
        }
    }

    @Test
    void othersGoToTheNearest() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            float value = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 6));
            assertThat(Math.abs(passed(Packing.HALVES, value)[0] - value))
                    .isLessThanOrEqualTo(Math.max(Math.scalb(1f, -25), Math.abs(value) * 0x1p-11f));
            assertThat(Math.abs(passed(Packing.UPPER_HALVES, value)[0] - value))
                    .isLessThanOrEqualTo(Math.abs(value) * 0x1p-8f);
            assertThat(passed(Packing.FLOATS, value)[0]).isEqualTo(value);
        }
        assertThat(passed(Packing.HALVES, 1 + 0x1p-11f, 1 + 3 * 0x1p-11f, 1e9f, -1e9f, -0f))
                .containsExactly(1, 1 + 0x1p-9f, 65504, -65504, -0f);
        assertThat(passed(Packing.UPPER_HALVES, 1 + 0x1p-8f, 1 + 3 * 0x1p-8f)).containsExactly(1, 1 + 0x1p-6f);
    }
}
