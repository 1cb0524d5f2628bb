package io.github.dinosplat.features;

import io.github.dinosplat.features.onnx.OnnxModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a network's patch tokens are.
 *
 * @param input name of the picture input
 * @param masks names of further inputs that say which patches are masked: none ever is here
 * @param output name of the output with the tokens
 * @param grid whether the output is [1, channels, rows, columns] rather than [1, tokens, channels]
 * @param patch side of a patch in pixels
 * @param prefix tokens before the patches (class and register tokens)
 * @param fixedHeight the only height that the network takes, or 0 if any
 * @param fixedWidth the only width that the network takes, or 0 if any
 */
record TokenLayout(
        String input,
        List<String> masks,
        String output,
        boolean grid,
        int patch,
        int prefix,
        int fixedHeight,
        int fixedWidth) {

    /** A multiple of the patch sizes 7, 8, 14, 16, 28 and 32. */
    private static final int TRIAL = 224;

    private static final int[] PATCHES = {16, 14, 8, 32, 28, 7};
    /** Class token and four registers (DINOv3, DINOv2 with registers), class token only (DINOv2, ConvNeXt), neither. */
    private static final int[] PREFIXES = {5, 1, 0};
    /** Grids finer than this are pictures (depth, segmentation), not features of patches. */
    private static final int LEAST_STRIDE = 4;

    TokenLayout {
        masks = List.copyOf(masks);
    }

    /** Shapes of the mask inputs for a picture. */
    Map<String, long[]> maskShapes(int height, int width) {
        return maskShapes(masks, patch, height, width);
    }

    private static Map<String, long[]> maskShapes(List<String> masks, int patch, int height, int width) {
        Map<String, long[]> shapes = new HashMap<>();
        masks.forEach(m -> shapes.put(m, new long[] {1, (long) (height / patch) * (width / patch)}));
        return shapes;
    }

    static TokenLayout of(OnnxModel model, Path file, Optional<String> wanted) throws IOException {
        List<String> masks = new ArrayList<>();
        OnnxModel.Port input = pictureInput(model, file, masks);
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
        if (height > 16384 || width > 16384) {
            throw new IOException(file + " takes pictures of " + width + "x" + height + ", which is too large");
        }
        try {
            Trial trial = new Trial(model, input.name(), masks, outputs);
            return height > 0 && width > 0 ? fixedSize(trial, file, height, width) : anySize(trial, file);
        } catch (IllegalStateException e) {
            throw new IOException(file + " does not run on a picture: " + e.getMessage(), e);
        }
    }

    private static OnnxModel.Port pictureInput(OnnxModel model, Path file, List<String> masks) throws IOException {
        List<OnnxModel.Port> pictures = new ArrayList<>();
        for (OnnxModel.Port port : model.inputs()) {
            long[] shape = port.shape();
            if (port.isBoolean() && shape.length == 2) {
                masks.add(port.name());
            } else {
                pictures.add(port);
            }
        }
        if (pictures.size() == 1 && pictures.get(0).isFloat()) {
            long[] shape = pictures.get(0).shape();
            boolean one = shape.length == 4 && (shape[0] < 0 || shape[0] == 1) && (shape[1] < 0 || shape[1] == 3);
            if (one && (shape[2] > 0) == (shape[3] > 0)) {
                return pictures.get(0);
            }
        }
        throw new IOException(file + " is not a network for dense features: it needs one float input [batch, 3, height,"
                + " width], but its inputs are " + model.inputs());
    }

    /** Runs a network on black pictures. */
    private record Trial(OnnxModel model, String input, List<String> masks, List<String> outputs) {

        List<OnnxModel.Tensor> run(int height, int width) {
            IllegalStateException failure = null;
            // The length of a mask depends on the patch size, which is not known yet.
            for (int patch : masks.isEmpty() ? new int[] {1} : PATCHES) {
                try {
                    FloatBuffer black = ByteBuffer.allocateDirect(12 * height * width)
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer();
                    return model.run(
                            input,
                            black,
                            new long[] {1, 3, height, width},
                            maskShapes(masks, patch, height, width),
                            outputs);
                } catch (IllegalStateException e) {
                    failure = failure == null ? e : failure;
                }
            }
            throw failure == null ? new IllegalStateException("no patch size to try") : failure;
        }

        TokenLayout layout(String output, boolean grid, int patch, int prefix, int height, int width) {
            return new TokenLayout(input, masks, output, grid, patch, prefix, height, width);
        }
    }

    /** Two sizes give two equations: tokens = prefix + patches, and twice the picture has twice the patches. */
    private static TokenLayout anySize(Trial trial, Path file) throws IOException {
        List<OnnxModel.Tensor> once = trial.run(TRIAL, TRIAL);
        List<OnnxModel.Tensor> twice = trial.run(TRIAL, 2 * TRIAL);
        Optional<TokenLayout> found = Optional.empty();
        for (int i = 0; i < once.size(); i++) {
            long[] a = once.get(i).shape();
            long[] b = twice.get(i).shape();
            String name = once.get(i).name();
            Optional<TokenLayout> layout = a.length == 3 && b.length == 3
                    ? tokens(trial, name, a, b)
                    : a.length == 4 && b.length == 4 ? grid(trial, name, a, b) : Optional.empty();
            if (layout.isPresent() && isBetter(layout.get(), found)) {
                found = layout;
            }
        }
        return found.orElseThrow(() -> new IOException(file
                + " has no patch tokens: no output is [1, tokens, channels] or [1, channels, rows, columns] that grows"
                + " with the picture; for a picture of " + TRIAL + "x" + TRIAL + " it gave " + once));
    }

    /** The usual name wins, then tokens before grids, then the deepest grid, which comes last. */
    private static boolean isBetter(TokenLayout layout, Optional<TokenLayout> than) {
        if (than.isEmpty() || layout.output.equals("last_hidden_state")) {
            return true;
        }
        return !than.get().output.equals("last_hidden_state") && than.get().grid;
    }

    private static Optional<TokenLayout> tokens(Trial trial, String name, long[] a, long[] b) {
        int patches = (int) (b[1] - a[1]);
        int prefix = (int) (a[1] - patches);
        int side = (int) Math.round(Math.sqrt(patches));
        return a[0] == 1 && a[2] == b[2] && patches > 0 && prefix >= 0 && side * side == patches && TRIAL % side == 0
                ? Optional.of(trial.layout(name, false, TRIAL / side, prefix, 0, 0))
                : Optional.empty();
    }

    private static Optional<TokenLayout> grid(Trial trial, String name, long[] a, long[] b) {
        long side = a[2];
        return a[0] == 1
                        && a[1] == b[1]
                        && side == a[3]
                        && b[2] == side
                        && b[3] == 2 * side
                        && side > 0
                        && TRIAL % side == 0
                        && TRIAL / side >= LEAST_STRIDE
                ? Optional.of(trial.layout(name, true, (int) (TRIAL / side), 0, 0, 0))
                : Optional.empty();
    }

    private static TokenLayout fixedSize(Trial trial, Path file, int height, int width) throws IOException {
        List<OnnxModel.Tensor> tensors = trial.run(height, width);
        Optional<TokenLayout> found = Optional.empty();
        for (OnnxModel.Tensor t : tensors) {
            Optional<TokenLayout> layout = fixedLayout(trial, t, height, width);
            if (layout.isPresent() && isBetter(layout.get(), found)) {
                found = layout;
            }
        }
        return found.orElseThrow(() -> new IOException(file
                + " has no patch tokens: no output is [1, tokens, channels] or [1, channels, rows, columns] with"
                + " one vector for each patch of its " + width + "x" + height + " picture; it gave " + tensors));
    }

    private static Optional<TokenLayout> fixedLayout(Trial trial, OnnxModel.Tensor tensor, int height, int width) {
        long[] s = tensor.shape();
        for (int prefix : PREFIXES) {
            for (int patch : PATCHES) {
                boolean whole = s[0] == 1 && height % patch == 0 && width % patch == 0;
                if (whole && s.length == 3 && s[1] == prefix + (long) (height / patch) * (width / patch)) {
                    return Optional.of(trial.layout(tensor.name(), false, patch, prefix, height, width));
                }
                if (whole && s.length == 4 && s[2] == height / patch && s[3] == width / patch) {
                    return Optional.of(trial.layout(tensor.name(), true, patch, 0, height, width));
                }
            }
        }
        return Optional.empty();
    }
}
