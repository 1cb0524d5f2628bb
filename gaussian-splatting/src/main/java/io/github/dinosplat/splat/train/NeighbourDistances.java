package io.github.dinosplat.splat.train;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Distances between neighbouring points by a kd-tree: the density of sparse points varies by orders of magnitude, where
 * a grid would degenerate.
 */
final class NeighbourDistances {

    private static final int LEAF = 8;

    private final double[] positions;
    private final int[] order;
    /** Splitting axis of the node whose middle element is at a position of {@link #order}. */
    private final byte[] splitAxis;

    private NeighbourDistances(double[] positions) {
        this.positions = positions;
        order = IntStream.range(0, positions.length / 3).toArray();
        splitAxis = new byte[order.length];
        build(0, order.length);
    }

    /**
     * The mean distance of every point to its three nearest others.
     *
     * @param positions [N, 3]
     * @return [N]; fewer neighbours are averaged where there are fewer points, and 0 for a point that is alone
     */
    static double[] meanOfThree(double[] positions) {
        NeighbourDistances tree = new NeighbourDistances(positions);
        int n = positions.length / 3;
        double[] mean = new double[n];
        Nearest best = new Nearest(3);
        for (int i = 0; i < n; i++) {
            tree.search(i, 0, n, best.cleared());
            double sum = 0;
            int found = 0;
            for (double d2 : best.squares) {
                if (d2 < Double.POSITIVE_INFINITY) {
                    sum += Math.sqrt(d2);
                    found++;
                }
            }
            mean[i] = found == 0 ? 0 : sum / found;
        }
        return mean;
    }

    /**
     * The nearest others of every point.
     *
     * @param positions [N, 3]
     * @param count how many, at least 1
     * @return [N, count] indices, the nearest first; -1 where there are fewer points
     */
    static int[] nearest(double[] positions, int count) {
        NeighbourDistances tree = new NeighbourDistances(positions);
        int n = positions.length / 3;
        int[] nearest = new int[n * count];
        Nearest best = new Nearest(count);
        for (int i = 0; i < n; i++) {
            tree.search(i, 0, n, best.cleared());
            System.arraycopy(best.indices, 0, nearest, i * count, count);
        }
        return nearest;
    }

    /** The nearest points found so far. */
    private static final class Nearest {

        final double[] squares;
        final int[] indices;

        Nearest(int count) {
            squares = new double[count];
            indices = new int[count];
        }

        Nearest cleared() {
            Arrays.fill(squares, Double.POSITIVE_INFINITY);
            Arrays.fill(indices, -1);
            return this;
        }

        double farthest() {
            return squares[squares.length - 1];
        }

        void offer(int index, double square) {
            if (square >= farthest()) {
                return;
            }
            int at = squares.length - 1;
            while (at > 0 && squares[at - 1] > square) {
                squares[at] = squares[at - 1];
                indices[at] = indices[at - 1];
                at--;
            }
            squares[at] = square;
            indices[at] = index;
        }
    }

    private void build(int from, int to) {
        if (to - from <= LEAF) {
            return;
        }
        int axis = widestAxis(from, to);
        int middle = (from + to) >>> 1;
        splitAxis[middle] = (byte) axis;
        select(from, to - 1, middle, axis);
        build(from, middle);
        build(middle + 1, to);
    }

    private int widestAxis(int from, int to) {
        int widest = 0;
        double most = -1;
        for (int axis = 0; axis < 3; axis++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int i = from; i < to; i++) {
                double v = positions[3 * order[i] + axis];
                low = Math.min(low, v);
                high = Math.max(high, v);
            }
            if (high - low > most) {
                most = high - low;
                widest = axis;
            }
        }
        return widest;
    }

    /** Quickselect with the middle element as pivot: afterwards smaller values lie before {@code k}, larger after. */
    private void select(int from, int to, int k, int axis) {
        int low = from;
        int high = to;
        while (low < high) {
            double pivot = positions[3 * order[(low + high) >>> 1] + axis];
            int i = low;
            int j = high;
            while (i <= j) {
                while (positions[3 * order[i] + axis] < pivot) {
                    i++;
                }
                while (positions[3 * order[j] + axis] > pivot) {
                    j--;
                }
                if (i <= j) {
                    int t = order[i];
                    order[i++] = order[j];
                    order[j--] = t;
                }
            }
            if (k <= j) {
                high = j;
            } else if (k >= i) {
                low = i;
            } else {
                return;
            }
        }
    }

    private void search(int point, int from, int to, Nearest best) {
        if (to - from <= LEAF) {
            for (int i = from; i < to; i++) {
                offer(point, order[i], best);
            }
            return;
        }
        int middle = (from + to) >>> 1;
        offer(point, order[middle], best);
        int axis = splitAxis[middle];
        double d = positions[3 * point + axis] - positions[3 * order[middle] + axis];
        boolean left = d < 0;
        search(point, left ? from : middle + 1, left ? middle : to, best);
        if (d * d < best.farthest()) {
            search(point, left ? middle + 1 : from, left ? to : middle, best);
        }
    }

    private void offer(int point, int other, Nearest best) {
        if (other == point) {
            return;
        }
        double d2 = 0;
        for (int axis = 0; axis < 3; axis++) {
            double d = positions[3 * point + axis] - positions[3 * other + axis];
            d2 += d * d;
        }
        best.offer(other, d2);
    }
}
