package io.github.dinosplat.features.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * Builds a small ONNX model (opset 17, float tensors) and gives its bytes: enough of the format for matrix products and
 * for tiny networks in tests, without a dependency. Field numbers are those of {@code onnx.proto}.
 *
 * <p>Not safe for use by several threads.
 */
public final class OnnxGraph {

    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;
    private static final int FLOAT = 1;
    private static final int INT32 = 6;
    private static final int INT64 = 7;

    /** Domain of ONNX Runtime's own operators. */
    private static final String MICROSOFT = "com.microsoft";

    /** Element type of the graph's tensors of 16-bit floats, for {@link #tensor}. */
    public static final int FLOAT16 = 10;
    /** Element type of unsigned bytes. */
    public static final int UINT8 = 2;
    /** Element type of signed bytes. */
    public static final int INT8 = 3;

    private final ProtobufWriter graph = new ProtobufWriter();
    private boolean usesMicrosoft;

    /**
     * An empty graph.
     *
     * @param name name of the graph
     */
    public OnnxGraph(String name) {
        graph.string(2, name);
    }

    /**
     * Adds a float input.
     *
     * @param name name of the tensor
     * @param shape a {@link Number} for a fixed size, a {@link String} for the name of a dynamic one
     * @return this
     */
    public OnnxGraph input(String name, Object... shape) {
        graph.message(11, valueInfo(name, FLOAT, shape));
        return this;
    }

    /**
     * Adds an input of 64-bit whole numbers.
     *
     * @param name name of the tensor
     * @param shape as in {@link #input}; none for a single value
     * @return this
     */
    public OnnxGraph wholeNumberInput(String name, Object... shape) {
        graph.message(11, valueInfo(name, INT64, shape));
        return this;
    }

    /**
     * Adds an input of unsigned bytes.
     *
     * @param name name of the tensor
     * @param shape as in {@link #input}
     * @return this
     */
    public OnnxGraph byteInput(String name, Object... shape) {
        graph.message(11, valueInfo(name, UINT8, shape));
        return this;
    }

    /**
     * Adds an output of 32-bit whole numbers.
     *
     * @param name name of the tensor
     * @param shape as in {@link #input}
     * @return this
     */
    public OnnxGraph intOutput(String name, Object... shape) {
        graph.message(12, valueInfo(name, INT32, shape));
        return this;
    }

    /**
     * Adds a float output.
     *
     * @param name name of the tensor
     * @param shape as in {@link #input}
     * @return this
     */
    public OnnxGraph output(String name, Object... shape) {
        graph.message(12, valueInfo(name, FLOAT, shape));
        return this;
    }

    /**
     * Adds a constant float tensor.
     *
     * @param name name of the tensor
     * @param values values, row-major
     * @param shape sizes
     * @return this
     */
    public OnnxGraph floats(String name, float[] values, long... shape) {
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return constant(name, FLOAT, raw.array(), shape);
    }

    /**
     * Adds a constant tensor of whole numbers, as shapes and axes are given.
     *
     * @param name name of the tensor
     * @param values values of the one axis
     * @return this
     */
    public OnnxGraph longs(String name, long... values) {
        ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(values);
        return constant(name, INT64, raw.array(), values.length);
    }

    /**
     * Adds a constant tensor of any type.
     *
     * @param name name of the tensor
     * @param type element type, as in {@code onnx.proto}
     * @param raw values, little-endian, row-major
     * @param shape sizes; none for a single value
     * @return this
     */
    public OnnxGraph tensor(String name, int type, byte[] raw, long... shape) {
        return constant(name, type, raw, shape);
    }

    /**
     * Adds a constant tensor of floats whose values lie in a file beside the model.
     *
     * @param name name of the tensor
     * @param file name of that file
     * @param offset first byte of the values, little-endian, row-major
     * @param shape sizes
     * @return this
     */
    public OnnxGraph externalFloats(String name, String file, long offset, long... shape) {
        ProtobufWriter tensor = new ProtobufWriter();
        long length = 4;
        for (long size : shape) {
            tensor.varint(1, size);
            length = Math.multiplyExact(length, size);
        }
        tensor.varint(2, FLOAT).string(8, name);
        String[][] entries = {{"location", file}, {"offset", Long.toString(offset)}, {"length", Long.toString(length)}};
        for (String[] entry : entries) {
            tensor.message(13, new ProtobufWriter().string(1, entry[0]).string(2, entry[1]));
        }
        graph.message(5, tensor.varint(14, 1));
        return this;
    }

    /**
     * Adds an operation of ONNX Runtime's own.
     *
     * @param operator name of the operator, e.g. {@code "MatMulNBits"}
     * @param inputs names of the tensors that it reads
     * @param outputs names of the tensors that it writes
     * @param attributes as in {@link #node}
     * @return this
     */
    public OnnxGraph microsoftNode(
            String operator, List<String> inputs, List<String> outputs, Map<String, ?> attributes) {
        usesMicrosoft = true;
        return node(operator, MICROSOFT, inputs, outputs, attributes);
    }

    /**
     * Adds an operation.
     *
     * @param operator name of the ONNX operator, e.g. {@code "MatMul"}
     * @param inputs names of the tensors that it reads
     * @param outputs names of the tensors that it writes
     * @param attributes values are {@link Integer}, {@link Long}, {@link Float} or {@code long[]}
     * @return this
     * @throws IllegalArgumentException if an attribute has another type
     */
    public OnnxGraph node(String operator, List<String> inputs, List<String> outputs, Map<String, ?> attributes) {
        return node(operator, "", inputs, outputs, attributes);
    }

    private OnnxGraph node(
            String operator, String domain, List<String> inputs, List<String> outputs, Map<String, ?> attributes) {
        ProtobufWriter node = new ProtobufWriter();
        inputs.forEach(i -> node.string(1, i));
        outputs.forEach(o -> node.string(2, o));
        node.string(4, operator);
        attributes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(a -> node.message(5, attribute(a.getKey(), a.getValue())));
        if (!domain.isEmpty()) {
            node.string(7, domain);
        }
        graph.message(1, node);
        return this;
    }

    /**
     * The model.
     *
     * @return bytes of an {@code .onnx} file
     */
    public byte[] toByteArray() {
        ProtobufWriter model = new ProtobufWriter()
                .varint(1, IR_VERSION)
                .string(2, "dinosplat")
                .message(7, graph)
                .message(8, new ProtobufWriter().string(1, "").varint(2, OPSET));
        if (usesMicrosoft) {
            model.message(8, new ProtobufWriter().string(1, MICROSOFT).varint(2, 1));
        }
        return model.toByteArray();
    }

    private OnnxGraph constant(String name, int type, byte[] raw, long... shape) {
        ProtobufWriter tensor = new ProtobufWriter();
        for (long size : shape) {
            tensor.varint(1, size);
        }
        graph.message(5, tensor.varint(2, type).string(8, name).bytes(9, raw));
        return this;
    }

    private static ProtobufWriter attribute(String name, Object value) {
        ProtobufWriter attribute = new ProtobufWriter().string(1, name);
        if (value instanceof Float f) {
            return attribute.float32(2, f).varint(20, 1);
        }
        if (value instanceof Integer || value instanceof Long) {
            return attribute.varint(3, ((Number) value).longValue()).varint(20, 2);
        }
        if (value instanceof long[] list) {
            for (long l : list) {
                attribute.varint(8, l);
            }
            return attribute.varint(20, 7);
        }
        throw new IllegalArgumentException("attribute " + name + " must be Integer, Long, Float or long[] but was "
                + value.getClass().getName());
    }

    private static ProtobufWriter valueInfo(String name, int type, Object... shape) {
        ProtobufWriter dims = new ProtobufWriter();
        for (Object size : shape) {
            ProtobufWriter dim = new ProtobufWriter();
            if (size instanceof Number n) {
                dim.varint(1, n.longValue());
            } else {
                dim.string(2, size.toString());
            }
            dims.message(1, dim);
        }
        ProtobufWriter tensorType = new ProtobufWriter().varint(1, type).message(2, dims);
        return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, tensorType));
    }
}
