package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.TrainingView;
import java.util.Arrays;

/**
 * The loss {@code (1 - w) L1 + w (1 - SSIM)} of a rendered picture against the photo, and its gradient by the picture.
 *
 * <p>L1 is the mean over counted pixels and channels. SSIM is the mean over channels and over the pixels whose 11x11
 * window lies inside the picture (the "valid" variant, as in the reports). A pixel outside of the mask is taken to be
 * right: its truth is what was rendered, and it gets no gradient.
 */
final class PhotometricLoss {

    /** Rows handled by one task; the sums are over tasks in order, so this number is part of the result. */
    private static final int BAND = 16;

    private static final int PAD = SsimRows.RADIUS;

    private final float[][] truth = {new float[0], new float[0], new float[0]};
    private final float[][] derivatives = {new float[0], new float[0], new float[0]};
    private int paddedWidth = -1;
    private int paddedHeight = -1;
    private double[] bandSums = new double[0];
    private final float[][][] rows;

    /** [workers] sum of the squares of picture and photo, and their product, over the rows of a band and those beside it. */
    private final float[][][] products;

    private final SsimRows loops;

    PhotometricLoss(SsimRows loops, int workers) {
        this.loops = loops;
        rows = new float[workers][6][0];
        products = new float[workers][2][0];
    }

    /** Fills the frame's gradient planes; returns the loss. */
    double gradient(Frame frame, TrainingView view, double ssimWeight, Workers workers) {
        return gradient(frame, new float[][] {frame.red, frame.green, frame.blue}, view, ssimWeight, workers);
    }

    /** The same for other planes than the frame's own: fills the gradients by those. */
    double gradient(Frame frame, float[][] rendered, TrainingView view, double ssimWeight, Workers workers) {
        for (int c = 0; c < 3; c++) {
            if (truth[c].length < frame.width * frame.height) {
                truth[c] = new float[frame.width * frame.height];
            }
        }
        long counted = readTruth(frame, rendered, view, workers);
        double loss = gradient(frame, rendered, truth, counted, ssimWeight, workers);
        view.mask().ifPresent(mask -> {
            for (int i = 0; i < mask.length; i++) {
                if (!mask[i]) {
                    frame.redGradient[i] = 0;
                    frame.greenGradient[i] = 0;
                    frame.blueGradient[i] = 0;
                }
            }
        });
        return loss;
    }

    /** The same against planes of colours, of which {@code counted} pixels may differ from the rendered ones. */
    double gradient(
            Frame frame, float[][] rendered, float[][] photoPlanes, long counted, double ssimWeight, Workers workers) {
        int width = frame.width;
        int height = frame.height;
        if (ssimWeight > 0 && Math.min(width, height) < 2 * PAD + 1) {
            throw new IllegalArgumentException(
                    "a training photo must be at least 11 pixels wide and high for SSIM but was " + width + "x" + height
                            + "; use ssimWeight 0 or a larger photo");
        }
        reserve(width, height);
        int bands = (height + BAND - 1) / BAND;
        double similarity = 0;
        double absolute = 0;
        float[][] gradients = {frame.redGradient, frame.greenGradient, frame.blueGradient};
        float bySsim = ssimWeight > 0 ? (float) (-ssimWeight / (3.0 * (width - 2 * PAD) * (height - 2 * PAD))) : 0;
        float byAbsolute = (float) ((1 - ssimWeight) / (3.0 * Math.max(1, counted)));
        for (int c = 0; c < 3; c++) {
            float[] picture = rendered[c];
            float[] photo = photoPlanes[c];
            float[] gradient = gradients[c];
            if (ssimWeight > 0) {
                workers.forEach(
                        bands,
                        (band, worker) -> bandSums[band] =
                                similarities(frame, picture, photo, band, rows[worker], products[worker]));
                similarity += sum(bands);
            }
            workers.forEach(
                    bands,
                    (band, worker) -> bandSums[band] =
                            gradients(frame, picture, photo, gradient, bySsim, byAbsolute, band, rows[worker]));
            absolute += sum(bands);
        }
        double loss = (1 - ssimWeight) * absolute / (3.0 * Math.max(1, counted));
        if (ssimWeight > 0) {
            loss += ssimWeight * (1 - similarity / (3.0 * (width - 2 * PAD) * (height - 2 * PAD)));
        }
        return loss;
    }

    private double sum(int bands) {
        double sum = 0;
        for (int band = 0; band < bands; band++) {
            sum += bandSums[band];
        }
        return sum;
    }

    private void reserve(int width, int height) {
        int padded = (width + 2 * PAD) * (height + 2 * PAD);
        for (int k = 0; k < derivatives.length; k++) {
            if (derivatives[k].length < padded) {
                derivatives[k] = new float[padded];
            } else if (width != paddedWidth || height != paddedHeight) {
                // The zero border lies elsewhere now.
                Arrays.fill(derivatives[k], 0);
            }
        }
        paddedWidth = width;
        paddedHeight = height;
        if (bandSums.length < height) {
            bandSums = new double[height];
        }
        if (products[0][0].length < (BAND + 2 * PAD) * width) {
            for (float[][] own : products) {
                Arrays.setAll(own, k -> new float[(BAND + 2 * PAD) * width]);
            }
        }
        if (rows[0][0].length < width + 2 * PAD) {
            for (float[][] own : rows) {
                for (int i = 0; i < own.length; i++) {
                    own[i] = new float[width + 2 * PAD];
                }
            }
        }
    }

    private long readTruth(Frame frame, float[][] rendered, TrainingView view, Workers workers) {
        byte[] rgb = view.truth().rgb();
        int width = frame.width;
        float scale = 1f / 255;
        workers.forEach(frame.height, (y, worker) -> {
            for (int i = y * width; i < (y + 1) * width; i++) {
                truth[0][i] = (rgb[3 * i] & 0xff) * scale;
                truth[1][i] = (rgb[3 * i + 1] & 0xff) * scale;
                truth[2][i] = (rgb[3 * i + 2] & 0xff) * scale;
            }
        });
        if (view.mask().isEmpty()) {
            return (long) width * frame.height;
        }
        boolean[] mask = view.mask().get();
        long counted = 0;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i]) {
                counted++;
            } else {
                for (int c = 0; c < 3; c++) {
                    truth[c][i] = rendered[c][i];
                }
            }
        }
        return counted;
    }

    /** Similarity of the rows of a band and its derivatives, into the padded planes; returns the sum. */
    private double similarities(
            Frame frame, float[] picture, float[] photo, int band, float[][] own, float[][] multiplied) {
        int width = frame.width;
        int valid = width - 2 * PAD;
        int first = Math.max(band * BAND, PAD);
        int end = Math.min((band + 1) * BAND, frame.height - PAD);
        int from = (first - PAD) * width;
        int count = Math.max(0, (end + PAD) * width - from);
        loops.squares(picture, photo, from, count, multiplied[0]);
        loops.product(picture, photo, from, count, multiplied[1]);
        double total = 0;
        for (int y = first; y < end; y++) {
            int at = y * width;
            loops.vertical(picture, at, width, width, own[5]);
            loops.horizontal(own[5], valid, own[0]);
            loops.vertical(photo, at, width, width, own[5]);
            loops.horizontal(own[5], valid, own[1]);
            for (int k = 0; k < multiplied.length; k++) {
                loops.vertical(multiplied[k], at - from, width, width, own[5]);
                loops.horizontal(own[5], valid, own[2 + k]);
            }
            loops.similarity(own, valid, derivatives, (y + PAD) * (width + 2 * PAD) + 2 * PAD);
            total += SsimRows.sum(own[4], valid);
        }
        return total;
    }

    /** Gradient of the rows of a band; returns the sum of absolute differences. */
    private double gradients(
            Frame frame,
            float[] picture,
            float[] photo,
            float[] gradient,
            float bySsim,
            float byAbsolute,
            int band,
            float[][] own) {
        int width = frame.width;
        int stride = width + 2 * PAD;
        int end = Math.min((band + 1) * BAND, frame.height);
        double total = 0;
        for (int y = band * BAND; y < end; y++) {
            for (int k = 0; k < derivatives.length; k++) {
                if (bySsim == 0) {
                    Arrays.fill(own[k], 0, width, 0);
                } else {
                    loops.vertical(derivatives[k], (y + PAD) * stride, stride, stride, own[5]);
                    loops.horizontal(own[5], width, own[k]);
                }
            }
            loops.gradient(picture, photo, y * width, width, own, bySsim, byAbsolute, gradient);
            total += SsimRows.sum(own[3], width);
        }
        return total;
    }
}
