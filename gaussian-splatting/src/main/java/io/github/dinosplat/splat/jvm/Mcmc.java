package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.TrainingState;
import java.util.Arrays;

/**
 * Refinement by 3D Gaussian Splatting as Markov Chain Monte Carlo (Kheradmand et al. 2024): Gaussians that have faded
 * are moved onto others, and new ones are put onto others up to a cap, such that the rendered picture stays the same.
 * Where to is drawn with the opacities as probabilities: by integers, so that any engine that follows these lines draws the
 * same.
 */
public final class Mcmc {

    /** A Gaussian at or below this opacity is dead and is moved (section 4 of the paper). */
    static final double DEAD_OPACITY = 0.005;

    private static final double MOST_OPACITY = 1 - 1e-6;
    /** The most Gaussians at one place that the change of scale is computed for, as in the paper's code. */
    private static final int MOST_COPIES = 51;

    private static final long STREAM = 0x6d636d63L;

    private Mcmc() {}

    /** Opacities, as the state has them. */
    static double opacity(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    /**
     * The weight of opacity 1 in the draws.
     *
     * @param count how many Gaussians there are
     * @return the largest, up to a million, with which all weights together fit into 32 bits
     */
    public static int unit(int count) {
        return (int) Math.min(1 << 20, 0xffffffffL / Math.max(1, count));
    }

    /**
     * The seed of the draws, other than that of the noise.
     *
     * @param seed seed of the run
     * @return seed for the hash of step and draw
     */
    public static long seedOfDraws(long seed) {
        return seed ^ STREAM;
    }

    /**
     * Moves dead Gaussians and adds new ones.
     *
     * @param state what to refine; opacities and scales of drawn Gaussians are changed in place, so it is not to be used
     *     afterwards
     * @param target least number of Gaussians afterwards, where any live one exists
     * @param seed seed of the draws
     * @return the refined state; the moments of every moved or copied Gaussian are zero, statistics start anew
     */
    static TrainingState refine(TrainingState state, int target, long seed) {
        int n = state.gaussians().count();
        long[] cumulative = new long[n];
        int[] dead = new int[n];
        int deadCount = 0;
        long total = 0;
        for (int i = 0; i < n; i++) {
            double opacity = opacity(state.gaussians().logitOpacities()[i]);
            if (opacity > DEAD_OPACITY) {
                total += Math.max(1, (int) (opacity * unit(n)));
            } else {
                dead[deadCount++] = i;
            }
            cumulative[i] = total;
        }
        int after = total > 0 ? Math.max(n, target) : n;
        int[] sources = draw(cumulative, total > 0 ? deadCount + after - n : 0, seed, state.iteration());
        int[] origins = new int[after];
        Arrays.setAll(origins, i -> i);
        boolean[] fresh = new boolean[after];
        for (int k = 0; k < sources.length; k++) {
            int to = k < deadCount ? dead[k] : n + k - deadCount;
            origins[to] = sources[k];
            fresh[to] = true;
            fresh[sources[k]] = true;
        }
        split(state.gaussians(), sources);
        return new TrainingState(
                state.gaussians().select(origins),
                cleared(state.firstMoments().select(origins), fresh),
                cleared(state.secondMoments().select(origins), fresh),
                state.iteration(),
                new float[after],
                new int[after],
                state.photos());
    }

    /**
     * Systematic sampling: the weights lie end to end, are cut into as many parts as there are draws, and each part gives
     * the Gaussian at a random place of it. So the counts stay close to what the opacities ask for.
     */
    private static int[] draw(long[] cumulative, int draws, long seed, long iteration) {
        int[] sources = new int[draws];
        int i = 0;
        for (int k = 0; k < draws; k++) {
            long total = cumulative[cumulative.length - 1];
            long longer = total % draws; // so many parts have one unit more
            long length = total / draws + (k < longer ? 1 : 0);
            long begin = k * (total / draws) + Math.min(k, longer);
            long random = Integer.toUnsignedLong(CounterNoise.bits(seedOfDraws(seed), iteration, k)[0]);
            long at = Math.min(total - 1, begin + (random * length >>> 32));
            while (cumulative[i] <= at) {
                i++;
            }
            sources[k] = i;
        }
        return sources;
    }

    /** Gives every drawn Gaussian the opacity and scale with which it and its copies together look as it did. */
    private static void split(Gaussians g, int[] sources) {
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
            g.logitOpacities()[i] = (float) Gaussians.logit(kept);
            for (int axis = 0; axis < 3; axis++) {
                g.logScales()[3 * i + axis] += (float) logFactor;
            }
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
     * The factor on the scales that keeps the integral of the blended Gaussian along a line (eq. 9 of the paper). The
     * integral is taken by the rule of trapezoids, which is exact to rounding here and, other than the paper's sum of
     * binomials, does not cancel: so it serves engines of 32 bits as well.
     *
     * @param opacity opacity of the one before, below 1
     * @param copies how many there are afterwards
     */
    static double scaleOfCopy(double opacity, int copies) {
        double each = opacityOfCopy(opacity, copies);
        double step = 1.0 / 12;
        double sum = 0.5 * (1 - Math.pow(1 - each, copies));
        for (int k = 1; k < 64; k++) {
            double x = k * step;
            sum += 1 - Math.pow(1 - each * Math.exp(-x * x), copies);
        }
        return opacity / (sum * 2 * step / Math.sqrt(Math.PI));
    }

    private static Gaussians cleared(Gaussians moments, boolean[] which) {
        float[][] arrays = {
            moments.means(),
            moments.logScales(),
            moments.quaternions(),
            moments.logitOpacities(),
            moments.sh(),
            moments.features()
        };
        for (float[] array : arrays) {
            int width = array.length / Math.max(1, which.length);
            for (int i = 0; i < which.length; i++) {
                if (which[i]) {
                    Arrays.fill(array, width * i, width * (i + 1), 0);
                }
            }
        }
        return moments;
    }
}
