package io.github.dinosplat.features.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The input tensors of one run of a network, in the types that its graph asks for. */
final class Feeds implements AutoCloseable {

    private final OrtSession session;
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

    Feeds(OrtSession session) {
        this.session = session;
    }

    Map<String, OnnxTensor> tensors() {
        return tensors;
    }

    /** Adds floats: as they are, without a copy, or in 16 bits. */
    void addFloats(String input, FloatBuffer values, long[] shape) throws OrtException {
        NodeInfo info = session.getInputInfo().get(input);
        if (info != null && info.getInfo() instanceof TensorInfo t && t.type == OnnxJavaType.FLOAT16) {
            ByteBuffer half = ByteBuffer.allocateDirect(2 * values.remaining()).order(ByteOrder.nativeOrder());
            half.asShortBuffer().put(Fp16Conversions.convertFloatBufferToFp16Buffer(values.duplicate()));
            tensors.put(
                    input,
                    OnnxTensor.createTensor(
                            OrtSessions.environment(), half.asShortBuffer(), shape, OnnxJavaType.FLOAT16));
        } else {
            tensors.put(input, OnnxTensor.createTensor(OrtSessions.environment(), values, shape));
        }
    }

    /** Adds truth values that are all false. */
    void addFalses(String input, long[] shape) throws OrtException {
        long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.toIntExact(count)).order(ByteOrder.nativeOrder());
        tensors.put(input, OnnxTensor.createTensor(OrtSessions.environment(), zeros, shape, OnnxJavaType.BOOL));
    }

    /** Adds a whole number: as the single value or the vector of one that the graph asks for. */
    void addNumber(String input, long value) throws OrtException {
        NodeInfo info = session.getInputInfo().get(input);
        boolean vector = info != null && info.getInfo() instanceof TensorInfo t && t.getShape().length == 1;
        ByteBuffer one =
                ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()).putLong(0, value);
        tensors.put(
                input,
                OnnxTensor.createTensor(
                        OrtSessions.environment(), one.asLongBuffer(), vector ? new long[] {1} : new long[0]));
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
    }
}
