package io.github.dinosplat.features;

import io.github.dinosplat.features.onnx.OnnxModel;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Patch tokens of a network in an ONNX file. */
final class OnnxFeatures implements DenseFeatures {

    private final OnnxModel model;
    private final String name;
    private final TokenLayout layout;
    private final DenseFeatureOptions options;

    private OnnxFeatures(OnnxModel model, String name, TokenLayout layout, DenseFeatureOptions options) {
        this.model = model;
        this.name = name;
        this.layout = layout;
        this.options = options;
    }

    static OnnxFeatures open(Path file, DenseFeatureOptions options) throws IOException {
        OnnxModel model = OnnxModel.open(file);
        try {
            String fileName = file.toAbsolutePath().getFileName().toString();
            String name = fileName.endsWith(".onnx") ? fileName.substring(0, fileName.length() - 5) : fileName;
            return new OnnxFeatures(model, name, TokenLayout.of(model, file, options.output()), options);
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String sha256() {
        return model.sha256();
    }

    TokenLayout layout() {
        return layout;
    }

    @Override
    public FeatureMap extract(Image photo) {
        int height = layout.fixedHeight();
        int width = layout.fixedWidth();
        if (height == 0) {
            int most = Math.max(photo.width(), photo.height());
            double scale = Math.min(1, (double) options.longSide() / most);
            height = wholePatches(photo.height() * scale);
            width = wholePatches(photo.width() * scale);
        }
        Image seen = photo.resized(width, height);
        byte[] rgb = seen.rgb();
        int plane = width * height;
        float[] planes = new float[3 * plane];
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < 3; c++) {
                planes[c * plane + i] = options.normalisation().apply(c, rgb[3 * i + c] & 0xff);
            }
        }
        return patches(planes, height, width, photo.width(), photo.height());
    }

    /**
     * The patch tokens of a picture that is ready for the network.
     *
     * @param planes [3, height, width], normalised
     */
    FeatureMap patches(float[] planes, int height, int width, int photoWidth, int photoHeight) {
        OnnxModel.Tensor tokens = model.run(
                        layout.input(), planes, new long[] {1, 3, height, width}, List.of(layout.output()))
                .get(0);
        int rows = height / layout.patch();
        int columns = width / layout.patch();
        long[] shape = tokens.shape();
        if (shape.length != 3 || shape[1] != layout.prefix() + (long) rows * columns) {
            throw new IllegalStateException(name + ": expected " + layout.prefix() + " + " + rows + " * " + columns
                    + " tokens but the network gave " + tokens);
        }
        int channels = (int) shape[2];
        float[] values = Arrays.copyOfRange(tokens.values(), layout.prefix() * channels, tokens.values().length);
        return new FeatureMap(rows, columns, channels, photoWidth, photoHeight, values);
    }

    private int wholePatches(double pixels) {
        return Math.max(1, (int) Math.round(pixels / layout.patch())) * layout.patch();
    }

    @Override
    public void close() {
        model.close();
    }
}
