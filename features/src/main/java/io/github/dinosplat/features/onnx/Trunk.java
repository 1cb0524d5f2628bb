package io.github.dinosplat.features.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The blocks of a network in the order in which they work: of a vision transformer its attention blocks, of a
 * convolutional network its stages. Gives the network again with one block as its only output, without the operations and
 * weights that are not needed for it.
 */
public final class Trunk {

    /** Name of the output of a network that {@link #cut} gives. */
    public static final String OUTPUT = "dinosplat_block";

    /**
     * Where a block ends.
     *
     * @param node index of the addition that ends it
     * @param tensor name of the sum
     * @param outputs names of all of the node's outputs, the sum's among them
     */
    record Block(int node, String tensor, List<String> outputs) {}

    private final GraphFile graph;
    private final String output;
    private final List<Block> blocks;
    private final boolean transformer;

    Trunk(GraphFile graph, String output, List<Block> blocks, boolean transformer) {
        this.graph = graph;
        this.output = output;
        this.blocks = List.copyOf(blocks);
        this.transformer = transformer;
    }

    /**
     * How many blocks there are.
     *
     * @return count; 0 where none could be made out
     */
    public int blocks() {
        return blocks.size();
    }

    /**
     * Whether the blocks are attention blocks.
     *
     * @return false for the stages of a convolutional network
     */
    public boolean isTransformer() {
        return transformer;
    }

    /**
     * The network up to a block.
     *
     * @param block index of the block, from 0
     * @param finished whether what the network does after its last block (the final normalisation) is done to this one
     * @return a model with the same inputs and the output {@link #OUTPUT}
     * @throws IllegalArgumentException if there is no such block
     */
    GraphCut cut(int block, boolean finished) {
        if (block < 0 || block >= blocks.size()) {
            throw new IllegalArgumentException("block must be 0 to " + (blocks.size() - 1) + " but was " + block);
        }
        try {
            Block end = blocks.get(block);
            List<ProtobufWriter> added = new ArrayList<>();
            List<String> wanted = new ArrayList<>();
            if (finished) {
                String result = finish(end, added, wanted);
                added.add(identity(result));
            } else {
                wanted.add(end.tensor());
                added.add(identity(end.tensor()));
            }
            return write(wanted, added);
        } catch (IOException e) {
            throw new IllegalStateException(graph.file() + ": " + e.getMessage(), e);
        }
    }

    /** Repeats what comes between the last block and the output, on another block; gives the name of the result. */
    private String finish(Block end, List<ProtobufWriter> added, List<String> wanted) throws IOException {
        Block last = blocks.get(blocks.size() - 1);
        Map<String, String> names = new HashMap<>();
        names.put(last.tensor(), end.tensor());
        wanted.add(end.tensor());
        OnnxNode lastNode = graph.nodes.get(last.node());
        if (lastNode.outputs().size() > 0 && !lastNode.outputs().get(0).equals(last.tensor())) {
            added.add(normalisation(lastNode, end.tensor()));
            names.put(lastNode.outputs().get(0), "dinosplat_normalised");
            wanted.addAll(
                    lastNode.inputs().subList(2, Math.min(4, lastNode.inputs().size())));
        }
        boolean[] needed = graph.ancestors(List.of(output));
        for (int i = last.node() + 1; i < needed.length; i++) {
            OnnxNode node = graph.nodes.get(i);
            boolean depends = node.inputs().stream().anyMatch(names::containsKey)
                    || node.captured().stream().anyMatch(names::containsKey);
            if (needed[i] && depends) {
                node.outputs().stream().filter(o -> !o.isEmpty()).forEach(o -> names.put(o, "dinosplat/" + o));
                added.add(node.renamed(names));
                node.inputs().stream().filter(in -> !names.containsKey(in)).forEach(wanted::add);
                node.captured().stream().filter(in -> !names.containsKey(in)).forEach(wanted::add);
            }
        }
        return names.getOrDefault(output, output);
    }

    /** The normalisation of an operation that adds and normalises at once, without the addition. */
    private static ProtobufWriter normalisation(OnnxNode fused, String input) throws IOException {
        ProtobufWriter node = new ProtobufWriter().string(1, input);
        fused.inputs().subList(2, Math.min(4, fused.inputs().size())).forEach(i -> node.string(1, i));
        float epsilon = fused.floatAttribute("epsilon", 1e-12f);
        return node.string(2, "dinosplat_normalised")
                .string(4, "LayerNormalization")
                .message(
                        5,
                        new ProtobufWriter()
                                .string(1, "epsilon")
                                .float32(2, epsilon)
                                .varint(20, 1));
    }

    private static ProtobufWriter identity(String from) {
        return new ProtobufWriter().string(1, from).string(2, OUTPUT).string(4, "Identity");
    }

    /** The model with what the wanted tensors need, further operations, and one output. */
    private GraphCut write(List<String> wanted, List<ProtobufWriter> added) throws IOException {
        boolean[] needed = graph.ancestors(producible(wanted));
        Set<String> read = new HashSet<>(wanted);
        List<ByteBuffer> fields = new ArrayList<>(graph.otherGraphFields);
        for (int i = 0; i < needed.length; i++) {
            if (needed[i]) {
                read.addAll(graph.nodes.get(i).inputs());
                read.addAll(graph.nodes.get(i).captured());
                GraphCut.addField(fields, GraphFile.GRAPH_NODE, message(i));
            }
        }
        for (ProtobufWriter node : added) {
            GraphCut.addField(fields, GraphFile.GRAPH_NODE, ByteBuffer.wrap(node.toByteArray()));
        }
        graph.initialisers.forEach((name, tensor) -> {
            if (read.contains(name)) {
                GraphCut.addField(fields, GraphFile.GRAPH_INITIALIZER, tensor);
            }
        });
        graph.inputs.forEach((name, info) -> GraphCut.addField(fields, GraphFile.GRAPH_INPUT, info));
        ByteBuffer end = ByteBuffer.wrap(new ProtobufWriter().string(1, OUTPUT).toByteArray());
        GraphCut.addField(fields, GraphFile.GRAPH_OUTPUT, end);
        return GraphCut.of(graph, fields);
    }

    /** A sum that got its name here has no producer in the file: what its operation reads and gives stands for it. */
    private List<String> producible(List<String> tensors) {
        List<String> all = new ArrayList<>(tensors);
        for (Block block : blocks) {
            if (tensors.contains(block.tensor())) {
                all.addAll(graph.nodes.get(block.node()).inputs());
                all.addAll(graph.nodes.get(block.node()).outputs());
            }
        }
        return all;
    }

    /** A node as it is in the file, but with a name for its sum where the file has none. */
    private ByteBuffer message(int node) throws IOException {
        OnnxNode from = graph.nodes.get(node);
        for (Block block : blocks) {
            if (block.node() == node && !block.outputs().equals(from.outputs())) {
                return ByteBuffer.wrap(from.withOutputs(block.outputs()).toByteArray());
            }
        }
        return from.message();
    }
}
