package io.github.dinosplat.splat.gpu;

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
    private static final int NORMALS = 18;
    private static final int ROWS = 28;

    static StepOutcome decode(ByteBuffer words) {
        double[] sums = new double[ROWS];
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

    /** The loss: L1, similarity, and whatever further terms the step has. */
    double loss(StepBlock block) {
        StepBlock.Training training = block.training().orElseThrow();
        double weight = training.options().ssimWeight();
        double loss = (1 - weight) * sums[ABSOLUTE] / (3.0 * Math.max(1, training.countedPixels()));
        if (weight > 0) {
            loss += weight * (1 - sums[SIMILARITY] / (3.0 * block.windows()));
        }
        if (training.terms().knownDepths()) {
            loss += training.options().depthWeight() * sums[DEPTH] / block.pixels();
        }
        // Weights are in these already; rows of terms that the step does not have are zero.
        return loss
                + sums[NORMALS]
                + sums[TermStages.SHAPE_ROW]
                + sums[TermStages.PATCH_ROW]
                + sums[TermStages.PENALTY_ROW];
    }

    /** The gradient by the pose of the view. */
    PoseGradient poseGradient() {
        int at = Frame.SUMS;
        return new PoseGradient(sums[at], sums[at + 1], sums[at + 2], sums[at + 3], sums[at + 4], sums[at + 5]);
    }
}
