package io.github.dinosplat.features.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Products of float matrices on ONNX Runtime's kernels, several times faster than plain Java loops. One thread per call;
 * any number of threads may call at once, and the result does not depend on how many do.
 */
public final class MatrixProduct implements AutoCloseable {

    /** Rows of the result are made in blocks of at most this many values (16 MiB), which bounds the native memory. */
    private static final int BLOCK_VALUES = 1 << 22;

    private final ProductSession session;
    /** Native buffers that no call uses at the moment. */
    private final ConcurrentLinkedQueue<Buffers> idle = new ConcurrentLinkedQueue<>();

    /**
     * Starts the product.
     *
     * @throws IllegalStateException if ONNX Runtime cannot be loaded on this machine
     */
    public MatrixProduct() {
        // Gemm is MatMul with the transposition inside: nothing has to be copied for it.
        session = new ProductSession(new OnnxGraph("product")
                .input("a", "rowsA", "dim")
                .input("b", "rowsB", "dim")
                .output("c", "rowsA", "rowsB")
                .node("Gemm", List.of("a", "b"), List.of("c"), Map.of("transB", 1)));
    }

    /**
     * All dot products of the rows of two matrices: {@code out = a * transpose(b)}.
     *
     * @param a [rowsA, dim], row-major; may be longer
     * @param rowsA rows of a, 0 or more
     * @param b [rowsB, dim], row-major; may be longer
     * @param rowsB rows of b, 0 or more
     * @param dim length of a row, at least 1
     * @param out receives [rowsA, rowsB], row-major; may be longer
     * @throws IllegalArgumentException if an array is too short for its shape
     * @throws IllegalStateException if ONNX Runtime fails, or this is closed
     */
    public void multiplyTransposed(float[] a, int rowsA, float[] b, int rowsB, int dim, float[] out) {
        multiplyTransposed(a, 0, rowsA, b, 0, rowsB, dim, out);
    }

    /**
     * All dot products of some rows of two matrices.
     *
     * @param a [at least fromA + rowsA, dim], row-major
     * @param fromA first row of a
     * @param rowsA rows of a, 0 or more
     * @param b [at least fromB + rowsB, dim], row-major
     * @param fromB first row of b
     * @param rowsB rows of b, 0 or more
     * @param dim length of a row, at least 1
     * @param out receives [rowsA, rowsB], row-major; may be longer
     * @throws IllegalArgumentException if an array is too short for its shape
     * @throws IllegalStateException if ONNX Runtime fails, or this is closed
     */
    public void multiplyTransposed(
            float[] a, int fromA, int rowsA, float[] b, int fromB, int rowsB, int dim, float[] out) {
        ProductSession.check("a", a.length, fromA, rowsA, dim);
        ProductSession.check("b", b.length, fromB, rowsB, dim);
        ProductSession.check("out", out.length, 0, rowsA, rowsB);
        if (dim < 1) {
            throw new IllegalArgumentException("dim must be at least 1 but was " + dim);
        }
        if (rowsA == 0 || rowsB == 0) {
            return;
        }
        Buffers buffers = idle.poll();
        if (buffers == null) {
            buffers = new Buffers();
        }
        try {
            multiply(buffers, a, fromA, rowsA, b, fromB, rowsB, dim, out);
        } catch (OrtException e) {
            throw ProductSession.failure(rowsA, rowsB, dim, e);
        } finally {
            idle.add(buffers);
        }
    }

    private void multiply(
            Buffers buffers, float[] a, int fromA, int rowsA, float[] b, int fromB, int rowsB, int dim, float[] out)
            throws OrtException {
        int block = Math.max(1, Math.min(rowsA, BLOCK_VALUES / Math.max(rowsB, dim)));
        buffers.b = sized(buffers.b, (long) rowsB * dim).put(0, b, fromB * dim, rowsB * dim);
        buffers.a = sized(buffers.a, (long) block * dim);
        buffers.out = sized(buffers.out, (long) block * rowsB);
        try (OnnxTensor tensorB = tensor(buffers.b, rowsB, dim)) {
            for (int row = 0; row < rowsA; row += block) {
                int rows = Math.min(block, rowsA - row);
                buffers.a.put(0, a, (fromA + row) * dim, rows * dim);
                try (OnnxTensor tensorA = tensor(buffers.a, rows, dim);
                        OnnxTensor tensorOut = tensor(buffers.out, rows, rowsB)) {
                    session.run(tensorA, tensorB, tensorOut);
                    buffers.out.get(0, out, row * rowsB, rows * rowsB);
                }
            }
        }
    }

    private static OnnxTensor tensor(FloatBuffer buffer, int rows, int columns) throws OrtException {
        FloatBuffer part = buffer.slice(0, rows * columns);
        return OnnxTensor.createTensor(OrtSessions.environment(), part, new long[] {rows, columns});
    }

    private static FloatBuffer sized(FloatBuffer buffer, long values) {
        if (buffer.capacity() >= values) {
            return buffer;
        }
        if (values > Integer.MAX_VALUE / 4) {
            throw new IllegalArgumentException(
                    "a matrix of " + values + " values is too large: at most " + Integer.MAX_VALUE / 4);
        }
        return ByteBuffer.allocateDirect(Math.toIntExact(4 * values))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Frees the session. No call may be under way. */
    @Override
    public void close() {
        idle.clear();
        session.close();
    }

    private static final class Buffers {
        FloatBuffer a = FloatBuffer.allocate(0);
        FloatBuffer b = FloatBuffer.allocate(0);
        FloatBuffer out = FloatBuffer.allocate(0);
    }
}
