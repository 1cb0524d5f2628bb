package io.github.dinosplat.features;

import java.util.LinkedHashMap;
import java.util.Map;

/** What is left of weights when they are kept in fewer bits: the same rounding as {@link DinoGraph} writes. */
final class Quantised {

    private Quantised() {}

    static float scale(float[] values, int from, int length, int levels) {
        float most = 1e-9f;
        for (int i = from; i < from + length; i++) {
            most = Math.max(most, Math.abs(values[i]));
        }
        return most / levels;
    }

    /** The weights of linear layers after a round trip through 8 or 4 bits; through 16 bits all weights. */
    static DinoWeights of(DinoWeights w, DinoGraph.Form form) {
        Map<String, float[]> values = new LinkedHashMap<>();
        w.values().forEach((name, v) -> {
            boolean linear = name.startsWith("blocks.") && name.endsWith(".weight") && !name.contains("norm");
            float[] copy = v.clone();
            if (form == DinoGraph.Form.HALF) {
                for (int i = 0; i < copy.length; i++) {
                    copy[i] = single(half(copy[i]));
                }
            } else if (linear && form == DinoGraph.Form.DYNAMIC_INT8) {
                int parts = name.contains("qkv") ? 3 : 1;
                for (int p = 0; p < parts; p++) {
                    round(copy, p * copy.length / parts, copy.length / parts, 127);
                }
            } else if (linear && form == DinoGraph.Form.INT4_BLOCKS) {
                int inputs = name.endsWith("fc2.weight") || name.endsWith("w3.weight") ? w.hidden() : w.dim();
                for (int row = 0; row < copy.length; row += inputs) {
                    for (int b = 0; b < inputs; b += 32) {
                        round(copy, row + b, Math.min(32, inputs - b), 7);
                    }
                }
            }
            values.put(name, copy);
        });
        return new DinoWeights(w.dim(), w.depth(), w.heads(), w.hidden(), w.swiglu(), w.patch(), w.registers(), values);
    }

    private static void round(float[] v, int from, int length, int levels) {
        float scale = scale(v, from, length, levels);
        for (int i = from; i < from + length; i++) {
            v[i] = Math.round(v[i] / scale) * scale;
        }
    }

    static short half(float value) {
        return HalfFloats.toHalf(value);
    }

    static float single(short half) {
        return HalfFloats.toFloat(half);
    }
}
