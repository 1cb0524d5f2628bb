package io.github.dinosplat.splat;

import java.util.Arrays;

/**
 * Puts Gaussians into an order in which neighbours in space are mostly neighbours in memory (Morton 1966), for the sake of
 * caches: the Gaussians of a picture tile then lie in few places. What is rendered and trained stays the same, but for
 * random numbers that go by the index. Both engines use this order after a refinement.
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

    /** Bits of a key: ten of each coordinate. */
    public static final int KEY_BITS = 30;

    private static final int CELLS = 1 << KEY_BITS / 3;

    /**
     * The cells of the order: within three standard deviations of the centres' mean.
     *
     * @param low [3] where the first cell begins
     * @param perUnit [3] cells in a scene unit; 0 along an axis in which all centres are the same
     */
    public record Grid(double[] low, double[] perUnit) {

        /**
         * The cells for some centres.
         *
         * @param sums [3] sums of their coordinates
         * @param squares [3] sums of their coordinates' squares
         * @param count how many there are
         * @return the grid
         */
        public static Grid of(double[] sums, double[] squares, int count) {
            double[] low = new double[3];
            double[] perUnit = new double[3];
            for (int axis = 0; axis < 3; axis++) {
                double mean = sums[axis] / count;
                double deviation = Math.sqrt(Math.max(0, squares[axis] / count - mean * mean));
                low[axis] = mean - 3 * deviation;
                perUnit[axis] = deviation > 0 ? CELLS / (6 * deviation) : 0;
            }
            return new Grid(low, perUnit);
        }

        private int cell(float coordinate, int axis) {
            float cell = (coordinate - (float) low[axis]) * (float) perUnit[axis];
            return (int) Math.min(CELLS - 1, Math.max(0, cell));
        }
    }

    /**
     * The order itself: by interleaved bits of the centres' cells, Gaussians of one cell by index.
     *
     * @param gaussians any Gaussians
     * @return indices, each once
     */
    public static int[] of(Gaussians gaussians) {
        int n = gaussians.count();
        float[] means = gaussians.means();
        double[] sums = new double[3];
        double[] squares = new double[3];
        for (int k = 0; k < means.length; k++) {
            sums[k % 3] += means[k];
            squares[k % 3] += (double) means[k] * means[k];
        }
        Grid grid = Grid.of(sums, squares, n);
        long[] keys = new long[n];
        for (int i = 0; i < n; i++) {
            long key = 0;
            for (int axis = 0; axis < 3; axis++) {
                key |= spread(grid.cell(means[3 * i + axis], axis)) << axis;
            }
            keys[i] = key << Integer.SIZE | i;
        }
        Arrays.sort(keys);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    /** Moves bit k of the lowest 10 to bit 3 k. */
    private static long spread(int value) {
        int x = value;
        x = (x | x << 16) & 0x030000ff;
        x = (x | x << 8) & 0x0300f00f;
        x = (x | x << 4) & 0x030c30c3;
        return (x | x << 2) & 0x09249249;
    }
}
