package io.github.dinosplat.splat.train;

import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;

/**
 * What happens when in a run of a given length: everything is a fraction of the iterations, so that a short run is a
 * quick version of a long one. Lengths are those of the normalised frame, see {@link Normalisation}.
 */
final class Schedule {

    /**
     * Adam's rates at the start and, for the centres, at the end: twice the usual ones but for the opacities, since runs
     * here are a tenth as long as the usual 30,000 steps; 0.3 dB better on fountain-P11 (384x256, 600 iterations, 0003
     * and 0006 held out).
     */
    private static final LearningRates RATES = new LearningRates(3.2e-4, 1e-2, 2e-3, 0.05, 5e-3, 2.5e-4, 1e-2, 0);

    private static final double LAST_MEANS_RATE = 1.6e-6;

    private static final double SSIM_WEIGHT = 0.2;
    /**
     * No penalties: they made no difference to the held-out photos of fountain-P11, and under Adam even a slight one takes
     * all opacity from what no training photo sees, see {@link Surroundings}.
     */
    private static final double OPACITY_PENALTY = 0;

    private static final double SCALE_PENALTY = 0;
    private static final double NOISE = 5e5;
    /** Depth terms and the like fall exponentially to this part at the end, when the photos know better. */
    private static final double LAST_DEPTH_PART = 0.01;

    /** From which part of the run on a picture of which level is used: quarter, half, full size. */
    private static final double HALF_SIZE_FROM = 0.08;

    private static final double FULL_SIZE_FROM = 0.25;

    /** From which parts of the run on the spherical harmonics have degree 1, 2, 3. */
    private static final double[] SH_FROM = {0.1, 0.2, 0.3};

    private static final double REFINE_FROM = 0.05;
    private static final double REFINE_UNTIL = 0.8;
    private static final int REFINEMENTS = 40;
    /** Every so many refinements free space is cleared, which for an engine on a device means a copy to and fro. */
    private static final int CLEARING = 4;

    private static final double[] FADE_AT = {0.2, 0.4};
    private static final double GROWTH = 1.06;

    /** Early, before Gaussians have formed for what only one photo shows, and again when the surfaces are clearer. */
    private static final double[] TRANSIENTS_AT = {0.04, 0.15, 0.4};

    private final int iterations;
    private final TrainingTerms terms;
    private final int refineEvery;

    Schedule(int iterations, TrainingTerms terms) {
        this.iterations = iterations;
        this.terms = terms;
        refineEvery = Math.max(1, (int) Math.round(iterations * (REFINE_UNTIL - REFINE_FROM) / REFINEMENTS));
    }

    /** How far the run is, 0 to 1. */
    double part(int iteration) {
        return (double) iteration / iterations;
    }

    /** How often the pictures are halved in a step. */
    int level(int iteration) {
        double part = part(iteration);
        return part < HALF_SIZE_FROM ? 2 : part < FULL_SIZE_FROM ? 1 : 0;
    }

    int shDegree(int iteration) {
        int degree = 0;
        while (degree < Gaussians.MAX_SH_DEGREE && part(iteration) >= SH_FROM[degree]) {
            degree++;
        }
        return degree;
    }

    StepOptions step(int iteration, Colour background, long seed) {
        double means = RATES.means() * Math.pow(LAST_MEANS_RATE / RATES.means(), part(iteration));
        return new StepOptions(
                new RenderOptions(shDegree(iteration), background).withFeatures(terms.trainsFeatures()),
                RATES.withMeans(means),
                SSIM_WEIGHT,
                OPACITY_PENALTY,
                SCALE_PENALTY,
                NOISE,
                seed,
                terms.depth() * priorPart(iteration),
                terms.dropout(),
                false);
    }

    /** What the weights of depths and of what networks say have fallen to. */
    double priorPart(int iteration) {
        return Math.pow(LAST_DEPTH_PART, part(iteration));
    }

    /** Whether the Gaussians are refined after a number of steps. */
    boolean refinesAfter(int done) {
        return done % refineEvery == 0 && part(done) >= REFINE_FROM && part(done) <= REFINE_UNTIL;
    }

    /** Whether free space is cleared before the refinement after a number of steps. */
    boolean clearsAfter(int done) {
        return refinesAfter(done) && done / refineEvery % CLEARING == 0;
    }

    /** Whether the colours of what few photos show are held after a number of steps: with every refinement, and on to the end. */
    boolean holdsColoursAfter(int done) {
        return done % refineEvery == 0 && part(done) >= REFINE_FROM || done == iterations;
    }

    /** Whether transient things are looked for before an iteration. */
    boolean looksForTransientsAt(int iteration) {
        for (double part : TRANSIENTS_AT) {
            if (iteration == (int) Math.ceil(part * iterations)) {
                return true;
            }
        }
        return false;
    }

    /** Whether adaptive density control lets all Gaussians fade with the refinement after a number of steps. */
    boolean fadesAfter(int done) {
        for (double at : FADE_AT) {
            if (part(done) >= at && part(done - refineEvery) < at) {
                return true;
            }
        }
        return false;
    }

    /** How many Gaussians a refinement grows to. */
    static int grown(int count, int most) {
        return (int) Math.min(most, Math.max(count + 1L, Math.round(count * GROWTH)));
    }
}
