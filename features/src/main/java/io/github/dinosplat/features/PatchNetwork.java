package io.github.dinosplat.features;

import io.github.dinosplat.features.onnx.OnnxModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A network as a function from a picture of whole patches to one vector for each patch. Safe for several threads. */
final class PatchNetwork implements AutoCloseable {

    private final OnnxModel model;
    private final String name;
    private final TokenLayout layout;
    /** Native buffers that no call uses at the moment. */
    private final ConcurrentLinkedQueue<FloatBuffer> idle = new ConcurrentLinkedQueue<>();

    PatchNetwork(OnnxModel model, String name, TokenLayout layout) {
        this.model = model;
        this.name = name;
        this.layout = layout;
    }

    TokenLayout layout() {
        return layout;
    }

    OnnxModel model() {
        return model;
    }

    /**
     * What a network gives for one picture.
     *
     * @param values class and register tokens, then one vector for each patch, row by row
     * @param prefix tokens before the patches
     * @param channels length of a vector
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Tokens(float[] values, int prefix, int channels) {

        /** Index of a patch's first value. */
        int at(int patch) {
            return (prefix + patch) * channels;
        }

        /** The class token, which is the first of those before the patches; empty where there is none. */
        float[] classToken() {
            return Arrays.copyOf(values, prefix > 0 ? channels : 0);
        }
    }

    /**
     * Runs the network.
     *
     * @param planes [3, height, width], normalised
     * @throws IllegalStateException if it fails or gives another number of tokens than it did when it was opened
     */
    Tokens run(float[] planes, int height, int width) {
        int length = 3 * height * width;
        FloatBuffer buffer = idle.poll();
        if (buffer == null || buffer.capacity() < length) {
            buffer = ByteBuffer.allocateDirect(Math.multiplyExact(4, length))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
        buffer.put(0, planes, 0, length);
        OnnxModel.Tensor tensor = model.run(
                        layout.input(),
                        buffer.slice(0, length),
                        new long[] {1, 3, height, width},
                        layout.maskShapes(height, width),
                        List.of(layout.output()))
                .get(0);
        idle.add(buffer);
        int rows = height / layout.patch();
        int columns = width / layout.patch();
        long[] shape = tensor.shape();
        boolean fits = layout.grid()
                ? shape.length == 4 && shape[2] == rows && shape[3] == columns
                : shape.length == 3 && shape[1] == layout.prefix() + (long) rows * columns;
        if (!fits || shape[0] != 1) {
            throw new IllegalStateException(name + ": expected " + layout.prefix() + " + " + rows + " * " + columns
                    + " tokens but the network gave " + tensor);
        }
        return layout.grid()
                ? new Tokens(transposed(tensor.values(), (int) shape[1], rows * columns), 0, (int) shape[1])
                : new Tokens(tensor.values(), layout.prefix(), (int) shape[2]);
    }

    /** [channels, patches] to [patches, channels]. */
    private static float[] transposed(float[] planes, int channels, int patches) {
        float[] values = new float[planes.length];
        for (int k = 0; k < channels; k++) {
            for (int p = 0; p < patches; p++) {
                values[p * channels + k] = planes[k * patches + p];
            }
        }
        return values;
    }

    @Override
    public void close() {
        idle.clear();
        model.close();
    }
}
