package io.github.dinosplat.features.onnx;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A network made from a file's by taking another output: the bytes of its model.
 *
 * @param source the file that it was made from; its weights are where that file is
 * @param model a direct buffer
 */
record GraphCut(GraphFile source, ByteBuffer model) {

    /** Adds a field that holds bytes; the content, which may be large, is not copied yet. */
    static void addField(List<ByteBuffer> fields, int number, ByteBuffer content) {
        fields.add(head(number, content.remaining()));
        fields.add(content);
    }

    /** Puts a model together from the fields of its graph and its other fields. */
    static GraphCut of(GraphFile source, List<ByteBuffer> graphFields) {
        long graphBytes = length(graphFields);
        if (graphBytes > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException(source.file() + ": a graph of " + graphBytes + " bytes is too large");
        }
        List<ByteBuffer> all = new ArrayList<>(source.otherModelFields);
        all.add(head(GraphFile.MODEL_GRAPH, (int) graphBytes));
        all.addAll(graphFields);
        ByteBuffer model = ByteBuffer.allocateDirect(Math.toIntExact(length(all)));
        all.forEach(part -> model.put(part.duplicate()));
        return new GraphCut(source, model.flip());
    }

    private static long length(List<ByteBuffer> parts) {
        return parts.stream().mapToLong(ByteBuffer::remaining).sum();
    }

    private static ByteBuffer head(int number, int length) {
        return ByteBuffer.wrap(new ProtobufWriter().head(number, length).toByteArray());
    }
}
