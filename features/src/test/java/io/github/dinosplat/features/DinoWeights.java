package io.github.dinosplat.features;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * The shape of a network of DINOv3's kind and its weights, by the names and layouts of the official implementation: linear
 * weights are [out, in].
 */
record DinoWeights(
        int dim,
        int depth,
        int heads,
        int hidden,
        boolean swiglu,
        int patch,
        int registers,
        Map<String, float[]> values) {

    float[] get(String name) {
        float[] found = values.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no weights " + name + " among " + values.keySet());
        }
        return found;
    }

    /** Zeros where a network has no such bias. */
    float[] orZero(String name, int length) {
        return values.getOrDefault(name, new float[length]);
    }

    int headDim() {
        return dim / heads;
    }

    /** A network with seeded random weights. */
    static DinoWeights random(int dim, int depth, int heads, int hidden, boolean swiglu, int patch, int registers) {
        Map<String, float[]> v = new LinkedHashMap<>();
        Random random = new Random(7);
        v.put("cls_token", normal(random, dim, 0.5));
        v.put("storage_tokens", normal(random, registers * dim, 0.5));
        v.put("patch_embed.proj.weight", normal(random, dim * 3 * patch * patch, 1.0 / patch));
        v.put("patch_embed.proj.bias", normal(random, dim, 0.1));
        for (int b = 0; b < depth; b++) {
            String block = "blocks." + b + ".";
            norm(v, random, block + "norm1", dim);
            v.put(block + "attn.qkv.weight", normal(random, 3 * dim * dim, 1.5 / Math.sqrt(dim)));
            float[] bias = normal(random, 3 * dim, 0.1);
            java.util.Arrays.fill(bias, dim, 2 * dim, 0);
            v.put(block + "attn.qkv.bias", bias);
            v.put(block + "attn.proj.weight", normal(random, dim * dim, 1 / Math.sqrt(dim)));
            v.put(block + "attn.proj.bias", normal(random, dim, 0.1));
            v.put(block + "ls1.gamma", normal(random, dim, 0.5));
            norm(v, random, block + "norm2", dim);
            for (String in : swiglu ? new String[] {"w1", "w2"} : new String[] {"fc1"}) {
                v.put(block + "mlp." + in + ".weight", normal(random, hidden * dim, 1 / Math.sqrt(dim)));
                v.put(block + "mlp." + in + ".bias", normal(random, hidden, 0.1));
            }
            String out = block + "mlp." + (swiglu ? "w3" : "fc2");
            v.put(out + ".weight", normal(random, dim * hidden, 1 / Math.sqrt(hidden)));
            v.put(out + ".bias", normal(random, dim, 0.1));
            v.put(block + "ls2.gamma", normal(random, dim, 0.5));
        }
        norm(v, random, "norm", dim);
        return new DinoWeights(dim, depth, heads, hidden, swiglu, patch, registers, v);
    }

    /** The weights beside the official implementation's outputs. */
    static DinoWeights golden(Path folder) throws IOException {
        JsonNode manifest =
                new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
        byte[] file = Files.readAllBytes(folder.resolve("weights.f32"));
        Map<String, float[]> v = new LinkedHashMap<>();
        for (JsonNode tensor : manifest.path("weights")) {
            int length = 1;
            for (JsonNode size : tensor.path("shape")) {
                length *= size.asInt();
            }
            float[] values = new float[length];
            ByteBuffer.wrap(file, 4 * tensor.path("offset_floats").asInt(), 4 * length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            v.put(tensor.path("name").asText(), values);
        }
        JsonNode config = manifest.path("config");
        int dim = config.path("embed_dim").asInt();
        boolean swiglu = v.containsKey("blocks.0.mlp.w1.bias");
        for (int b = 0; b < config.path("depth").asInt(); b++) {
            String bias = "blocks." + b + ".attn.qkv.bias";
            float[] mask = v.get(bias + "_mask");
            if (mask != null) {
                // The mask keeps queries and values; keys have no bias, whatever is stored there.
                Arrays.fill(Objects.requireNonNull(v.get(bias)), dim, 2 * dim, 0);
            }
        }
        return new DinoWeights(
                dim,
                config.path("depth").asInt(),
                config.path("num_heads").asInt(),
                Objects.requireNonNull(v.get("blocks.0.mlp." + (swiglu ? "w1" : "fc1") + ".bias")).length,
                swiglu,
                config.path("patch_size").asInt(),
                config.path("registers").asInt(),
                v);
    }

    private static void norm(Map<String, float[]> v, Random random, String name, int dim) {
        float[] weight = normal(random, dim, 0.2);
        for (int i = 0; i < dim; i++) {
            weight[i] += 1;
        }
        v.put(name + ".weight", weight);
        v.put(name + ".bias", normal(random, dim, 0.2));
    }

    private static float[] normal(Random random, int length, double deviation) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }
}
