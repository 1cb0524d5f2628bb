package io.github.dinosplat.features.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The graph of an ONNX file: enough of it to see how its operations hang together and to write it again with other
 * outputs. The file is never changed; weights in it are not looked at.
 *
 * <p>Field numbers are those of {@code onnx.proto}.
 */
public final class GraphFile {

    static final int MODEL_GRAPH = 7;
    static final int GRAPH_NODE = 1;
    static final int GRAPH_INITIALIZER = 5;
    static final int GRAPH_INPUT = 11;
    static final int GRAPH_OUTPUT = 12;
    static final int GRAPH_VALUE_INFO = 13;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_EXTERNAL = 13;
    private static final int VALUE_NAME = 1;
    /** More than any network has; bounds the work that a hostile file can ask for. */
    private static final int MOST_NODES = 200_000;

    /** Files up to this size are read, larger ones mapped. */
    private static final long READ_BYTES = 64 << 20;

    private final Path file;
    final List<OnnxNode> nodes = new ArrayList<>();
    /** Index of the node that writes a tensor. */
    final Map<String, Integer> producers = new HashMap<>();

    final Map<String, ByteBuffer> initialisers = new LinkedHashMap<>();
    final Map<String, ByteBuffer> inputs = new LinkedHashMap<>();
    final Map<String, ByteBuffer> outputs = new LinkedHashMap<>();
    /** Fields of the graph and of the model that are copied as they are. */
    final List<ByteBuffer> otherGraphFields = new ArrayList<>();

    final List<ByteBuffer> otherModelFields = new ArrayList<>();
    private final SortedSet<String> externalLocations = new TreeSet<>();

    private GraphFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a file's graph.
     *
     * @param file an {@code .onnx} file
     * @return its graph
     * @throws IOException if it cannot be read or is no ONNX model; the message names the file
     */
    public static GraphFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": there is no such model file; give the path of an .onnx file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE) {
                throw new IOException(file + " is " + size + " bytes long, and an ONNX file is at most 2 GiB: weights"
                        + " beyond that lie in a file beside it");
            }
            GraphFile graph = new GraphFile(file);
            // A mapped file cannot be deleted on some systems; small ones are read.
            graph.parse(
                    size <= READ_BYTES
                            ? ByteBuffer.wrap(Files.readAllBytes(file))
                            : channel.map(FileChannel.MapMode.READ_ONLY, 0, size));
            return graph;
        }
    }

    private void parse(ByteBuffer bytes) throws IOException {
        try {
            ProtobufReader model = new ProtobufReader(bytes);
            while (model.next()) {
                if (model.field() == MODEL_GRAPH && model.isMessage()) {
                    parseGraph(model.content());
                } else {
                    otherModelFields.add(model.raw());
                }
            }
        } catch (IOException e) {
            throw new IOException(file + " is not an ONNX model: " + e.getMessage() + "; give an .onnx file", e);
        }
        if (nodes.isEmpty() || inputs.isEmpty() || outputs.isEmpty()) {
            throw new IOException(file + " is not an ONNX model: it has " + nodes.size() + " operations, "
                    + inputs.size() + " inputs and " + outputs.size() + " outputs; give an .onnx file");
        }
    }

    private void parseGraph(ByteBuffer bytes) throws IOException {
        ProtobufReader graph = new ProtobufReader(bytes);
        while (graph.next()) {
            switch (graph.isMessage() ? graph.field() : 0) {
                case GRAPH_NODE -> add(OnnxNode.read(graph.content()));
                case GRAPH_INITIALIZER -> addInitialiser(graph.content());
                case GRAPH_INPUT -> inputs.put(text(graph.content(), VALUE_NAME), graph.content());
                case GRAPH_OUTPUT -> outputs.put(text(graph.content(), VALUE_NAME), graph.content());
                case GRAPH_VALUE_INFO -> {} // Types of tensors inside; they are found anew.
                default -> otherGraphFields.add(graph.raw());
            }
        }
        // Older files list constants among the inputs.
        inputs.keySet().removeIf(initialisers::containsKey);
    }

    private void add(OnnxNode node) throws IOException {
        if (nodes.size() == MOST_NODES) {
            throw new IOException("it has more than " + MOST_NODES + " operations");
        }
        for (String output : node.outputs()) {
            if (!output.isEmpty()) {
                producers.put(output, nodes.size());
            }
        }
        nodes.add(node);
    }

    private void addInitialiser(ByteBuffer tensor) throws IOException {
        initialisers.put(text(tensor, TENSOR_NAME), tensor);
        ProtobufReader reader = new ProtobufReader(tensor);
        while (reader.next()) {
            if (reader.field() == TENSOR_EXTERNAL && reader.isMessage()) {
                // A map entry: key 1, value 2.
                if (text(reader.content(), 1).equals("location")) {
                    externalLocations.add(text(reader.content(), 2));
                }
            }
        }
    }

    private static String text(ByteBuffer message, int field) throws IOException {
        ProtobufReader reader = new ProtobufReader(message);
        String found = "";
        while (reader.next()) {
            if (reader.field() == field && reader.isMessage()) {
                found = reader.text();
            }
        }
        return found;
    }

    /**
     * The file.
     *
     * @return path as given
     */
    public Path file() {
        return file;
    }

    /**
     * The files with weights beside the model.
     *
     * @return existing files in the model's folder or below, by name; none where the weights are inside
     * @throws IOException if one is missing, or would lie outside of the model's folder; the message says what to do
     */
    public List<Path> externalFiles() throws IOException {
        Path folder = folder();
        List<Path> files = new ArrayList<>();
        for (String location : externalLocations) {
            try {
                Path weights = folder.resolve(location).normalize();
                if (!weights.startsWith(folder)) {
                    throw new IOException(file + " asks for weights outside of its folder, " + location
                            + ": do not use it unless you trust it, and then move the weights beside it");
                }
                if (!Files.isRegularFile(weights)) {
                    throw new IOException(weights + ": " + file.getFileName()
                            + " keeps its weights in this file, and it is missing; download it too, into the same"
                            + " folder and under this name");
                }
                files.add(weights);
            } catch (InvalidPathException e) {
                throw new IOException(file + " asks for weights in a file with an impossible name", e);
            }
        }
        return files;
    }

    /** Where the weights' files are looked for. */
    Path folder() {
        Path absolute = file.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }

    /** Indices of the nodes that a tensor depends on, those inside of graphs included, with marks by node. */
    boolean[] ancestors(List<String> tensors) {
        boolean[] marked = new boolean[nodes.size()];
        List<String> open = new ArrayList<>(tensors);
        while (!open.isEmpty()) {
            Integer producer = producers.get(open.remove(open.size() - 1));
            if (producer != null && !marked[producer]) {
                marked[producer] = true;
                open.addAll(nodes.get(producer).inputs());
                open.addAll(nodes.get(producer).captured());
            }
        }
        return marked;
    }

    /**
     * How the blocks of the network follow each other before one of its outputs.
     *
     * @param output name of an output
     * @return the blocks; none where the graph has no residual stream
     */
    public Trunk trunk(String output) {
        try {
            return TrunkFinder.find(this, output);
        } catch (IOException e) {
            // Every node was read once already.
            throw new UncheckedIOException(e);
        }
    }
}
