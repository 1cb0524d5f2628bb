package io.github.dinosplat.splat.gpu;

import java.nio.ByteBuffer;

/** How floats lie in memory. What was read can be written again without a change. */
enum Packing {
    /** 32 bits. */
    FLOATS(4) {
        @Override
        void put(ByteBuffer to, float[] values, int first, int count) {
            to.asFloatBuffer().put(values, first, count);
        }

        @Override
        void get(ByteBuffer from, float[] values, int first, int count) {
            from.asFloatBuffer().get(values, first, count);
        }
    },

    /** 16 bits as of IEEE 754: 11 of them significant, up to 65,504. */
    HALVES(2) {
        @Override
        void put(ByteBuffer to, float[] values, int first, int count) {
            for (int i = 0; i < count; i++) {
                to.putShort(2 * i, half(values[first + i]));
            }
        }

        @Override
        void get(ByteBuffer from, float[] values, int first, int count) {
            for (int i = 0; i < count; i++) {
                values[first + i] = widened(from.getShort(2 * i));
            }
        }
    },

    /** The upper 16 bits of a float: 8 of them significant, all of its range. */
    UPPER_HALVES(2) {
        @Override
        void put(ByteBuffer to, float[] values, int first, int count) {
            for (int i = 0; i < count; i++) {
                int bits = Float.floatToIntBits(values[first + i]);
                to.putShort(2 * i, (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16));
            }
        }

        @Override
        void get(ByteBuffer from, float[] values, int first, int count) {
            for (int i = 0; i < count; i++) {
                values[first + i] = Float.intBitsToFloat(from.getShort(2 * i) << 16);
            }
        }
    };

    private static final float LARGEST_HALF = 65504;

    private final int bytes;

    Packing(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of a value. */
    int bytes() {
        return bytes;
    }

    /** Writes values to the start of memory in native order, rounded to the nearest. */
    abstract void put(ByteBuffer to, float[] values, int first, int count);

    /** Reads values from the start of memory in native order. */
    abstract void get(ByteBuffer from, float[] values, int first, int count);

    /** The nearest half, the even one of two; what is too large becomes the largest one. */
    private static short half(float value) {
        float size = Math.min(LARGEST_HALF, Math.abs(value));
        int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
        if (size < 0x1p-14f) {
            return (short) (sign | (int) Math.rint(size * 0x1p24f));
        }
        int bits = Float.floatToIntBits(size);
        int rounded = bits + 0xfff + (bits >>> 13 & 1) >>> 13;
        return (short) (sign | rounded - (127 - 15 << 10));
    }

    private static float widened(short half) {
        int exponent = half >>> 10 & 31;
        float size = exponent == 0
                ? (half & 0x3ff) * 0x1p-24f
                : Float.intBitsToFloat((half & 0x7fff) + (127 - 15 << 10) << 13);
        return half < 0 ? -size : size;
    }
}
