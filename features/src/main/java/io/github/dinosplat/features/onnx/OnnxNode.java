package io.github.dinosplat.features.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One operation of a graph.
 *
 * @param operator name of the operator
 * @param inputs names of the tensors that it reads; empty where an optional one is left out
 * @param captured names that graphs inside it (branches, loop bodies) read
 * @param outputs names of the tensors that it writes
 * @param message the node as it is in the file
 */
record OnnxNode(String operator, List<String> inputs, List<String> captured, List<String> outputs, ByteBuffer message) {

    private static final int INPUT = 1;
    private static final int OUTPUT = 2;
    private static final int OPERATOR = 4;
    private static final int ATTRIBUTE = 5;
    private static final int ATTRIBUTE_GRAPH = 6;
    private static final int ATTRIBUTE_GRAPHS = 11;
    private static final int GRAPH_NODE = 1;
    private static final int DEEPEST = 16;

    static OnnxNode read(ByteBuffer message) throws IOException {
        return read(message, 0);
    }

    private static OnnxNode read(ByteBuffer message, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("graphs inside graphs go deeper than " + DEEPEST);
        }
        String operator = "";
        List<String> inputs = new ArrayList<>();
        List<String> captured = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        ProtobufReader node = new ProtobufReader(message);
        while (node.next()) {
            if (!node.isMessage()) {
                continue;
            }
            switch (node.field()) {
                case INPUT -> inputs.add(node.text());
                case OUTPUT -> outputs.add(node.text());
                case OPERATOR -> operator = node.text();
                case ATTRIBUTE -> readCaptured(node.content(), depth, captured);
                default -> {}
            }
        }
        return new OnnxNode(operator, List.copyOf(inputs), List.copyOf(captured), List.copyOf(outputs), message);
    }

    private static void readCaptured(ByteBuffer attribute, int depth, List<String> captured) throws IOException {
        ProtobufReader reader = new ProtobufReader(attribute);
        while (reader.next()) {
            if (reader.isMessage() && (reader.field() == ATTRIBUTE_GRAPH || reader.field() == ATTRIBUTE_GRAPHS)) {
                ProtobufReader graph = new ProtobufReader(reader.content());
                while (graph.next()) {
                    if (graph.isMessage() && graph.field() == GRAPH_NODE) {
                        OnnxNode inner = read(graph.content(), depth + 1);
                        captured.addAll(inner.inputs);
                        captured.addAll(inner.captured);
                    }
                }
            }
        }
    }

    /** The same operation on tensors of other names; names that are not in the map stay. */
    ProtobufWriter renamed(Map<String, String> names) throws IOException {
        ProtobufWriter copy = new ProtobufWriter();
        ProtobufReader node = new ProtobufReader(message);
        while (node.next()) {
            boolean isTensor = node.isMessage() && (node.field() == INPUT || node.field() == OUTPUT);
            if (isTensor) {
                copy.string(node.field(), names.getOrDefault(node.text(), node.text()));
            } else if (node.field() != 3) { // Two nodes of one name are refused, and a name is not needed.
                copy.raw(node.raw());
            }
        }
        return copy;
    }

    /** The same operation with other names for its outputs. */
    ProtobufWriter withOutputs(List<String> names) throws IOException {
        ProtobufWriter copy = new ProtobufWriter();
        ProtobufReader node = new ProtobufReader(message);
        while (node.next()) {
            if (!(node.isMessage() && node.field() == OUTPUT)) {
                copy.raw(node.raw());
            }
        }
        names.forEach(n -> copy.string(OUTPUT, n));
        return copy;
    }

    /** A float attribute, or a value that stands for its absence. */
    float floatAttribute(String name, float otherwise) throws IOException {
        ProtobufReader node = new ProtobufReader(message);
        while (node.next()) {
            if (node.isMessage() && node.field() == ATTRIBUTE) {
                ProtobufReader attribute = new ProtobufReader(node.content());
                String found = "";
                float value = otherwise;
                while (attribute.next()) {
                    if (attribute.field() == 1 && attribute.isMessage()) {
                        found = attribute.text();
                    } else if (attribute.field() == 2 && attribute.isFixed32()) {
                        value = attribute.float32();
                    }
                }
                if (found.equals(name)) {
                    return value;
                }
            }
        }
        return otherwise;
    }
}
