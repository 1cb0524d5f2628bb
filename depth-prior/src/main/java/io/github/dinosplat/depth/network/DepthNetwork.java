package io.github.dinosplat.depth.network;

import io.github.dinosplat.features.PixelNormalisation;
import io.github.dinosplat.features.onnx.OnnxModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.io.Sha256;
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
 * A network in an ONNX file that tells the depth of a single photo. Its inputs and outputs are found in its graph: a picture
 * [1, 3, height, width] or [1, 1, 3, height, width], of any size or a fixed one, and a map of depth or of points; a mask,
 * normals and a number of tokens where it has them. Safe for several threads.
 */
public final class DepthNetwork implements AutoCloseable {

    /** Sides of pictures are multiples of this: twice the 14 of DINOv2, on which all known depth networks stand. */
    private static final int SIDE_UNIT = 28;
    /** Long side of pictures for networks of any size; they were trained at short sides of 518 or so. */
    private static final int LONG_SIDE = 756;
    /** MoGe's default for the least detail is 1,200 and for the most 3,600. */
    private static final long TOKENS = 1800;

    private final OnnxModel model;
    private final Path file;
    private final DepthSignature signature;
    private final PixelNormalisation normalisation;
    private final Optional<DepthOutput> kind;
    private final String sha256;

    private DepthNetwork(
            OnnxModel model,
            Path file,
            DepthSignature signature,
            PixelNormalisation normalisation,
            Optional<DepthOutput> kind,
            String sha256) {
        this.model = model;
        this.file = file;
        this.signature = signature;
        this.normalisation = normalisation;
        this.kind = kind;
        this.sha256 = sha256;
    }

    /**
     * Opens a network; what its numbers mean is found with the points of the scene.
     *
     * @param onnx model file; weights in a file beside it are found
     * @return network, to be closed
     * @throws IOException if the file cannot be read or is no such network; the message says what was found
     */
    public static DepthNetwork open(Path onnx) throws IOException {
        return open(onnx, Optional.empty());
    }

    /**
     * Opens a network.
     *
     * @param onnx model file; weights in a file beside it are found
     * @param kind what its numbers mean; empty to find it with the points of the scene
     * @return network, to be closed
     * @throws IOException if the file cannot be read or is no such network; the message says what was found
     */
    public static DepthNetwork open(Path onnx, Optional<DepthOutput> kind) throws IOException {
        OnnxModel model = OnnxModel.open(onnx);
        try {
            DepthSignature signature = DepthSignature.of(model, onnx);
            PixelNormalisation normalisation = signature.normalisesItself()
                    ? new PixelNormalisation(0, 0, 0, 1, 1, 1)
                    : PixelNormalisation.of(onnx);
            return new DepthNetwork(model, onnx, signature, normalisation, kind, Sha256.of(onnx));
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /**
     * The network's name.
     *
     * @return the file's name
     */
    public String name() {
        return String.valueOf(file.getFileName());
    }

    /**
     * The hash of the model file, without weights beside it.
     *
     * @return lower-case hexadecimal
     */
    public String sha256() {
        return sha256;
    }

    /**
     * What its numbers can mean.
     *
     * @return one kind where it was given or shows in the graph, else all that a map of depth can be
     */
    public List<DepthOutput> kinds() {
        if (signature.points()) {
            return List.of(DepthOutput.POINTS);
        }
        return kind.map(List::of).orElse(List.of(DepthOutput.INVERSE, DepthOutput.DEPTH, DepthOutput.LOG));
    }

    /**
     * Tells the depth of a photo. The photo keeps its aspect; a network of one size sees it with a margin.
     *
     * @param photo the photo
     * @return what the network says
     * @throws IllegalStateException if the network fails, or gives something else than it announced
     */
    public DepthGuess guess(Image photo) {
        Fit fit = Fit.of(photo, signature.height(), signature.width());
        Map<String, Long> numbers = new HashMap<>();
        signature.tokens().ifPresent(name -> numbers.put(name, TOKENS));
        List<String> wanted = new ArrayList<>(List.of(signature.depth()));
        signature.normals().ifPresent(wanted::add);
        signature.mask().ifPresent(wanted::add);
        long[] shape = signature.several()
                ? new long[] {1, 1, 3, fit.height, fit.width}
                : new long[] {1, 3, fit.height, fit.width};
        List<OnnxModel.Tensor> found =
                model.run(signature.input(), fit.planes(photo, normalisation), shape, Map.of(), numbers, wanted);
        Map<String, OnnxModel.Tensor> byName = new HashMap<>();
        found.forEach(t -> byName.put(t.name(), t));
        int channels = signature.points() ? 3 : 1;
        Crop crop = Crop.of(tensor(byName, signature.depth()), channels, fit, file);
        float[] normals = signature
                .normals()
                .map(n -> crop.like(Crop.of(tensor(byName, n), 3, fit, file), file))
                .orElse(new float[0]);
        boolean[] unknown = signature
                .mask()
                .map(m -> below(crop.like(Crop.of(tensor(byName, m), 1, fit, file), file)))
                .orElse(new boolean[0]);
        return new DepthGuess(
                crop.rows(),
                crop.columns(),
                photo.width(),
                photo.height(),
                signature.points(),
                crop.values(),
                normals,
                unknown);
    }

    private OnnxModel.Tensor tensor(Map<String, OnnxModel.Tensor> byName, String name) {
        OnnxModel.Tensor tensor = byName.get(name);
        if (tensor == null) {
            throw new IllegalStateException(file + " did not give its output " + name + " as floats");
        }
        return tensor;
    }

    private static boolean[] below(float[] mask) {
        boolean[] unknown = new boolean[mask.length];
        for (int i = 0; i < mask.length; i++) {
            unknown[i] = !(mask[i] >= 0.5f);
        }
        return unknown;
    }

    /** Frees the network. No call may be under way. */
    @Override
    public void close() {
        model.close();
    }

    /** Where a photo lies in the network's picture. */
    static final class Fit {
        final int height;
        final int width;
        final int top;
        final int left;
        final int innerHeight;
        final int innerWidth;

        private Fit(int height, int width, int top, int left, int innerHeight, int innerWidth) {
            this.height = height;
            this.width = width;
            this.top = top;
            this.left = left;
            this.innerHeight = innerHeight;
            this.innerWidth = innerWidth;
        }

        /** Fixed sides are positive; otherwise the picture is the photo, each side a whole number of units. */
        static Fit of(Image photo, int fixedHeight, int fixedWidth) {
            if (fixedHeight > 0 && fixedWidth > 0) {
                double scale = Math.min((double) fixedHeight / photo.height(), (double) fixedWidth / photo.width());
                int innerHeight = Math.max(1, (int) Math.round(photo.height() * scale));
                int innerWidth = Math.max(1, (int) Math.round(photo.width() * scale));
                int top = (fixedHeight - innerHeight) / 2;
                int left = (fixedWidth - innerWidth) / 2;
                return new Fit(fixedHeight, fixedWidth, top, left, innerHeight, innerWidth);
            }
            double scale = (double) LONG_SIDE / Math.max(photo.width(), photo.height());
            int height = whole(photo.height() * scale);
            int width = whole(photo.width() * scale);
            return new Fit(height, width, 0, 0, height, width);
        }

        private static int whole(double pixels) {
            return Math.max(1, (int) Math.round(pixels / SIDE_UNIT)) * SIDE_UNIT;
        }

        /** [3, height, width], normalised; the margin has the mean colour, which is 0. */
        FloatBuffer planes(Image photo, PixelNormalisation normalisation) {
            FloatBuffer planes = ByteBuffer.allocateDirect(Math.multiplyExact(12, Math.multiplyExact(height, width)))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            byte[] rgb = photo.resized(innerWidth, innerHeight).rgb();
            for (int c = 0; c < 3; c++) {
                for (int y = 0; y < innerHeight; y++) {
                    for (int x = 0; x < innerWidth; x++) {
                        float v = (rgb[3 * (y * innerWidth + x) + c] & 0xff) / 255f;
                        planes.put(
                                (c * height + top + y) * width + left + x,
                                (v - normalisation.mean(c)) / normalisation.deviation(c));
                    }
                }
            }
            return planes;
        }
    }
}
