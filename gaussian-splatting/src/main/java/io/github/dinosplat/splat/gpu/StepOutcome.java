package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.PoseGradient;
import java.nio.ByteBuffer;

/**
 * What a step told: {@code Status} of {@code shared/step.glsl}.
 *
 * @param visible Gaussians that met a tile
 * @param neededHits tile hits of the view
 * @param overflow whether they had no room, so that the step changed nothing
 * @param disagreement whether counting and listing of hits did not agree somewhere
 * @param sums sums of the loss and of the gradient by the pose, by row
 */
record StepOutcome(int visible, long neededHits, boolean overflow, boolean disagreement, double[] sums) {

    private static final int ABSOLUTE = 0;
    private static final int SIMILARITY = 1;
    private static final int DEPTH = 2;
    private static final int MAP = 3;

    static StepOutcome decode(ByteBuffer words) {
        double[] sums = new double[Frame.SUMS + Frame.POSE_SUMS];
        for (int row = 0; row < sums.length; row++) {
            sums[row] = (double) words.getFloat(20 + 8 * row) + words.getFloat(24 + 8 * row);
        }
        return new StepOutcome(
                words.getInt(0),
                Integer.toUnsignedLong(words.getInt(4)),
                words.getInt(12) != 0,
                words.getInt(16) != 0,
                sums);
    }

    /** The loss of the pictures: L1, similarity, depth. */
    double loss(StepBlock block) {
        StepBlock.Training training = block.training().orElseThrow();
        double weight = training.options().ssimWeight();
        double loss = (1 - weight) * sums[ABSOLUTE] / (3.0 * Math.max(1, training.countedPixels()));
        if (weight > 0) {
            loss += weight * (1 - sums[SIMILARITY] / (3.0 * block.windows()));
        }
        return loss + (training.inverseDepths() ? training.options().depthWeight() * sums[DEPTH] / block.pixels() : 0);
    }

    /** The gradient by the colour map, without the pull towards the identity. */
    double[] mapGradient() {
        double[] gradient = new double[PhotoParameters.COLOUR_VALUES];
        System.arraycopy(sums, MAP, gradient, 0, gradient.length);
        return gradient;
    }

    /** The gradient by the pose of the view. */
    PoseGradient poseGradient() {
        int at = Frame.SUMS;
        return new PoseGradient(sums[at], sums[at + 1], sums[at + 2], sums[at + 3], sums[at + 4], sums[at + 5]);
    }
}
