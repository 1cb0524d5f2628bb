package io.github.dinosplat.splat.jvm;

/** The gradient of the loss by the colour behind everything: that by each pixel times what passes all Gaussians. */
final class BackgroundGradient {

    private double[] rows = new double[0];

    /** [3] from the frame's picture and gradient planes, summed row by row. */
    double[] of(Frame frame, Workers workers) {
        if (rows.length < 3 * frame.height) {
            rows = new double[3 * frame.height];
        }
        workers.forEach(frame.height, (y, worker) -> {
            double red = 0;
            double green = 0;
            double blue = 0;
            for (int i = y * frame.width; i < (y + 1) * frame.width; i++) {
                float through = 1 - frame.alpha[i];
                red += through * frame.redGradient[i];
                green += through * frame.greenGradient[i];
                blue += through * frame.blueGradient[i];
            }
            rows[3 * y] = red;
            rows[3 * y + 1] = green;
            rows[3 * y + 2] = blue;
        });
        double[] sum = new double[3];
        for (int k = 0; k < 3 * frame.height; k++) {
            sum[k % 3] += rows[k];
        }
        return sum;
    }
}
