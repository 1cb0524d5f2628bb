package io.github.dinosplat.features.keypoints;

import io.github.dinosplat.features.onnx.OnnxModel;
import io.github.dinosplat.scene.FeatureMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * XFeat's export of the backbone alone: descriptors at every eighth pixel, logits of the 64 pixels of a cell and of none of
 * them, reliability of a cell. Maxima over 5 x 5 pixels, sub-pixel by a parabola, score times reliability (Potje et al. 2024,
 * section 3.2, but for the parabola).
 */
record XFeatReader(String input, String features, String logits, String reliability, int descriptorSize)
        implements KeypointReader {

    private static final int CELL = 8;
    private static final int RADIUS = 2;
    private static final float LEAST = 0.05f;

    static Optional<KeypointReader> of(OnnxModel model) {
        if (!KeypointNetwork.takesPicture(model, 1)) {
            return Optional.empty();
        }
        long[] in = model.inputs().get(0).shape();
        String features = "";
        String logits = "";
        String reliability = "";
        int size = 0;
        for (OnnxModel.Port port : model.outputs()) {
            long[] s = port.shape();
            if (s.length != 4 || in[2] % CELL != 0 || in[3] % CELL != 0) {
                continue;
            }
            boolean last = s[1] == in[2] / CELL && s[2] == in[3] / CELL;
            if (last && s[3] == CELL * CELL + 1) {
                logits = port.name();
            } else if (last && s[3] == CELL * CELL) {
                features = port.name();
                size = CELL * CELL;
            } else if (s[1] == 1 && s[2] == in[2] / CELL && s[3] == in[3] / CELL) {
                reliability = port.name();
            }
        }
        return features.isEmpty() || logits.isEmpty() || reliability.isEmpty()
                ? Optional.empty()
                : Optional.of(new XFeatReader(model.inputs().get(0).name(), features, logits, reliability, size));
    }

    @Override
    public String kind() {
        return "XFeat";
    }

    @Override
    public List<Found> read(OnnxModel model, Window window) {
        int width = window.width();
        int height = window.height();
        List<OnnxModel.Tensor> tensors = model.run(
                input, window.grey(), new long[] {1, 1, height, width}, List.of(features, logits, reliability));
        FeatureMap map = cells(window, descriptorSize, tensors.get(0).values());
        float[] heat = heat(tensors.get(1).values(), width, height);
        FeatureMap trust = cells(window, 1, tensors.get(2).values());
        float[] reliable = new float[1];
        List<Found> found = new ArrayList<>();
        for (int y = RADIUS; y < height - RADIUS; y++) {
            for (int x = RADIUS; x < width - RADIUS; x++) {
                float value = heat[y * width + x];
                if (value >= LEAST && isMaximum(heat, width, x, y)) {
                    double px = x + 0.5 + peak(heat[y * width + x - 1], value, heat[y * width + x + 1]);
                    double py = y + 0.5 + peak(heat[(y - 1) * width + x], value, heat[(y + 1) * width + x]);
                    float[] descriptor = new float[descriptorSize];
                    map.sample(px, py, descriptor);
                    trust.sample(px, py, reliable);
                    found.add(new Found(window.left() + px, window.top() + py, value * reliable[0], descriptor, 0));
                }
            }
        }
        return found;
    }

    /** Probability of a keypoint at each pixel: softmax over the 64 pixels of a cell and none. */
    private static float[] heat(float[] logits, int width, int height) {
        int cells = CELL * CELL + 1;
        float[] heat = new float[width * height];
        double[] p = new double[cells];
        for (int r = 0; r < height / CELL; r++) {
            for (int c = 0; c < width / CELL; c++) {
                int from = (r * (width / CELL) + c) * cells;
                double most = Double.NEGATIVE_INFINITY;
                for (int k = 0; k < cells; k++) {
                    most = Math.max(most, logits[from + k]);
                }
                for (int k = 0; k < cells; k++) {
                    p[k] = Math.exp(logits[from + k] - most);
                }
                double sum = Arrays.stream(p).sum();
                for (int k = 0; k < CELL * CELL; k++) {
                    heat[(r * CELL + k / CELL) * width + c * CELL + k % CELL] = (float) (p[k] / sum);
                }
            }
        }
        return heat;
    }

    /** A map with one vector for each cell of the window. */
    private static FeatureMap cells(Window window, int channels, float[] values) {
        return new FeatureMap(
                window.height() / CELL, window.width() / CELL, channels, window.width(), window.height(), values);
    }

    private static boolean isMaximum(float[] heat, int width, int x, int y) {
        int here = y * width + x;
        for (int dy = -RADIUS; dy <= RADIUS; dy++) {
            for (int dx = -RADIUS; dx <= RADIUS; dx++) {
                int there = here + dy * width + dx;
                // Of equal neighbours the first counts.
                if (heat[there] > heat[here] || (heat[there] == heat[here] && there < here)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Where the parabola through three values has its top, from the middle one. */
    private static double peak(float before, float at, float after) {
        double bend = before - 2.0 * at + after;
        return bend < 0 ? Math.max(-0.5, Math.min(0.5, 0.5 * (before - after) / bend)) : 0;
    }
}
