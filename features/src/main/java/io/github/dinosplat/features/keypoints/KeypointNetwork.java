package io.github.dinosplat.features.keypoints;

import io.github.dinosplat.features.onnx.ExecutionProvider;
import io.github.dinosplat.features.onnx.OnnxModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.io.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A network that finds and describes keypoints, in an ONNX file. Two kinds of files are known, by their inputs and outputs:
 *
 * <ul>
 *   <li>ALIKED (Zhao et al. 2023): {@code [1, 3, h, w]} RGB from 0 to 1 to {@code keypoints [n, 2]} from -1 to 1,
 *       {@code descriptors [n, d]} and {@code scores [n]};
 *   <li>XFeat (Potje et al. 2024): {@code [1, 1, h, w]} grey to a map of descriptors, of keypoint logits for 8 x 8 pixels and
 *       of reliability; the maxima are found here.
 * </ul>
 *
 * <p>Such files take pictures of one size. A photo is reduced to the wanted size and covered with overlapping windows of the
 * network's size; of each keypoint the window counts in which it lies farthest inside. Safe for use by several threads, and
 * deterministic.
 */
public final class KeypointNetwork implements AutoCloseable {

    private final OnnxModel model;
    private final String sha256;
    private final KeypointReader reader;
    private final int width;
    private final int height;

    private KeypointNetwork(OnnxModel model, String sha256, KeypointReader reader, int width, int height) {
        this.model = model;
        this.sha256 = sha256;
        this.reader = reader;
        this.width = width;
        this.height = height;
    }

    /**
     * Opens a network.
     *
     * @param onnx the file
     * @param providers what may compute it, the preferred first
     * @return the network, to be closed
     * @throws IOException if the file cannot be read or is of neither kind: the message says what it has
     */
    public static KeypointNetwork open(Path onnx, List<ExecutionProvider> providers) throws IOException {
        OnnxModel model = OnnxModel.open(onnx, providers);
        Optional<KeypointReader> reader = AlikedReader.of(model);
        if (reader.isEmpty()) {
            reader = XFeatReader.of(model);
        }
        if (reader.isEmpty()) {
            String found = "its inputs are " + model.inputs() + " and its outputs " + model.outputs();
            model.close();
            throw new IOException(onnx
                    + " is not a keypoint network that is known (ALIKED with keypoints, descriptors and"
                    + " scores; XFeat with feats, keypoints and heatmap), both for pictures of one size: " + found);
        }
        long[] shape = model.inputs().get(0).shape();
        return new KeypointNetwork(model, Sha256.of(onnx), reader.get(), (int) shape[3], (int) shape[2]);
    }

    /** Whether a network takes one picture of so many channels and one size that is reasonable. */
    static boolean takesPicture(OnnxModel model, int channels) {
        if (model.inputs().size() != 1 || !model.inputs().get(0).isFloat()) {
            return false;
        }
        long[] s = model.inputs().get(0).shape();
        return s.length == 4
                && s[0] <= 1
                && s[1] == channels
                && Math.min(s[2], s[3]) >= 32
                && Math.max(s[2], s[3]) <= 8192;
    }

    /**
     * SHA-256 of the file.
     *
     * @return lower-case hexadecimal
     */
    public String sha256() {
        return sha256;
    }

    /**
     * Which of the known kinds the network is.
     *
     * @return {@code ALIKED} or {@code XFeat}
     */
    public String kind() {
        return reader.kind();
    }

    /**
     * Length of the descriptors.
     *
     * @return count
     */
    public int descriptorSize() {
        return reader.descriptorSize();
    }

    /**
     * Finds keypoints.
     *
     * @param photo the photo
     * @param maxLongSide the photo is reduced to this many pixels along its long side first
     * @param maxKeypoints most keypoints
     * @return keypoints in pixels of this photo, strongest first
     * @throws IllegalArgumentException if a limit is not positive
     * @throws IllegalStateException if the network fails, or this is closed
     */
    public NetworkKeypoints detect(Image photo, int maxLongSide, int maxKeypoints) {
        if (maxLongSide < 1 || maxKeypoints < 1) {
            throw new IllegalArgumentException(
                    "maxLongSide and maxKeypoints must be positive but were " + maxLongSide + ", " + maxKeypoints);
        }
        Image reduced = photo.fitted(maxLongSide);
        int[] lefts = starts(reduced.width(), width);
        int[] tops = starts(reduced.height(), height);
        List<Found> all = new ArrayList<>();
        for (int r = 0; r < tops.length; r++) {
            for (int c = 0; c < lefts.length; c++) {
                Window window = new Window(reduced, lefts[c], tops[r], width, height);
                for (Found f : reader.read(model, window)) {
                    boolean inside = f.x() >= border(lefts, c, width)
                            && f.x() < border(lefts, c + 1, width)
                            && f.y() >= border(tops, r, height)
                            && f.y() < border(tops, r + 1, height)
                            && f.x() < reduced.width()
                            && f.y() < reduced.height();
                    if (inside) {
                        all.add(f);
                    }
                }
            }
        }
        // A total order: equal scores are not left to chance.
        all.sort(Comparator.comparingDouble((Found f) -> -f.score())
                .thenComparingDouble(Found::y)
                .thenComparingDouble(Found::x));
        return keypoints(
                all.subList(0, Math.min(all.size(), maxKeypoints)),
                (double) photo.width() / reduced.width(),
                (double) photo.height() / reduced.height());
    }

    /** Windows of one size, an eighth of it at least in common. */
    private static int[] starts(int size, int window) {
        if (size <= window) {
            return new int[] {0};
        }
        int step = window - window / 8;
        int count = 1 + (size - window + step - 1) / step;
        int[] starts = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = (int) Math.round((double) i * (size - window) / (count - 1));
        }
        return starts;
    }

    /** Where a window's part begins: in the middle of what it has in common with the one before. */
    private static double border(int[] starts, int i, int window) {
        if (i == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        return i == starts.length ? Double.POSITIVE_INFINITY : (starts[i] + starts[i - 1] + window) / 2.0;
    }

    private NetworkKeypoints keypoints(List<Found> found, double scaleX, double scaleY) {
        int n = found.size();
        int d = descriptorSize();
        float[] x = new float[n];
        float[] y = new float[n];
        float[] score = new float[n];
        float[] descriptors = new float[n * d];
        for (int i = 0; i < n; i++) {
            Found f = found.get(i);
            x[i] = (float) (f.x() * scaleX);
            y[i] = (float) (f.y() * scaleY);
            score[i] = f.score();
            double square = 0;
            for (int k = 0; k < d; k++) {
                square += (double) f.values()[f.at() + k] * f.values()[f.at() + k];
            }
            float inverse = (float) (1 / Math.sqrt(Math.max(square, 1e-20)));
            for (int k = 0; k < d; k++) {
                descriptors[i * d + k] = f.values()[f.at() + k] * inverse;
            }
        }
        return new NetworkKeypoints(x, y, score, d, descriptors, Math.sqrt(scaleX * scaleY));
    }

    @Override
    public void close() {
        model.close();
    }
}
