package io.github.dinosplat.splat.train;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.TrainingState;
import java.util.Arrays;

/**
 * Refinement by 3D Gaussian Splatting as Markov Chain Monte Carlo (Kheradmand et al. 2024): Gaussians that have faded
 * are moved onto others, and new ones are put onto others up to a cap, such that the rendered picture stays the same.
 * Where to is drawn with the opacities as probabilities.
 */
final class Mcmc {

    /** A Gaussian at or below this opacity is dead and is moved (section 4 of the paper). */
    static final double DEAD_OPACITY = 0.005;

    private static final double MOST_OPACITY = 1 - 1e-6;
    /** The most Gaussians at one place that the change of scale is computed for, as in the paper's code. */
    private static final int MOST_COPIES = 51;

    private static final long STREAM = 0x6d636d63L;
    private static final int SH_STRIDE = 3 * Gaussians.SH_COEFFICIENTS;

    private Mcmc() {}

    static double logit(double opacity) {
        return Math.log(opacity / (1 - opacity));
    }

    static double opacity(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    /**
     * Moves dead Gaussians and adds new ones.
     *
     * @param state what to refine; changed in place where the count stays, so not to be used afterwards
     * @param target how many Gaussians there shall be at least, where any live one exists
     * @param seed seed of the draws
     * @return the refined state; the moments of every moved or copied Gaussian are zero, statistics start anew
     */
    static TrainingState refine(TrainingState state, int target, long seed) {
        Gaussians before = state.gaussians();
        int n = before.count();
        int after = Math.max(n, target);
        double[] cumulative = new double[n];
        int[] dead = new int[n];
        int deadCount = 0;
        int lastAlive = -1;
        double total = 0;
        for (int i = 0; i < n; i++) {
            double o = opacity(before.logitOpacities()[i]);
            if (o > DEAD_OPACITY) {
                total += o;
                lastAlive = i;
            } else {
                dead[deadCount++] = i;
            }
            cumulative[i] = total;
        }
        int draws = deadCount + after - n;
        if (draws == 0 || lastAlive < 0) {
            return withFreshStatistics(state);
        }
        int[] sources = draw(cumulative, lastAlive, draws, seed, state.iteration());
        TrainingState refined = resized(state, after);
        split(refined, sources);
        for (int k = 0; k < draws; k++) {
            int to = k < deadCount ? dead[k] : n + k - deadCount;
            copy(refined.gaussians(), sources[k], to);
            clear(refined, to);
        }
        return refined;
    }

    /** Systematic sampling: one hash a draw, spread evenly, so that the counts stay close to what the opacities ask for. */
    private static int[] draw(double[] cumulative, int lastAlive, int draws, long seed, long iteration) {
        int[] sources = new int[draws];
        int i = 0;
        for (int k = 0; k < draws; k++) {
            double at = cumulative[lastAlive] * ((k + Hash.uniform(seed ^ STREAM, iteration, k)) / draws);
            while (i < lastAlive && cumulative[i] <= at) {
                i++;
            }
            sources[k] = i;
        }
        return sources;
    }

    /** Gives every drawn Gaussian the opacity and scale with which it and its copies together look as it did. */
    private static void split(TrainingState state, int[] sources) {
        Gaussians g = state.gaussians();
        for (int k = 0; k < sources.length; ) {
            int i = sources[k];
            int end = k;
            while (end < sources.length && sources[end] == i) {
                end++;
            }
            int copies = Math.min(end - k + 1, MOST_COPIES);
            double old = Math.min(opacity(g.logitOpacities()[i]), MOST_OPACITY);
            double opacity = opacityOfCopy(old, copies);
            double logFactor = Math.log(scaleOfCopy(old, copies));
            double kept = Math.min(Math.max(opacity, DEAD_OPACITY * 1.0001), MOST_OPACITY);
            g.logitOpacities()[i] = (float) logit(kept);
            for (int axis = 0; axis < 3; axis++) {
                g.logScales()[3 * i + axis] += (float) logFactor;
            }
            clear(state, i);
            k = end;
        }
    }

    /**
     * The opacity of each of some Gaussians at one place that together have a given opacity (eq. 9 of the paper).
     *
     * @param opacity opacity of the one before, below 1
     * @param copies how many there are afterwards
     */
    static double opacityOfCopy(double opacity, int copies) {
        return 1 - Math.pow(1 - opacity, 1.0 / copies);
    }

    /**
     * The factor on the scales that keeps the integral of the blended Gaussian along a line (eq. 9 of the paper).
     *
     * @param opacity opacity of the one before, below 1
     * @param copies how many there are afterwards
     */
    static double scaleOfCopy(double opacity, int copies) {
        double each = opacityOfCopy(opacity, copies);
        double sum = 0;
        for (int i = 1; i <= copies; i++) {
            double term = each;
            for (int k = 0; k < i; k++) {
                sum += term / Math.sqrt(k + 1);
                term *= -each * (i - 1 - k) / (k + 1);
            }
        }
        return opacity / sum;
    }

    private static void copy(Gaussians g, int from, int to) {
        System.arraycopy(g.means(), 3 * from, g.means(), 3 * to, 3);
        System.arraycopy(g.logScales(), 3 * from, g.logScales(), 3 * to, 3);
        System.arraycopy(g.quaternions(), 4 * from, g.quaternions(), 4 * to, 4);
        g.logitOpacities()[to] = g.logitOpacities()[from];
        System.arraycopy(g.sh(), SH_STRIDE * from, g.sh(), SH_STRIDE * to, SH_STRIDE);
    }

    private static void clear(TrainingState state, int i) {
        for (Gaussians moments : new Gaussians[] {state.firstMoments(), state.secondMoments()}) {
            Arrays.fill(moments.means(), 3 * i, 3 * i + 3, 0);
            Arrays.fill(moments.logScales(), 3 * i, 3 * i + 3, 0);
            Arrays.fill(moments.quaternions(), 4 * i, 4 * i + 4, 0);
            moments.logitOpacities()[i] = 0;
            Arrays.fill(moments.sh(), SH_STRIDE * i, SH_STRIDE * (i + 1), 0);
        }
    }

    private static TrainingState withFreshStatistics(TrainingState state) {
        Arrays.fill(state.gradientNormSums(), 0);
        Arrays.fill(state.visibleSteps(), 0);
        return state;
    }

    private static TrainingState resized(TrainingState state, int count) {
        if (count == state.gaussians().count()) {
            return withFreshStatistics(state);
        }
        return new TrainingState(
                resized(state.gaussians(), count),
                resized(state.firstMoments(), count),
                resized(state.secondMoments(), count),
                state.iteration(),
                new float[count],
                new int[count],
                state.photos());
    }

    private static Gaussians resized(Gaussians g, int count) {
        return new Gaussians(
                g.shDegree(),
                Arrays.copyOf(g.means(), 3 * count),
                Arrays.copyOf(g.logScales(), 3 * count),
                Arrays.copyOf(g.quaternions(), 4 * count),
                Arrays.copyOf(g.logitOpacities(), count),
                Arrays.copyOf(g.sh(), SH_STRIDE * count));
    }
}
