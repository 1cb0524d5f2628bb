package io.github.dinosplat.depth.network;

import io.github.dinosplat.features.onnx.OnnxModel;
import java.nio.file.Path;

/** The part of a network's output map that belongs to the photo, without the margin around it: [rows, columns, channels]. */
record Crop(
        int rows,
        int columns,
        int channels,
        @SuppressWarnings("ArrayRecordComponent") float[] values) {

    /**
     * Takes a photo's part.
     *
     * @param tensor [.., height, width], [.., channels, height, width] or [.., height, width, channels] with leading ones
     * @throws IllegalStateException if it has another shape
     */
    static Crop of(OnnxModel.Tensor tensor, int channels, DepthNetwork.Fit fit, Path file) {
        long[] shape = tensor.shape();
        int n = shape.length;
        boolean last = channels > 1 && n >= 3 && shape[n - 1] == channels;
        boolean first = channels > 1 && !last;
        int height = n < 2 ? 0 : (int) shape[n - (last ? 3 : 2)];
        int width = n < 2 ? 0 : (int) shape[n - (last ? 2 : 1)];
        // More channels before the map than wanted (Metric3D's normals come with their certainty) are left out.
        long planes = height == 0 || width == 0 ? 0 : tensor.values().length / ((long) height * width);
        if (planes < channels || (!first && planes != channels)) {
            throw new IllegalStateException(
                    file + ": expected a map of " + channels + " channels but the network gave " + tensor);
        }
        int top = (int) Math.round((double) fit.top * height / fit.height);
        int left = (int) Math.round((double) fit.left * width / fit.width);
        int rows =
                Math.max(1, Math.min(height - top, (int) Math.round((double) fit.innerHeight * height / fit.height)));
        int columns =
                Math.max(1, Math.min(width - left, (int) Math.round((double) fit.innerWidth * width / fit.width)));
        float[] values = new float[rows * columns * channels];
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                int at = (top + y) * width + left + x;
                for (int c = 0; c < channels; c++) {
                    values[(y * columns + x) * channels + c] =
                            tensor.values()[first ? c * height * width + at : at * channels + c];
                }
            }
        }
        return new Crop(rows, columns, channels, values);
    }

    /** The values of another map, which must have the same grid. */
    float[] like(Crop other, Path file) {
        if (other.rows != rows || other.columns != columns) {
            throw new IllegalStateException(file + ": its maps differ in size: " + rows + "x" + columns + " and "
                    + other.rows + "x" + other.columns);
        }
        return other.values;
    }
}
