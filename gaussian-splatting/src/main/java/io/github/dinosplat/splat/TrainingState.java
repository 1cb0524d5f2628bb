package io.github.dinosplat.splat;

import java.util.Arrays;

/**
 * All that a training step reads and changes, and all that a checkpoint must hold: the Gaussians, Adam's two moments of
 * every parameter (in the shape of the Gaussians), what is learnt about each photo, the number of steps done, and
 * statistics for refinement.
 *
 * <p>The arrays are shared and mutable; lengths never change. A refinement builds a new state.
 */
public final class TrainingState {

    private static final int SH_VALUES = 3 * Gaussians.SH_COEFFICIENTS;

    private final Gaussians gaussians;
    private final Gaussians firstMoments;
    private final Gaussians secondMoments;
    private final float[] gradientNormSums;
    private final int[] visibleSteps;
    private final PhotoParameters photos;
    private long iteration;

    /**
     * A state on given arrays, which are not copied.
     *
     * @param gaussians the parameters
     * @param firstMoments Adam's running mean of the gradients, N Gaussians
     * @param secondMoments Adam's running mean of the squared gradients, N Gaussians
     * @param iteration steps done so far; Adam's bias correction counts from here
     * @param gradientNormSums [N] sum over steps of the length of the loss gradient by the projected centre, in
     *     normalised device coordinates (x times half the width, y times half the height)
     * @param visibleSteps [N] in how many of those steps the Gaussian was visible
     * @param photos what is learnt about each training photo
     * @throws IllegalArgumentException if the counts differ or the iteration is negative
     */
    public TrainingState(
            Gaussians gaussians,
            Gaussians firstMoments,
            Gaussians secondMoments,
            long iteration,
            float[] gradientNormSums,
            int[] visibleSteps,
            PhotoParameters photos) {
        int n = gaussians.count();
        if (firstMoments.count() != n
                || secondMoments.count() != n
                || gradientNormSums.length != n
                || visibleSteps.length != n) {
            throw new IllegalArgumentException("expected moments and statistics for " + n + " Gaussians but were for "
                    + firstMoments.count() + ", " + secondMoments.count() + ", " + gradientNormSums.length + ", "
                    + visibleSteps.length);
        }
        if (iteration < 0) {
            throw new IllegalArgumentException("iteration must not be negative but was " + iteration);
        }
        this.gaussians = gaussians;
        this.firstMoments = firstMoments;
        this.secondMoments = secondMoments;
        this.iteration = iteration;
        this.gradientNormSums = gradientNormSums;
        this.visibleSteps = visibleSteps;
        this.photos = photos;
    }

    /**
     * The state before the first step without parameters of photos: zero moments and statistics.
     *
     * @param gaussians the parameters to start from; not copied
     * @return a new state
     */
    public static TrainingState start(Gaussians gaussians) {
        return start(gaussians, 0);
    }

    /**
     * The state before the first step: zero moments and statistics, photos as they are.
     *
     * @param gaussians the parameters to start from; not copied
     * @param photos how many photos have parameters of their own
     * @return a new state
     */
    public static TrainingState start(Gaussians gaussians, int photos) {
        int n = gaussians.count();
        return new TrainingState(
                gaussians,
                gaussians.zeroMoments(),
                gaussians.zeroMoments(),
                0,
                new float[n],
                new int[n],
                PhotoParameters.start(photos));
    }

    /**
     * The parameters.
     *
     * @return the Gaussians themselves, not a copy
     */
    public Gaussians gaussians() {
        return gaussians;
    }

    /**
     * Adam's first moments.
     *
     * @return running mean of the gradient of every parameter; not a copy
     */
    public Gaussians firstMoments() {
        return firstMoments;
    }

    /**
     * Adam's second moments.
     *
     * @return running mean of the squared gradient of every parameter; not a copy
     */
    public Gaussians secondMoments() {
        return secondMoments;
    }

    /**
     * Steps done.
     *
     * @return count from 0
     */
    public long iteration() {
        return iteration;
    }

    /**
     * Counts a step; for engines.
     *
     * @return the new number of steps done
     */
    public long nextIteration() {
        return ++iteration;
    }

    /**
     * Summed lengths of the gradients by the projected centres, in normalised device coordinates.
     *
     * @return [N]; the array itself
     */
    public float[] gradientNormSums() {
        return gradientNormSums;
    }

    /**
     * In how many steps each Gaussian was visible.
     *
     * @return [N]; the array itself
     */
    public int[] visibleSteps() {
        return visibleSteps;
    }

    /**
     * What is learnt about each training photo.
     *
     * @return the parameters themselves, not a copy
     */
    public PhotoParameters photos() {
        return photos;
    }

    /**
     * Forgets how a Gaussian has moved; for refinements.
     *
     * @param i which Gaussian; its moments become zero
     */
    public void clearMoments(int i) {
        for (Gaussians moments : new Gaussians[] {firstMoments, secondMoments}) {
            int channels = moments.featureChannels();
            Arrays.fill(moments.means(), 3 * i, 3 * i + 3, 0);
            Arrays.fill(moments.logScales(), 3 * i, 3 * i + 3, 0);
            Arrays.fill(moments.quaternions(), 4 * i, 4 * i + 4, 0);
            moments.logitOpacities()[i] = 0;
            Arrays.fill(moments.sh(), SH_VALUES * i, SH_VALUES * (i + 1), 0);
            Arrays.fill(moments.features(), channels * i, channels * (i + 1), 0);
        }
    }

    /**
     * A copy that shares nothing.
     *
     * @return a new state
     */
    public TrainingState copy() {
        return new TrainingState(
                gaussians.copy(),
                firstMoments.copy(),
                secondMoments.copy(),
                iteration,
                gradientNormSums.clone(),
                visibleSteps.clone(),
                photos.copy());
    }
}
