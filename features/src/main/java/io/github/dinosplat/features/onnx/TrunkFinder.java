package io.github.dinosplat.features.onnx;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the residual stream of a network in its graph, whatever its tensors are called.
 *
 * <p>A residual addition is one of whose operands the other depends on: {@code x + f(x)}. Following the operand that is
 * {@code x} from the last such addition back to the first gives the stream; an attention block adds twice, once after an
 * attention (a softmax on the way) and once after a feed-forward part. A stream without attention is one stage of a
 * convolutional network; the search then goes on before it.
 */
final class TrunkFinder {

    private static final Set<String> ATTENTION =
            Set.of("Softmax", "Attention", "MultiHeadAttention", "GroupQueryAttention", "PackedMultiHeadAttention");
    private static final String FUSED = "SkipLayerNormalization";
    /** Where it gives the sum besides the normalised sum. */
    private static final int FUSED_SUM = 3;
    /** Steps through the graph; a 7B network takes about a million, a hostile graph would take forever. */
    private static final long MOST_STEPS = 50_000_000;

    /** A residual addition: the tensor that it adds to, and whether an attention gave what it adds. */
    private record Residual(int node, String base, boolean attention) {}

    private final GraphFile graph;
    /** Nodes that depend on the picture by its values, not by its shape alone. */
    private final boolean[] carriesData;

    private final int[] seen;
    private int round;
    private long steps;

    private TrunkFinder(GraphFile graph) {
        this.graph = graph;
        this.carriesData = new boolean[graph.nodes.size()];
        this.seen = new int[graph.nodes.size()];
        for (int i = 0; i < carriesData.length; i++) {
            OnnxNode node = graph.nodes.get(i);
            carriesData[i] = !isShape(node) && node.inputs().stream().anyMatch(this::isData);
        }
    }

    static Trunk find(GraphFile graph, String output) throws IOException {
        return new TrunkFinder(graph).find(output);
    }

    private Trunk find(String output) throws IOException {
        List<Trunk.Block> stages = new ArrayList<>();
        String start = output;
        while (true) {
            Optional<Residual> last = lastBefore(start);
            if (last.isEmpty()) {
                return new Trunk(graph, output, stages, false);
            }
            List<Residual> stream = stream(last.get());
            if (stream.stream().anyMatch(Residual::attention)) {
                return new Trunk(graph, output, blocks(stream), true);
            }
            stages.add(0, block(last.get()));
            start = stream.get(0).base();
        }
    }

    /** The last residual addition on which a tensor depends. */
    private Optional<Residual> lastBefore(String tensor) {
        boolean[] before = graph.ancestors(List.of(tensor));
        for (int i = before.length - 1; i >= 0; i--) {
            if (before[i]) {
                Optional<Residual> residual = residual(i);
                if (residual.isPresent()) {
                    return residual;
                }
            }
        }
        return Optional.empty();
    }

    /** The additions that lead up to the last one, in their order. */
    private List<Residual> stream(Residual last) {
        List<Residual> stream = new ArrayList<>();
        Optional<Residual> at = Optional.of(last);
        while (at.isPresent() && stream.size() <= graph.nodes.size()) {
            stream.add(at.get());
            at = adder(at.get().base());
        }
        Collections.reverse(stream);
        return stream;
    }

    /** The residual addition that gave a tensor, through changes of its type. */
    private Optional<Residual> adder(String tensor) {
        String at = tensor;
        for (int i = 0; i < 4; i++) {
            Integer producer = graph.producers.get(at);
            if (producer == null) {
                return Optional.empty();
            }
            OnnxNode node = graph.nodes.get(producer);
            if (!node.operator().equals("Cast") && !node.operator().equals("Identity")) {
                return residual(producer);
            }
            at = node.inputs().isEmpty() ? "" : node.inputs().get(0);
        }
        return Optional.empty();
    }

    /** A block ends where the next one's attention adds to the stream, and at the end. */
    private List<Trunk.Block> blocks(List<Residual> stream) {
        List<Trunk.Block> blocks = new ArrayList<>();
        boolean started = false;
        for (int i = 0; i < stream.size(); i++) {
            started |= stream.get(i).attention();
            if (started && (i + 1 == stream.size() || stream.get(i + 1).attention())) {
                blocks.add(block(stream.get(i)));
            }
        }
        return blocks;
    }

    private Trunk.Block block(Residual residual) {
        OnnxNode node = graph.nodes.get(residual.node());
        if (!node.operator().equals(FUSED)) {
            return new Trunk.Block(residual.node(), node.outputs().get(0), node.outputs());
        }
        // Give the sum a name where it has none, because nothing reads it.
        List<String> outputs = new ArrayList<>(node.outputs());
        while (outputs.size() <= FUSED_SUM) {
            outputs.add("");
        }
        if (outputs.get(FUSED_SUM).isEmpty()) {
            outputs.set(FUSED_SUM, "dinosplat_sum_" + residual.node());
        }
        return new Trunk.Block(residual.node(), outputs.get(FUSED_SUM), outputs);
    }

    private Optional<Residual> residual(int index) {
        OnnxNode node = graph.nodes.get(index);
        boolean fused = node.operator().equals(FUSED);
        if (!fused && !node.operator().equals("Add")) {
            return Optional.empty();
        }
        if (node.inputs().size() < 2 || node.outputs().isEmpty()) {
            return Optional.empty();
        }
        String a = node.inputs().get(0);
        String b = node.inputs().get(1);
        if (!isData(a) || !isData(b)) {
            return Optional.empty();
        }
        for (String[] pair : new String[][] {{a, b}, {b, a}}) {
            Optional<Boolean> attention = branch(pair[0], pair[1]);
            if (attention.isPresent()) {
                return Optional.of(new Residual(index, pair[0], attention.get()));
            }
        }
        return Optional.empty();
    }

    /** Whether the branch from a base to what is added to it has an attention; empty if it does not come from there. */
    private Optional<Boolean> branch(String base, String added) {
        round++;
        boolean reached = false;
        boolean attention = false;
        Deque<String> open = new ArrayDeque<>(List.of(added));
        while (!open.isEmpty() && steps++ < MOST_STEPS) {
            String tensor = open.pop();
            if (tensor.equals(base)) {
                reached = true;
                continue;
            }
            Integer producer = graph.producers.get(tensor);
            if (producer == null || seen[producer] == round || !carriesData[producer]) {
                continue;
            }
            seen[producer] = round;
            attention |= ATTENTION.contains(graph.nodes.get(producer).operator());
            graph.nodes.get(producer).inputs().forEach(open::push);
        }
        return reached && steps < MOST_STEPS ? Optional.of(attention) : Optional.empty();
    }

    private boolean isData(String tensor) {
        Integer producer = graph.producers.get(tensor);
        return producer == null ? graph.inputs.containsKey(tensor) : carriesData[producer];
    }

    private static boolean isShape(OnnxNode node) {
        return Arrays.asList("Shape", "Size", "ConstantOfShape").contains(node.operator());
    }
}
