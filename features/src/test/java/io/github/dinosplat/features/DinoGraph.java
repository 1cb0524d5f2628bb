package io.github.dinosplat.features;

import io.github.dinosplat.features.onnx.OnnxGraph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes networks of DINOv3's kind as ONNX files, in the forms in which people have them. */
final class DinoGraph {

    /** How the weights of linear layers are kept. */
    enum Form {
        FLOAT,
        EXTERNAL,
        HALF,
        DYNAMIC_INT8,
        INT4_BLOCKS
    }

    private static final long END = Long.MAX_VALUE;
    private static final int BLOCK = 32;

    private final DinoWeights w;
    private final Form form;
    private final OnnxGraph graph = new OnnxGraph("dino");
    private final List<float[]> external = new ArrayList<>();
    private long externalBytes;
    private int count;

    private DinoGraph(DinoWeights weights, Form form) {
        w = weights;
        this.form = form;
    }

    /**
     * Writes {@code file}, and for {@link Form#EXTERNAL} {@code file_data} beside it.
     *
     * @param height a {@link Number} for a fixed size, a {@link String} for any
     */
    static Path write(DinoWeights weights, Form form, Path file, Object height, Object width) throws IOException {
        DinoGraph net = new DinoGraph(weights, form);
        net.build(file.getFileName() + "_data", height, width);
        if (form == Form.EXTERNAL) {
            ByteBuffer data = ByteBuffer.allocate((int) net.externalBytes).order(ByteOrder.LITTLE_ENDIAN);
            net.external.forEach(v -> {
                for (float f : v) {
                    data.putFloat(f);
                }
            });
            Files.write(file.resolveSibling(file.getFileName() + "_data"), data.array());
        }
        return Files.write(file, net.graph.toByteArray());
    }

    private String dataFile = "";

    private void build(String data, Object height, Object width) {
        dataFile = data;
        graph.input("pixel_values", "batch", 3, height, width)
                .output("last_hidden_state", "batch", "tokens", w.dim())
                .output("pooler_output", "batch", w.dim());
        int p = w.patch();
        String picture = cast("pixel_values", 1, form == Form.HALF ? OnnxGraph.FLOAT16 : 1);
        String conv = op(
                "Conv",
                List.of(
                        picture,
                        constant("patch.weight", w.get("patch_embed.proj.weight"), w.dim(), 3, p, p),
                        constant("patch.bias", w.get("patch_embed.proj.bias"), w.dim())),
                Map.of("strides", new long[] {p, p}));
        String flat = op("Reshape", List.of(conv, longs(0, w.dim(), -1)), Map.of());
        String patches = op("Transpose", List.of(flat), Map.of("perm", new long[] {0, 2, 1}));
        List<String> tokens = new ArrayList<>();
        tokens.add(constant("cls", w.get("cls_token"), 1, 1, w.dim()));
        if (w.registers() > 0) {
            tokens.add(constant("registers", w.get("storage_tokens"), 1, w.registers(), w.dim()));
        }
        tokens.add(patches);
        String x = op("Concat", tokens, Map.of("axis", 1));
        String[] rope = rope(conv);
        for (int b = 0; b < w.depth(); b++) {
            x = block("blocks." + b + ".", x, rope);
        }
        String result = norm("norm", x);
        if (form == Form.HALF) {
            graph.node("Cast", List.of(result), List.of("last_hidden_state"), Map.of("to", 1));
        } else {
            graph.node("Identity", List.of(result), List.of("last_hidden_state"), Map.of());
        }
        graph.tensor("first", 7, new byte[8]);
        graph.node("Gather", List.of("last_hidden_state", "first"), List.of("pooler_output"), Map.of("axis", 1));
    }

    /** Cosines and sines [patches, headDim] of the picture's own size. */
    private String[] rope(String conv) {
        String shape = op("Shape", List.of(conv), Map.of());
        String rows = op("Slice", List.of(shape, longs(2), longs(3)), Map.of());
        String columns = op("Slice", List.of(shape, longs(3), longs(4)), Map.of());
        int quarter = w.headDim() / 4;
        float[] frequency = new float[quarter];
        for (int i = 0; i < quarter; i++) {
            frequency[i] = (float) (2 * Math.PI / Math.pow(100, 2.0 * i / (w.headDim() / 2.0)));
        }
        graph.floats("frequency", frequency, quarter);
        String all = op("Concat", List.of(rows, columns, longs(quarter)), Map.of("axis", 0));
        String down = op("Mul", List.of(coordinates(rows, -1, 1, 1), "frequency"), Map.of());
        String right = op("Mul", List.of(coordinates(columns, 1, -1, 1), "frequency"), Map.of());
        String both = op(
                "Concat",
                List.of(op("Expand", List.of(down, all), Map.of()), op("Expand", List.of(right, all), Map.of())),
                Map.of("axis", 2));
        String half = op("Reshape", List.of(both, longs(-1, 2 * quarter)), Map.of());
        String angles = op("Concat", List.of(half, half), Map.of("axis", 1));
        int type = form == Form.HALF ? OnnxGraph.FLOAT16 : 1;
        return new String[] {
            cast(op("Cos", List.of(angles), Map.of()), 1, type), cast(op("Sin", List.of(angles), Map.of()), 1, type)
        };
    }

    /** Centres of so many patches from -1 to 1, in a shape. */
    private String coordinates(String count, long... shape) {
        String number = cast(op("Squeeze", List.of(count), Map.of()), 7, 1);
        String range = op("Range", List.of(scalar(0.5f), number, scalar(1)), Map.of());
        String share = op("Div", List.of(range, number), Map.of());
        String centred = op("Sub", List.of(op("Mul", List.of(share, scalar(2)), Map.of()), scalar(1)), Map.of());
        return op("Reshape", List.of(centred, longs(shape)), Map.of());
    }

    private String block(String name, String x, String[] rope) {
        String attended = attention(name, norm(name + "norm1", x), rope);
        String y = op("Add", List.of(op("Mul", List.of(attended, vector(name + "ls1.gamma")), Map.of()), x), Map.of());
        String fed = feedForward(name + "mlp.", norm(name + "norm2", y));
        return op("Add", List.of(y, op("Mul", List.of(fed, vector(name + "ls2.gamma")), Map.of())), Map.of());
    }

    private String attention(String name, String x, String[] rope) {
        int dim = w.dim();
        String[] qkv = new String[3];
        float[] weight = w.get(name + "attn.qkv.weight");
        float[] bias = w.orZero(name + "attn.qkv.bias", 3 * dim);
        for (int i = 0; i < 3; i++) {
            String part = linear(
                    x,
                    java.util.Arrays.copyOfRange(weight, i * dim * dim, (i + 1) * dim * dim),
                    java.util.Arrays.copyOfRange(bias, i * dim, (i + 1) * dim),
                    dim,
                    dim);
            String heads = op("Reshape", List.of(part, longs(0, -1, w.heads(), w.headDim())), Map.of());
            qkv[i] = op("Transpose", List.of(heads), Map.of("perm", new long[] {0, 2, 1, 3}));
        }
        String q = rotated(qkv[0], rope);
        String k = op("Transpose", List.of(rotated(qkv[1], rope)), Map.of("perm", new long[] {0, 1, 3, 2}));
        String scores = op(
                "Mul",
                List.of(op("MatMul", List.of(q, k), Map.of()), constant("scale", new float[] {
                    (float) (1 / Math.sqrt(w.headDim()))
                })),
                Map.of());
        String mixed = op("MatMul", List.of(op("Softmax", List.of(scores), Map.of("axis", -1)), qkv[2]), Map.of());
        String back = op("Transpose", List.of(mixed), Map.of("perm", new long[] {0, 2, 1, 3}));
        String joined = op("Reshape", List.of(back, longs(0, -1, dim)), Map.of());
        return linear(joined, w.get(name + "attn.proj.weight"), w.get(name + "attn.proj.bias"), dim, dim);
    }

    private String rotated(String x, String[] rope) {
        int prefix = 1 + w.registers();
        int half = w.headDim() / 2;
        String rest = slice(x, prefix, END, 2);
        String turned = op(
                "Concat",
                List.of(op("Neg", List.of(slice(rest, half, END, 3)), Map.of()), slice(rest, 0, half, 3)),
                Map.of("axis", -1));
        String rotated = op(
                "Add",
                List.of(op("Mul", List.of(rest, rope[0]), Map.of()), op("Mul", List.of(turned, rope[1]), Map.of())),
                Map.of());
        return op("Concat", List.of(slice(x, 0, prefix, 2), rotated), Map.of("axis", 2));
    }

    private String feedForward(String name, String x) {
        int h = w.hidden();
        if (w.swiglu()) {
            String a = linear(x, w.get(name + "w1.weight"), w.get(name + "w1.bias"), w.dim(), h);
            String b = linear(x, w.get(name + "w2.weight"), w.get(name + "w2.bias"), w.dim(), h);
            String silu = op("Mul", List.of(a, op("Sigmoid", List.of(a), Map.of())), Map.of());
            String gated = op("Mul", List.of(silu, b), Map.of());
            return linear(gated, w.get(name + "w3.weight"), w.get(name + "w3.bias"), h, w.dim());
        }
        String a = linear(x, w.get(name + "fc1.weight"), w.get(name + "fc1.bias"), w.dim(), h);
        String erf = op(
                "Erf",
                List.of(op("Div", List.of(a, constant("root", new float[] {(float) Math.sqrt(2)})), Map.of())),
                Map.of());
        String bell = op("Add", List.of(erf, constant("one", new float[] {1})), Map.of());
        String gelu = op(
                "Mul", List.of(op("Mul", List.of(a, bell), Map.of()), constant("half", new float[] {0.5f})), Map.of());
        return linear(gelu, w.get(name + "fc2.weight"), w.get(name + "fc2.bias"), h, w.dim());
    }

    private String norm(String name, String x) {
        return op(
                "LayerNormalization",
                List.of(x, vector(name + ".weight"), vector(name + ".bias")),
                Map.of("axis", -1, "epsilon", 1e-5f));
    }

    private String linear(String x, float[] weight, float[] bias, int inputs, int outputs) {
        String product = switch (form) {
            case DYNAMIC_INT8 -> int8(x, weight, inputs, outputs);
            case INT4_BLOCKS -> int4(x, weight, inputs, outputs);
            default ->
                op(
                        "MatMul",
                        List.of(x, constant("weight", transposed(weight, inputs, outputs), inputs, outputs)),
                        Map.of());
        };
        return op("Add", List.of(product, constant("bias", bias, outputs)), Map.of());
    }

    /** As ONNX Runtime's dynamic quantisation writes it: one scale for the weights, one found for the inputs. */
    private String int8(String x, float[] weight, int inputs, int outputs) {
        float scale = Quantised.scale(weight, 0, weight.length, 127);
        byte[] q = new byte[weight.length];
        float[] t = transposed(weight, inputs, outputs);
        for (int i = 0; i < q.length; i++) {
            q[i] = (byte) Math.round(t[i] / scale);
        }
        String name = "q8_" + count;
        graph.tensor(name, OnnxGraph.INT8, q, inputs, outputs).tensor(name + "_zero", OnnxGraph.INT8, new byte[1]);
        List<String> quantised = List.of(name + "_x", name + "_xs", name + "_xz");
        graph.node("DynamicQuantizeLinear", List.of(x), quantised, Map.of());
        String product =
                op("MatMulInteger", List.of(quantised.get(0), name, quantised.get(2), name + "_zero"), Map.of());
        String scales = op("Mul", List.of(quantised.get(1), scalar(scale)), Map.of());
        return op("Mul", List.of(cast(product, 6, 1), scales), Map.of());
    }

    /** As ONNX Runtime's weight-only quantisation writes it: blocks of 32 inputs with a scale each, values 0 to 15, zero at 8. */
    private String int4(String x, float[] weight, int inputs, int outputs) {
        int blocks = (inputs + BLOCK - 1) / BLOCK;
        byte[] packed = new byte[outputs * blocks * BLOCK / 2];
        float[] scales = new float[outputs * blocks];
        for (int o = 0; o < outputs; o++) {
            for (int b = 0; b < blocks; b++) {
                int from = o * inputs + b * BLOCK;
                int length = Math.min(BLOCK, inputs - b * BLOCK);
                float scale = Quantised.scale(weight, from, length, 7);
                scales[o * blocks + b] = scale;
                for (int i = 0; i < BLOCK; i++) {
                    int value = i < length ? Math.round(weight[from + i] / scale) + 8 : 8;
                    packed[((o * blocks + b) * BLOCK + i) / 2] |= (byte) (value << 4 * (i % 2));
                }
            }
        }
        String name = "q4_" + count;
        graph.tensor(name, OnnxGraph.UINT8, packed, outputs, blocks, BLOCK / 2)
                .floats(name + "_scales", scales, outputs * blocks);
        graph.microsoftNode(
                "MatMulNBits",
                List.of(x, name, name + "_scales"),
                List.of(name + "_y"),
                Map.of("K", inputs, "N", outputs, "bits", 4, "block_size", BLOCK));
        count++;
        return name + "_y";
    }

    private String vector(String name) {
        return constant("vector", w.get(name), w.get(name).length);
    }

    private String constant(String prefix, float[] values, long... shape) {
        String name = prefix + "_" + count++;
        if (form == Form.EXTERNAL && values.length > 1) {
            graph.externalFloats(name, dataFile, externalBytes, shape);
            external.add(values);
            externalBytes += 4L * values.length;
        } else if (form == Form.HALF) {
            ByteBuffer raw = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            for (float v : values) {
                raw.putShort(Quantised.half(v));
            }
            graph.tensor(name, OnnxGraph.FLOAT16, raw.array(), shape);
        } else {
            graph.floats(name, values, shape);
        }
        return name;
    }

    private String scalar(float value) {
        String name = "scalar_" + count++;
        graph.floats(name, new float[] {value});
        return name;
    }

    private String longs(long... values) {
        String name = "longs_" + count++;
        graph.longs(name, values);
        return name;
    }

    private String slice(String x, long from, long to, long axis) {
        return op("Slice", List.of(x, longs(from), longs(to), longs(axis)), Map.of());
    }

    private String cast(String x, int from, int to) {
        return from == to ? x : op("Cast", List.of(x), Map.of("to", to));
    }

    private String op(String operator, List<String> inputs, Map<String, ?> attributes) {
        String output = "t" + count++;
        graph.node(operator, inputs, List.of(output), attributes);
        return output;
    }

    private static float[] transposed(float[] weight, int inputs, int outputs) {
        float[] t = new float[weight.length];
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                t[i * outputs + o] = weight[o * inputs + i];
            }
        }
        return t;
    }
}
