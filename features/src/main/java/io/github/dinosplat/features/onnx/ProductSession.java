package io.github.dinosplat.features.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Map;
import java.util.Set;

/** A graph that makes one matrix {@code c} of two, {@code a} and {@code b}, and what is asked of their shapes. */
final class ProductSession implements AutoCloseable {

    private final OrtSession session;

    /**
     * Starts a graph.
     *
     * @throws IllegalStateException if ONNX Runtime cannot be loaded on this machine
     */
    ProductSession(OnnxGraph graph) {
        try {
            session = OrtSessions.open(graph.toByteArray());
        } catch (OrtException | LinkageError e) {
            throw new IllegalStateException("ONNX Runtime cannot be used on this machine: " + e.getMessage(), e);
        }
    }

    /** Writes the product of two tensors into a third. */
    void run(OnnxTensor a, OnnxTensor b, OnnxTensor c) throws OrtException {
        session.run(Map.of("a", a, "b", b), Set.of(), Map.of("c", c)).close();
    }

    /** Checks that an array has all of some rows. */
    static void check(String name, int length, int from, int rows, int columns) {
        if (from < 0 || rows < 0 || length < ((long) from + rows) * columns) {
            throw new IllegalArgumentException("expected " + name + " [" + rows + ", " + columns + "]"
                    + (from == 0 ? "" : " from row " + from) + " but length was " + length);
        }
    }

    /** Says which product failed. */
    static IllegalStateException failure(int rowsA, int rowsB, int dim, OrtException cause) {
        return new IllegalStateException(
                "product of [" + rowsA + ", " + dim + "] and [" + rowsB + ", " + dim + "] failed: "
                        + cause.getMessage(),
                cause);
    }

    /** Frees the session. No run may be under way. */
    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("closing ONNX Runtime's session failed: " + e.getMessage(), e);
        }
    }
}
