package io.github.dinosplat.features;

import io.github.dinosplat.features.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a network's patch tokens are.
 *
 * @param input name of the picture input
 * @param output name of the output with the tokens
 * @param patch side of a patch in pixels
 * @param prefix tokens before the patches (class and register tokens)
 * @param fixedHeight the only height that the network takes, or 0 if any
 * @param fixedWidth the only width that the network takes, or 0 if any
 */
record TokenLayout(String input, String output, int patch, int prefix, int fixedHeight, int fixedWidth) {

    /** A multiple of the patch sizes 7, 8, 14, 16, 28 and 32. */
    private static final int TRIAL = 224;

    static TokenLayout of(OnnxModel model, Path file, Optional<String> wanted) throws IOException {
        OnnxModel.Port input = pictureInput(model, file);
        List<String> outputs = new ArrayList<>();
        for (OnnxModel.Port p : model.outputs()) {
            if (p.isFloat() && (wanted.isEmpty() || wanted.get().equals(p.name()))) {
                outputs.add(p.name());
            }
        }
        if (outputs.isEmpty()) {
            throw new IOException(file + " has no float output"
                    + wanted.map(w -> " named " + w).orElse("") + "; its outputs are " + model.outputs());
        }
        int height = (int) Math.max(0, input.shape()[2]);
        int width = (int) Math.max(0, input.shape()[3]);
        try {
            return height > 0 && width > 0
                    ? fixedSize(model, file, input.name(), outputs, height, width)
                    : anySize(model, file, input.name(), outputs);
        } catch (IllegalStateException e) {
            throw new IOException(file + " does not run on a picture: " + e.getMessage(), e);
        }
    }

    private static OnnxModel.Port pictureInput(OnnxModel model, Path file) throws IOException {
        List<OnnxModel.Port> inputs = model.inputs();
        if (inputs.size() == 1 && inputs.get(0).isFloat()) {
            long[] shape = inputs.get(0).shape();
            if (shape.length == 4 && shape[1] == 3 && (shape[2] > 0) == (shape[3] > 0)) {
                return inputs.get(0);
            }
            if (shape.length == 4 && shape[1] < 0) {
                return inputs.get(0);
            }
        }
        throw new IOException(file + " is not a network for dense features: it needs one float input [batch, 3, height,"
                + " width], but its inputs are " + inputs);
    }

    /** Two sizes give two equations: tokens = prefix + patches, and twice the picture has twice the patches. */
    private static TokenLayout anySize(OnnxModel model, Path file, String input, List<String> outputs)
            throws IOException {
        List<OnnxModel.Tensor> once = model.run(input, new float[3 * TRIAL * TRIAL], shape(TRIAL, TRIAL), outputs);
        List<OnnxModel.Tensor> twice = model.run(input, new float[6 * TRIAL * TRIAL], shape(TRIAL, 2 * TRIAL), outputs);
        TokenLayout found = null;
        for (int i = 0; i < once.size(); i++) {
            long[] a = once.get(i).shape();
            long[] b = twice.get(i).shape();
            if (a.length != 3 || b.length != 3 || a[0] != 1 || a[2] != b[2]) {
                continue;
            }
            int patches = (int) (b[1] - a[1]);
            int prefix = (int) (a[1] - patches);
            int side = (int) Math.round(Math.sqrt(patches));
            if (patches > 0 && prefix >= 0 && side * side == patches && TRIAL % side == 0) {
                String name = once.get(i).name();
                if (found == null || name.equals("last_hidden_state")) {
                    found = new TokenLayout(input, name, TRIAL / side, prefix, 0, 0);
                }
            }
        }
        if (found == null) {
            throw new IOException(
                    file + " has no patch tokens: no output is [1, tokens, channels] with tokens that grow"
                            + " with the picture; for a picture of " + TRIAL + "x" + TRIAL + " it gave " + once);
        }
        return found;
    }

    private static TokenLayout fixedSize(
            OnnxModel model, Path file, String input, List<String> outputs, int height, int width) throws IOException {
        List<OnnxModel.Tensor> tensors = model.run(input, new float[3 * height * width], shape(height, width), outputs);
        for (OnnxModel.Tensor t : tensors) {
            long[] s = t.shape();
            // Class token and four registers (DINOv3), class token only (DINOv2, ConvNeXt), neither.
            for (int prefix : new int[] {5, 1, 0}) {
                for (int patch : new int[] {16, 14, 8, 32, 28, 7}) {
                    if (s.length == 3
                            && s[0] == 1
                            && height % patch == 0
                            && width % patch == 0
                            && s[1] == prefix + (long) (height / patch) * (width / patch)) {
                        return new TokenLayout(input, t.name(), patch, prefix, height, width);
                    }
                }
            }
        }
        throw new IOException(
                file + " has no patch tokens: no output is [1, tokens, channels] with a token for each patch"
                        + " of its " + width + "x" + height + " picture; it gave " + tensors);
    }

    private static long[] shape(int height, int width) {
        return new long[] {1, 3, height, width};
    }
}
