package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.FeatureTarget;

/** The feature terms of {@link io.github.dinosplat.splat.ViewPriors}: consistency of patches and of their Gram matrix. */
final class FeatureLoss {

    /** Lengths below about this count as fainter rather than as directions. */
    private static final double LEAST_LENGTH = 0.1;

    private final Frame frame;
    private final FeatureTarget target;
    private final boolean[] counts;
    private final int channels;
    private final int patches;
    /** [patches, channels] mean rendered features over their length, and [patches] lengths; 0 for patches left out. */
    private final double[] units;

    private final double[] lengths;
    private final int[] pixels;

    FeatureLoss(Frame frame, FeatureTarget target, boolean[] counts) {
        if (target.channels() != frame.featureChannels) {
            throw new IllegalArgumentException("the target must have " + frame.featureChannels
                    + " channels, as the Gaussians, but had " + target.channels());
        }
        this.frame = frame;
        this.target = target;
        this.counts = counts;
        channels = target.channels();
        patches = target.patches();
        units = new double[patches * channels];
        lengths = new double[patches];
        pixels = new int[patches];
    }

    /**
     * Writes the frame's gradient by features.
     *
     * @return both terms times their weights
     */
    double gradient(double featureWeight, double gramWeight, Workers workers) {
        workers.forEach(patches, (p, worker) -> pool(p));
        double[] terms = new double[patches];
        workers.forEach(patches, (p, worker) -> terms[p] = patch(p, featureWeight, gramWeight));
        double sum = 0;
        for (double term : terms) {
            sum += term;
        }
        return sum;
    }

    private int left(int patch) {
        return patch % target.columns() * frame.width / target.columns();
    }

    private int right(int patch) {
        return (patch % target.columns() + 1) * frame.width / target.columns();
    }

    private int top(int patch) {
        return patch / target.columns() * frame.height / target.rows();
    }

    private int bottom(int patch) {
        return (patch / target.columns() + 1) * frame.height / target.rows();
    }

    private boolean counted(int i) {
        return counts.length == 0 || counts[i];
    }

    private void pool(int p) {
        int plane = frame.width * frame.height;
        for (int y = top(p); y < bottom(p); y++) {
            for (int x = left(p); x < right(p); x++) {
                int i = y * frame.width + x;
                if (counted(i)) {
                    pixels[p]++;
                    for (int c = 0; c < channels; c++) {
                        units[p * channels + c] += frame.features[c * plane + i];
                    }
                }
            }
        }
        double square = LEAST_LENGTH * LEAST_LENGTH;
        for (int c = p * channels; c < (p + 1) * channels && pixels[p] > 0; c++) {
            units[c] /= pixels[p];
            square += units[c] * units[c];
        }
        lengths[p] = Math.sqrt(square);
        for (int c = p * channels; c < (p + 1) * channels; c++) {
            units[c] /= lengths[p];
        }
    }

    /** The patch's share of the terms; writes the gradient of its pixels. */
    private double patch(int p, double featureWeight, double gramWeight) {
        double[] by = new double[channels];
        double term = 0;
        if (pixels[p] > 0) {
            term = consistency(p, featureWeight / patches, by) + gram(p, gramWeight / ((double) patches * patches), by);
        }
        double along = 0;
        for (int c = 0; c < channels; c++) {
            along += by[c] * units[p * channels + c];
        }
        int plane = frame.width * frame.height;
        for (int c = 0; c < channels; c++) {
            double value = (by[c] - along * units[p * channels + c]) / lengths[p] / Math.max(1, pixels[p]);
            for (int y = top(p); y < bottom(p); y++) {
                for (int i = y * frame.width + left(p); i < y * frame.width + right(p); i++) {
                    frame.featureGradients[c * plane + i] = counted(i) ? (float) value : 0;
                }
            }
        }
        return term;
    }

    private double consistency(int p, double weight, double[] by) {
        double square = 0;
        double dot = 0;
        for (int c = 0; c < channels; c++) {
            double goal = target.features()[p * channels + c];
            square += goal * goal;
            dot += goal * units[p * channels + c];
        }
        if (!(square > 0)) {
            return 0;
        }
        double length = Math.sqrt(square);
        for (int c = 0; c < channels; c++) {
            by[c] -= weight * target.features()[p * channels + c] / length;
        }
        return weight * (1 - dot / length);
    }

    /** Each pair counts from both sides, so the gradient by one side is twice that of its share. */
    private double gram(int p, double weight, double[] by) {
        double sum = 0;
        if (weight > 0) {
            for (int q = 0; q < patches; q++) {
                if (pixels[q] > 0) {
                    double off = -target.gram()[p * patches + q];
                    for (int c = 0; c < channels; c++) {
                        off += units[p * channels + c] * units[q * channels + c];
                    }
                    sum += off * off;
                    for (int c = 0; c < channels; c++) {
                        by[c] += 4 * weight * off * units[q * channels + c];
                    }
                }
            }
        }
        return weight * sum;
    }
}
