package io.github.dinosplat.features;

/** 16-bit floats (IEEE 754 binary16), which Java has since version 20 only. */
final class HalfFloats {

    private HalfFloats() {}

    /** The nearest 16-bit float, ties to even; beyond 65504 infinite. */
    static short toHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int rest = bits & 0x7fffffff;
        if (rest > 0x7f800000) {
            return (short) (sign | 0x7e00);
        }
        if (rest >= 0x477ff000) {
            return (short) (sign | 0x7c00);
        }
        if (rest < 0x38800000) {
            // Below the normal range: so many units of 2^-24, rounded by the float adder, which ties to even.
            float units = Float.intBitsToFloat(rest) + 0.5f;
            return (short) (sign | Float.floatToRawIntBits(units) - Float.floatToRawIntBits(0.5f));
        }
        int rounded = rest + 0xfff + (rest >>> 13 & 1);
        return (short) (sign | (rounded - 0x38000000) >>> 13);
    }

    /** The value of a 16-bit float. */
    static float toFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >>> 10 & 0x1f;
        int mantissa = half & 0x3ff;
        if (exponent == 0x1f) {
            return Float.intBitsToFloat(sign | 0x7f800000 | mantissa << 13);
        }
        if (exponent == 0) {
            float value = mantissa * 0x1p-24f;
            return sign == 0 ? value : -value;
        }
        return Float.intBitsToFloat(sign | exponent + 112 << 23 | mantissa << 13);
    }
}
