package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.PhotoParameters;

/**
 * The affine colour map of one photo (see {@link PhotoParameters}) between the rendered picture and the loss: applies it,
 * and takes the loss gradient back to the picture and to the map's twelve numbers.
 */
final class ColourMap {

    private static final int VALUES = PhotoParameters.COLOUR_VALUES;

    /** The mapped picture. */
    final float[][] planes = {new float[0], new float[0], new float[0]};

    /** The gradient of the loss by the map, with the pull towards the identity. */
    final double[] gradient = new double[VALUES];

    private final float[] map = new float[VALUES];
    private double[] rows = new double[0];

    /** Maps the frame's picture into {@link #planes}. */
    void apply(Frame frame, PhotoParameters photos, int photo, Workers workers) {
        System.arraycopy(photos.values(), photo * PhotoParameters.STRIDE + PhotoParameters.COLOUR, map, 0, VALUES);
        int width = frame.width;
        for (int c = 0; c < 3; c++) {
            if (planes[c].length < width * frame.height) {
                planes[c] = new float[width * frame.height];
            }
        }
        workers.forEach(frame.height, (y, worker) -> {
            for (int c = 0; c < 3; c++) {
                float byRed = map[4 * c];
                float byGreen = map[4 * c + 1];
                float byBlue = map[4 * c + 2];
                float base = map[4 * c + 3];
                float[] plane = planes[c];
                for (int i = y * width; i < (y + 1) * width; i++) {
                    plane[i] = byRed * frame.red[i] + byGreen * frame.green[i] + byBlue * frame.blue[i] + base;
                }
            }
        });
    }

    /** Turns the frame's gradients by the mapped picture into those by the picture, and sums up {@link #gradient}. */
    void back(Frame frame, Workers workers) {
        int width = frame.width;
        if (rows.length < VALUES * frame.height) {
            rows = new double[VALUES * frame.height];
        }
        workers.forEach(frame.height, (y, worker) -> backRow(frame, y * width, (y + 1) * width, VALUES * y));
        for (int k = 0; k < VALUES; k++) {
            double sum = PhotoParameters.COLOUR_PENALTY * (map[k] - PhotoParameters.identity(k));
            for (int y = 0; y < frame.height; y++) {
                sum += rows[VALUES * y + k];
            }
            gradient[k] = sum;
        }
    }

    private void backRow(Frame frame, int start, int end, int to) {
        for (int k = to; k < to + VALUES; k++) {
            rows[k] = 0;
        }
        for (int i = start; i < end; i++) {
            float red = frame.red[i];
            float green = frame.green[i];
            float blue = frame.blue[i];
            float byRed = frame.redGradient[i];
            float byGreen = frame.greenGradient[i];
            float byBlue = frame.blueGradient[i];
            add(to, byRed, red, green, blue);
            add(to + 4, byGreen, red, green, blue);
            add(to + 8, byBlue, red, green, blue);
            frame.redGradient[i] = map[0] * byRed + map[4] * byGreen + map[8] * byBlue;
            frame.greenGradient[i] = map[1] * byRed + map[5] * byGreen + map[9] * byBlue;
            frame.blueGradient[i] = map[2] * byRed + map[6] * byGreen + map[10] * byBlue;
        }
    }

    private void add(int to, float by, float red, float green, float blue) {
        rows[to] += by * red;
        rows[to + 1] += by * green;
        rows[to + 2] += by * blue;
        rows[to + 3] += by;
    }

    /** What the pull towards the identity adds to the loss. */
    double penalty() {
        double sum = 0;
        for (int k = 0; k < VALUES; k++) {
            double off = map[k] - PhotoParameters.identity(k);
            sum += off * off;
        }
        return PhotoParameters.COLOUR_PENALTY / 2 * sum;
    }
}
