package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.TrainingView;
import java.util.Arrays;

/** The depth term of {@link io.github.dinosplat.splat.StepOptions} on a frame that accumulated nearness. */
final class DepthLoss {

    private DepthLoss() {}

    /**
     * Fills the frame's gradients by depth and opacity.
     *
     * @return the term times its weight
     */
    static double gradient(Frame frame, TrainingView view, DepthTarget target, double depthWeight, Workers workers) {
        frame.reserveGeometryGradients();
        int width = frame.width;
        int pixels = width * frame.height;
        float[] goal = target.nearness();
        float[] weights = target.weights();
        float step = (float) (depthWeight / pixels);
        double[] rows = new double[frame.height];
        workers.forEach(frame.height, (y, worker) -> {
            double sum = 0;
            for (int i = y * width; i < (y + 1) * width; i++) {
                float difference = frame.depth[i] - goal[i];
                float weight = view.mask().isPresent() && !view.mask().get()[i] ? 0 : weights[i];
                sum += weight * Math.abs(difference);
                frame.depthGradient[i] = step * weight * Math.signum(difference);
            }
            rows[y] = sum;
        });
        Arrays.fill(frame.alphaGradient, 0, pixels, 0);
        double sum = 0;
        for (double row : rows) {
            sum += row;
        }
        return depthWeight * sum / pixels;
    }
}
