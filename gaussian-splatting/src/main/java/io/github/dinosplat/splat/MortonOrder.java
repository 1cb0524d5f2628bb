package io.github.dinosplat.splat;

import java.util.Arrays;

/**
 * Puts Gaussians into an order in which neighbours in space are mostly neighbours in memory (Morton 1966), for the sake of
 * caches: the Gaussians of a picture tile then lie in few places. What is rendered and trained stays the same, but for
 * random numbers that go by the index.
 */
public final class MortonOrder {

    private MortonOrder() {}

    /**
     * A training state in Morton order.
     *
     * @param state any state; not changed
     * @return a new state that shares only the photos' parameters
     */
    public static TrainingState sorted(TrainingState state) {
        int[] order = of(state.gaussians());
        float[] norms = new float[order.length];
        int[] visible = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            norms[i] = state.gradientNormSums()[order[i]];
            visible[i] = state.visibleSteps()[order[i]];
        }
        return new TrainingState(
                state.gaussians().select(order),
                state.firstMoments().select(order),
                state.secondMoments().select(order),
                state.iteration(),
                norms,
                visible,
                state.photos());
    }

    /**
     * The order itself: by interleaved bits of the centres' coordinates within three standard deviations of their mean,
     * Gaussians of one cell by index.
     *
     * @param gaussians any Gaussians
     * @return indices, each once
     */
    public static int[] of(Gaussians gaussians) {
        int n = gaussians.count();
        float[] means = gaussians.means();
        double[] low = new double[3];
        double[] perCell = new double[3];
        int indexBits = 32 - Integer.numberOfLeadingZeros(Math.max(1, n - 1));
        int bits = Math.min(16, (63 - indexBits) / 3);
        for (int axis = 0; axis < 3; axis++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < n; i++) {
                sum += means[3 * i + axis];
                squares += (double) means[3 * i + axis] * means[3 * i + axis];
            }
            double mean = sum / n;
            double deviation = Math.sqrt(Math.max(0, squares / n - mean * mean));
            low[axis] = mean - 3 * deviation;
            perCell[axis] = deviation > 0 ? (1 << bits) / (6 * deviation) : 0;
        }
        long[] keys = new long[n];
        for (int i = 0; i < n; i++) {
            long key = 0;
            for (int axis = 0; axis < 3; axis++) {
                double cell = (means[3 * i + axis] - low[axis]) * perCell[axis];
                key |= spread((long) Math.min((1 << bits) - 1, Math.max(0, cell))) << axis;
            }
            keys[i] = key << indexBits | i;
        }
        Arrays.sort(keys);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = (int) (keys[i] & (1L << indexBits) - 1);
        }
        return order;
    }

    /** Moves bit k of the lowest 16 to bit 3 k. */
    private static long spread(long value) {
        long x = value;
        x = (x | x << 16) & 0x0000ff0000ffL;
        x = (x | x << 8) & 0x00f00f00f00fL;
        x = (x | x << 4) & 0x0c30c30c30c3L;
        return (x | x << 2) & 0x249249249249L;
    }
}
