package io.github.dinosplat.splat.train;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.TrainingState;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/**
 * Refinement by adaptive density control (Kerbl et al. 2023, section 5.2) with absolute gradients (Ye et al. 2024):
 * Gaussians at which the pixels pull strongly are doubled where they are small and split in two where they are large;
 * faded ones go; from time to time all fade, so that those which nothing needs do not come back.
 */
final class AdaptiveDensity {

    /** Mean absolute gradient by the projected centre, in normalised device coordinates, above which one is refined. */
    private static final double PULL = 8e-4;

    /** Up to this largest scale, in units of the normalised frame, a Gaussian is doubled, beyond it split. */
    private static final double SMALL = 0.01;

    private static final double FADED = 0.005;

    /** The scales of the two that a Gaussian is split into are smaller by this. */
    private static final double SHRINK = 1.6;

    /** What opacities are cut down to when all fade. */
    private static final double RESET_OPACITY = 0.01;

    private static final long STREAM = 0x73706c6974L;

    private final TrainingState state;
    private final long seed;

    private AdaptiveDensity(TrainingState state, long seed) {
        this.state = state;
        this.seed = seed;
    }

    /**
     * Refines.
     *
     * @param state what to refine, with statistics of absolute gradients; not to be used afterwards
     * @param most the most Gaussians there may be; those with the strongest pull come first
     * @param seed seed of where the halves of a split one lie
     * @param fades whether all opacities are cut down afterwards
     * @return a new state; moments of new ones are zero, statistics start anew
     */
    static TrainingState refine(TrainingState state, int most, long seed, boolean fades) {
        TrainingState refined = new AdaptiveDensity(state, seed).refined(most);
        if (fades) {
            fade(refined);
        }
        return refined;
    }

    private TrainingState refined(int most) {
        float[] logits = state.gaussians().logitOpacities();
        int[] alive = IntStream.range(0, logits.length)
                .filter(i -> logits[i] >= Gaussians.logit(FADED))
                .toArray();
        if (alive.length == 0) {
            alive = IntStream.range(0, logits.length).toArray();
        }
        int[] pulled = pulled(alive, Math.max(0, most - alive.length));
        int count = alive.length + pulled.length;
        int[] rows = Arrays.copyOf(alive, count);
        System.arraycopy(pulled, 0, rows, alive.length, pulled.length);
        TrainingState result = new TrainingState(
                state.gaussians().select(rows),
                state.firstMoments().select(rows),
                state.secondMoments().select(rows),
                state.iteration(),
                new float[count],
                new int[count],
                state.photos());
        int[] place = new int[logits.length];
        for (int i = 0; i < alive.length; i++) {
            place[alive[i]] = i;
        }
        for (int k = 0; k < pulled.length; k++) {
            refine(result, pulled[k], place[pulled[k]], alive.length + k);
        }
        return result;
    }

    /** The Gaussians to refine, in their order; no more than there is room for. */
    private int[] pulled(int[] alive, int room) {
        int[] chosen = IntStream.of(alive).filter(i -> pull(i) > PULL).toArray();
        if (chosen.length <= room) {
            return chosen;
        }
        return IntStream.of(chosen)
                .boxed()
                .sorted((a, b) -> Double.compare(pull(b), pull(a)))
                .limit(room)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    private double pull(int i) {
        int steps = state.visibleSteps()[i];
        return steps == 0 ? 0 : state.gradientNormSums()[i] / steps;
    }

    /** The Gaussian that was {@code from} stands at {@code first} and {@code second} now. */
    private void refine(TrainingState result, int from, int first, int second) {
        result.clearMoments(second);
        float[] logScales = state.gaussians().logScales();
        double largest =
                Math.exp(Math.max(logScales[3 * from], Math.max(logScales[3 * from + 1], logScales[3 * from + 2])));
        if (largest > SMALL) {
            result.clearMoments(first);
            scatter(result.gaussians(), from, first, 0);
            scatter(result.gaussians(), from, second, 1);
        }
    }

    /** Draws a place from the Gaussian that is split, and shrinks. */
    private void scatter(Gaussians to, int from, int at, int half) {
        Gaussians g = state.gaussians();
        Vector3d p = new Vector3d();
        for (int axis = 0; axis < 3; axis++) {
            p.setComponent(axis, normal(6L * from + 3 * half + axis) * Math.exp(g.logScales()[3 * from + axis]));
            to.logScales()[3 * at + axis] = (float) (g.logScales()[3 * from + axis] - Math.log(SHRINK));
        }
        float[] q = g.quaternions();
        new Quaterniond(q[4 * from + 1], q[4 * from + 2], q[4 * from + 3], q[4 * from])
                .normalize()
                .transform(p);
        for (int axis = 0; axis < 3; axis++) {
            to.means()[3 * at + axis] = (float) (g.means()[3 * from + axis] + p.get(axis));
        }
    }

    /** Box and Muller's transform of two hashes. */
    private double normal(long index) {
        long stream = STREAM + state.iteration();
        double radius = Math.sqrt(-2 * Math.log(1 - Hash.uniform(seed, stream, 2 * index)));
        return radius * Math.cos(2 * Math.PI * Hash.uniform(seed, stream, 2 * index + 1));
    }

    private static void fade(TrainingState state) {
        float most = (float) Gaussians.logit(RESET_OPACITY);
        float[] logits = state.gaussians().logitOpacities();
        for (int i = 0; i < logits.length; i++) {
            logits[i] = Math.min(logits[i], most);
        }
        Arrays.fill(state.firstMoments().logitOpacities(), 0);
        Arrays.fill(state.secondMoments().logitOpacities(), 0);
    }
}
