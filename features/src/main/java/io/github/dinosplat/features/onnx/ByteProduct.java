package io.github.dinosplat.features.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Exact products of matrices of unsigned bytes on ONNX Runtime's kernels: the instructions for whole numbers do more at once
 * than those for floats, and a quarter of the memory is read. One thread per call; any number of threads may call at once, and
 * the result is the same on every machine.
 */
public final class ByteProduct implements AutoCloseable {

    private final ProductSession session;
    /** Native buffers that no call uses at the moment. */
    private final ConcurrentLinkedQueue<Buffers> idle = new ConcurrentLinkedQueue<>();

    /**
     * Starts the product.
     *
     * @throws IllegalStateException if ONNX Runtime cannot be loaded on this machine
     */
    public ByteProduct() {
        // Both sides unsigned: with a signed one, processors of some years ago sum pairs in 16 bits, which overflow.
        session = new ProductSession(new OnnxGraph("product")
                .byteInput("a", "rowsA", "dim")
                .byteInput("b", "rowsB", "dim")
                .intOutput("c", "rowsA", "rowsB")
                .node("Transpose", List.of("b"), List.of("columns"), Map.of("perm", new long[] {1, 0}))
                .node("MatMulInteger", List.of("a", "columns"), List.of("c"), Map.of()));
    }

    /**
     * All dot products of some rows of two matrices, whose entries are bytes without a sign.
     *
     * @param a [at least fromA + rowsA, dim], row-major
     * @param fromA first row of a
     * @param rowsA rows of a, 0 or more
     * @param b [at least fromB + rowsB, dim], row-major
     * @param fromB first row of b
     * @param rowsB rows of b, 0 or more
     * @param dim length of a row, 1 to 32768, so that no sum overflows
     * @param out receives [rowsA, rowsB], row-major; may be longer
     * @throws IllegalArgumentException if an array is too short for its shape
     * @throws IllegalStateException if ONNX Runtime fails, or this is closed
     */
    public void multiplyTransposed(byte[] a, int fromA, int rowsA, byte[] b, int fromB, int rowsB, int dim, int[] out) {
        if (dim < 1 || dim > 32768) {
            throw new IllegalArgumentException("dim must be 1 to 32768 but was " + dim);
        }
        ProductSession.check("a", a.length, fromA, rowsA, dim);
        ProductSession.check("b", b.length, fromB, rowsB, dim);
        ProductSession.check("out", out.length, 0, rowsA, rowsB);
        if (rowsA == 0 || rowsB == 0) {
            return;
        }
        Buffers buffers = idle.poll();
        if (buffers == null) {
            buffers = new Buffers();
        }
        buffers.a = sized(buffers.a, (long) rowsA * dim).put(0, a, fromA * dim, rowsA * dim);
        buffers.b = sized(buffers.b, (long) rowsB * dim).put(0, b, fromB * dim, rowsB * dim);
        buffers.out = sized(buffers.out, (long) Integer.BYTES * rowsA * rowsB);
        IntBuffer products = buffers.out
                .slice(0, Integer.BYTES * rowsA * rowsB)
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
        try (OnnxTensor tensorA = tensor(buffers.a, rowsA, dim);
                OnnxTensor tensorB = tensor(buffers.b, rowsB, dim);
                OnnxTensor tensorOut =
                        OnnxTensor.createTensor(OrtSessions.environment(), products, new long[] {rowsA, rowsB})) {
            session.run(tensorA, tensorB, tensorOut);
            products.get(0, out, 0, rowsA * rowsB);
        } catch (OrtException e) {
            throw ProductSession.failure(rowsA, rowsB, dim, e);
        } finally {
            idle.add(buffers);
        }
    }

    private static OnnxTensor tensor(ByteBuffer buffer, int rows, int dim) throws OrtException {
        return OnnxTensor.createTensor(
                OrtSessions.environment(), buffer.slice(0, rows * dim), new long[] {rows, dim}, OnnxJavaType.UINT8);
    }

    private static ByteBuffer sized(ByteBuffer buffer, long bytes) {
        if (buffer.capacity() >= bytes) {
            return buffer;
        }
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a matrix of " + bytes + " bytes is too large: at most 2 GiB");
        }
        return ByteBuffer.allocateDirect((int) bytes);
    }

    /** Frees the session. No call may be under way. */
    @Override
    public void close() {
        idle.clear();
        session.close();
    }

    private static final class Buffers {
        ByteBuffer a = ByteBuffer.allocate(0);
        ByteBuffer b = ByteBuffer.allocate(0);
        ByteBuffer out = ByteBuffer.allocate(0);
    }
}
