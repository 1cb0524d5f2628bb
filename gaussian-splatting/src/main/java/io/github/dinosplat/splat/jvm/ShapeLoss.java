package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.DepthTarget;

/** The shape term of {@link io.github.dinosplat.splat.ViewPriors} on a frame that accumulated nearness. */
final class ShapeLoss {

    /** Blocks along the picture's longer side. */
    private static final int BLOCKS = 3;

    /** Keeps the correlation of flat blocks from being that of noise: standard deviation by mean. */
    private static final double LEAST_SPREAD = 1e-3;

    private ShapeLoss() {}

    /**
     * Adds to the frame's gradient by depth.
     *
     * @return the term times its weight
     */
    static double gradient(Frame frame, DepthTarget target, boolean[] counts, double weight, Workers workers) {
        int side = (Math.max(frame.width, frame.height) + BLOCKS - 1) / BLOCKS;
        int columns = (frame.width + side - 1) / side;
        int blocks = columns * ((frame.height + side - 1) / side);
        double[] terms = new double[blocks];
        workers.forEach(blocks, (b, worker) -> {
            int x0 = b % columns * side;
            int y0 = b / columns * side;
            terms[b] = block(frame, target, counts, weight / blocks, x0, y0, side);
        });
        double sum = 0;
        for (double term : terms) {
            sum += term;
        }
        return sum;
    }

    private static double block(
            Frame frame, DepthTarget target, boolean[] counts, double weight, int x0, int y0, int side) {
        int x1 = Math.min(frame.width, x0 + side);
        int y1 = Math.min(frame.height, y0 + side);
        double total = 0;
        double meanOwn = 0;
        double meanGoal = 0;
        for (int y = y0; y < y1; y++) {
            for (int i = y * frame.width + x0; i < y * frame.width + x1; i++) {
                double w = counts.length == 0 || counts[i] ? target.weights()[i] : 0;
                total += w;
                meanOwn += w * frame.depth[i];
                meanGoal += w * target.nearness()[i];
            }
        }
        if (!(total > 0)) {
            return 0;
        }
        meanOwn /= total;
        meanGoal /= total;
        double own = LEAST_SPREAD * LEAST_SPREAD * meanGoal * meanGoal * total;
        double goal = own;
        double both = 0;
        for (int y = y0; y < y1; y++) {
            for (int i = y * frame.width + x0; i < y * frame.width + x1; i++) {
                double w = counts.length == 0 || counts[i] ? target.weights()[i] : 0;
                double a = frame.depth[i] - meanOwn;
                double b = target.nearness()[i] - meanGoal;
                own += w * a * a;
                goal += w * b * b;
                both += w * a * b;
            }
        }
        double norm = Math.sqrt(own * goal);
        double correlation = both / norm;
        for (int y = y0; y < y1; y++) {
            for (int i = y * frame.width + x0; i < y * frame.width + x1; i++) {
                double w = counts.length == 0 || counts[i] ? target.weights()[i] : 0;
                double a = frame.depth[i] - meanOwn;
                double b = target.nearness()[i] - meanGoal;
                frame.depthGradient[i] -= (float) (weight * w * (b / norm - correlation * a / own));
            }
        }
        return weight * (1 - correlation);
    }
}
