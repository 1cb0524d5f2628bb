package io.github.dinosplat.depth.network;

import io.github.dinosplat.features.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Names and sizes of a depth network's inputs and outputs.
 *
 * @param input the picture
 * @param several whether the picture has an axis for several photos of a scene
 * @param height fixed height, or 0
 * @param width fixed width, or 0
 * @param tokens the number of tokens that is asked for, if any
 * @param depth the map
 * @param points whether the map is of points
 * @param normals the map of normals, if any
 * @param mask the map of what is known, if any
 */
record DepthSignature(
        String input,
        boolean several,
        int height,
        int width,
        Optional<String> tokens,
        String depth,
        boolean points,
        Optional<String> normals,
        Optional<String> mask) {

    static DepthSignature of(OnnxModel model, Path file) throws IOException {
        List<OnnxModel.Port> inputs = model.inputs();
        Optional<OnnxModel.Port> picture =
                inputs.stream().filter(p -> p.isFloat() && isPicture(p.shape())).findFirst();
        Optional<String> tokens = inputs.stream()
                .filter(p -> p.isWholeNumber() && p.shape().length <= 1)
                .map(OnnxModel.Port::name)
                .findFirst();
        List<OnnxModel.Port> maps = model.outputs().stream()
                .filter(p -> p.isFloat() && p.shape().length >= 3)
                .toList();
        Optional<String> normals = named(maps, "normal");
        Optional<String> points = named(maps, "point");
        Optional<String> mask = named(maps, "mask");
        Optional<String> depth = points.or(() -> named(maps, "depth"))
                .or(() -> maps.size() == 1 ? Optional.of(maps.get(0).name()) : Optional.empty());
        if (picture.isEmpty() || depth.isEmpty() || inputs.size() != (tokens.isPresent() ? 2 : 1)) {
            throw new IOException(file
                    + " is no depth network that is known: expected one picture [1, 3, height, width]"
                    + " and a map of depth or points, but it has inputs " + inputs + " and outputs " + model.outputs());
        }
        long[] shape = picture.get().shape();
        int n = shape.length;
        return new DepthSignature(
                picture.get().name(),
                n == 5,
                (int) Math.max(0, shape[n - 2]),
                (int) Math.max(0, shape[n - 1]),
                tokens,
                depth.get(),
                points.isPresent(),
                normals,
                mask);
    }

    /** MoGe takes colours from 0 to 1; the others leave the normalisation to the caller. */
    boolean normalisesItself() {
        return points;
    }

    private static boolean isPicture(long[] shape) {
        int n = shape.length;
        return (n == 4 || n == 5) && (shape[n - 3] == 3 || shape[n - 3] < 0);
    }

    /** The first whose name has the word in it, but no word of certainty. */
    private static Optional<String> named(List<OnnxModel.Port> maps, String word) {
        return maps.stream()
                .map(OnnxModel.Port::name)
                .filter(name -> {
                    String lower = name.toLowerCase(Locale.ROOT);
                    return lower.contains(word) && !lower.contains("conf");
                })
                .findFirst();
    }
}
