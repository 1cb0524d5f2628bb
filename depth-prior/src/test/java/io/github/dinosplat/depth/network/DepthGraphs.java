package io.github.dinosplat.depth.network;

import io.github.dinosplat.features.onnx.OnnxGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Tiny networks with the inputs and outputs of the depth networks that people have. Each reads the red channel, from 0 to 1,
 * as a multiple of the inverse depth, so that what it must give is known.
 */
public final class DepthGraphs {

    /** Red is this many times the inverse depth. */
    public static final double RED = 5;

    private DepthGraphs() {}

    /** Depth Anything V2: any size, inverse depth with a factor and an offset of its own. */
    public static Path depthAnything2(Path folder) throws IOException {
        OnnxGraph graph = red(
                        new OnnxGraph("depth").input("pixel_values", "batch", 3, "height", "width"), "pixel_values")
                .floats("factor", new float[] {40})
                .floats("offset", new float[] {3})
                .node("Mul", List.of("red", "factor"), List.of("scaled"), Map.of())
                .node("Add", List.of("scaled", "offset"), List.of("moved"), Map.of())
                .longs("axes", 1)
                .node("Squeeze", List.of("moved", "axes"), List.of("predicted_depth"), Map.of())
                .output("predicted_depth", "batch", "height", "width");
        return write(folder, "depth-anything-v2.onnx", graph);
    }

    /** Depth Anything 3: an axis for several photos, depth up to a factor, and its confidence. */
    public static Path depthAnything3(Path folder) throws IOException {
        OnnxGraph graph = new OnnxGraph("depth")
                .input("pixel_values", "batch", "photos", 3, "height", "width")
                .longs("axes", 1)
                .node("Squeeze", List.of("pixel_values", "axes"), List.of("picture"), Map.of());
        red(graph, "picture")
                .floats("factor", new float[] {7})
                .node("Div", List.of("factor", "red"), List.of("predicted_depth"), Map.of())
                .node("Identity", List.of("red"), List.of("predicted_depth_conf"), Map.of())
                .output("predicted_depth_conf", "batch", "photos", "height", "width")
                .output("predicted_depth", "batch", "photos", "height", "width");
        return write(folder, "depth-anything-v3.onnx", graph);
    }

    /** A network that gives the logarithm of the depth. */
    public static Path logarithm(Path folder) throws IOException {
        OnnxGraph graph = red(new OnnxGraph("depth").input("image", 1, 3, "height", "width"), "image")
                .node("Log", List.of("red"), List.of("nearness"), Map.of())
                .node("Neg", List.of("nearness"), List.of("log_depth"), Map.of())
                .output("log_depth", 1, 1, "height", "width");
        return write(folder, "log.onnx", graph);
    }

    /** Metric3D: one size, depth in metres of a standard camera, normals as planes, and their certainty. */
    public static Path metric3d(Path folder, int height, int width) throws IOException {
        float[] towards = new float[3 * height * width];
        for (int i = 0; i < height * width; i++) {
            towards[2 * height * width + i] = -2;
        }
        OnnxGraph graph = red(new OnnxGraph("depth").input("pixel_values", 1, 3, height, width), "pixel_values")
                .floats("factor", new float[] {2})
                .node("Div", List.of("factor", "red"), List.of("predicted_depth"), Map.of())
                .floats("towards", towards, 1, 3, height, width)
                .node("Identity", List.of("towards"), List.of("predicted_normal"), Map.of())
                .node("Identity", List.of("red"), List.of("normal_confidence"), Map.of())
                .output("predicted_depth", 1, 1, height, width)
                .output("predicted_normal", 1, 3, height, width)
                .output("normal_confidence", 1, 1, height, width);
        return write(folder, "metric3d.onnx", graph);
    }

    /**
     * MoGe-2: colours from 0 to 1, a number of tokens, points less a shift forward, normals, what is known, the scale. What
     * has no red is unknown.
     */
    public static Path moge2(Path folder, int height, int width, double focal, float shift) throws IOException {
        float[] rays = new float[3 * height * width];
        for (int i = 0; i < height * width; i++) {
            rays[3 * i] = (float) ((i % width + 0.5 - width / 2.0) / focal);
            rays[3 * i + 1] = (float) ((i / width + 0.5 - height / 2.0) / focal);
            rays[3 * i + 2] = 1;
        }
        OnnxGraph graph = new OnnxGraph("depth")
                .input("image", 1, 3, height, width)
                .wholeNumberInput("num_tokens")
                .floats("weight", new float[] {1, 0, 0}, 1, 3, 1, 1)
                .node("Conv", List.of("image", "weight"), List.of("red"), Map.of())
                .floats("least", new float[] {0.01f})
                .node("Max", List.of("red", "least"), List.of("nearness"), Map.of())
                .floats("factor", new float[] {1})
                .node("Div", List.of("factor", "nearness"), List.of("planes"), Map.of())
                .node("Transpose", List.of("planes"), List.of("depth"), Map.of("perm", new long[] {0, 2, 3, 1}))
                .floats("rays", rays, 1, height, width, 3)
                .node("Mul", List.of("depth", "rays"), List.of("whole"), Map.of())
                .floats("shift", new float[] {0, 0, shift}, 3)
                .node("Sub", List.of("whole", "shift"), List.of("points"), Map.of())
                .node("Identity", List.of("rays"), List.of("normal"), Map.of())
                .longs("axes", 1)
                .node("Squeeze", List.of("red", "axes"), List.of("flat"), Map.of())
                .floats("many", new float[] {100})
                .node("Mul", List.of("flat", "many"), List.of("mask"), Map.of())
                .node("Cast", List.of("num_tokens"), List.of("metric_scale"), Map.of("to", 1))
                .output("points", 1, height, width, 3)
                .output("normal", 1, height, width, 3)
                .output("mask", 1, height, width)
                .output("metric_scale");
        return write(folder, "moge-2.onnx", graph);
    }

    /** The red channel from 0 to 1 out of a picture in ImageNet's normalisation: [1, 1, height, width]. */
    private static OnnxGraph red(OnnxGraph graph, String picture) {
        return graph.floats("weight", new float[] {0.229f, 0, 0}, 1, 3, 1, 1)
                .floats("bias", new float[] {0.485f}, 1)
                .node("Conv", List.of(picture, "weight", "bias"), List.of("red"), Map.of());
    }

    private static Path write(Path folder, String name, OnnxGraph graph) throws IOException {
        return Files.write(folder.resolve(name), graph.toByteArray());
    }
}
