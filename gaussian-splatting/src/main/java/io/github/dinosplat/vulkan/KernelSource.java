package io.github.dinosplat.vulkan;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a kernel is made of: a compiled shader, the record of its push constants, and values for its specialisation constants.
 *
 * @param shader name below the folder of shaders, without extension, e.g. {@code scan/reduce}; or a product of
 *     {@code variants.txt}
 * @param push record of the push constants, at most 128 bytes: components are {@code int}, {@code float},
 *     {@link DeviceBuffer} or {@link BufferRange}, in the shader's order; buffers carry {@link Reads}, {@link Writes} or
 *     {@link Updates}
 * @param constants specialisation constants by their id, as bits of 32-bit values
 * @param <P> type of the push constants
 */
public record KernelSource<P extends Record>(String shader, Class<P> push, SortedMap<Integer, Integer> constants) {

    /** Copies the map and checks the record's components. */
    public KernelSource {
        constants = new TreeMap<>(constants);
        PushLayout.of(push);
    }

    /**
     * A kernel without specialisation constants.
     *
     * @param shader name of the shader
     * @param push record of the push constants
     * @param <P> type of the push constants
     * @return source
     */
    public static <P extends Record> KernelSource<P> of(String shader, Class<P> push) {
        return new KernelSource<>(shader, push, new TreeMap<>(Map.of()));
    }

    /**
     * Sets a specialisation constant.
     *
     * @param id its {@code constant_id}
     * @param value value; true is 1
     * @return changed copy
     */
    public KernelSource<P> with(int id, int value) {
        SortedMap<Integer, Integer> changed = new TreeMap<>(constants);
        changed.put(id, value);
        return new KernelSource<>(shader, push, changed);
    }

    /**
     * Sets a specialisation constant.
     *
     * @param id its {@code constant_id}
     * @param value value
     * @return changed copy
     */
    public KernelSource<P> with(int id, float value) {
        return with(id, Float.floatToRawIntBits(value));
    }
}
