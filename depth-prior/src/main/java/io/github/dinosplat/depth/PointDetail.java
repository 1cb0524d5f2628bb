package io.github.dinosplat.depth;

import java.util.Arrays;

/**
 * What a map on a coarse grid leaves of the values at its points, given back within a pixel or two of each: beside a point
 * nothing knows better than the point itself. What is far from what the map leaves elsewhere is a mismatch and stays out.
 */
final class PointDetail {

    /** Pixels over which a point's value fades into the map's (standard deviation). */
    private static final double WIDTH = 1;
    /** Beyond this many pixels there is nothing left of it; the side of a bucket. */
    private static final int REACH = (int) Math.ceil(3 * WIDTH);
    /** The map's own say beside that of a point at its place. */
    private static final double MAP = 0.1;
    /** What is left of a mismatch is more than so many times the typical. */
    private static final double MISMATCH = 6;

    private final double[] x;
    private final double[] y;
    private final double[] left;
    private final int columns;
    private final int rows;
    /** Points of bucket b: {@code order[start[b]]} to {@code order[start[b + 1] - 1]}. */
    private final int[] start;

    private final int[] order;

    /**
     * Detail of a map.
     *
     * @param x of each point in pixels of the map
     * @param y of each point in pixels of the map
     * @param left its value less the map's
     * @param width of the map
     * @param height of the map
     */
    PointDetail(double[] x, double[] y, double[] left, int width, int height) {
        this.x = x;
        this.y = y;
        this.left = left;
        columns = width / REACH + 1;
        rows = height / REACH + 1;
        double[] sorted = Arrays.stream(left).map(Math::abs).sorted().toArray();
        double most = left.length == 0 ? 0 : MISMATCH * 1.4826 * sorted[sorted.length / 2] + 1e-9;
        start = new int[columns * rows + 1];
        for (int i = 0; i < left.length; i++) {
            if (Math.abs(left[i]) <= most) {
                start[bucket(i) + 1]++;
            }
        }
        for (int b = 0; b + 1 < start.length; b++) {
            start[b + 1] += start[b];
        }
        order = new int[start[start.length - 1]];
        int[] next = start.clone();
        for (int i = 0; i < left.length; i++) {
            if (Math.abs(left[i]) <= most) {
                order[next[bucket(i)]++] = i;
            }
        }
    }

    /** No detail at all. */
    static PointDetail none(int width, int height) {
        return new PointDetail(new double[0], new double[0], new double[0], width, height);
    }

    private int bucket(int i) {
        return (int) (y[i] / REACH) * columns + (int) (x[i] / REACH);
    }

    /** What comes to the map's value at a place in its pixels. */
    double at(double px, double py) {
        double sum = MAP;
        double value = 0;
        int column = (int) (px / REACH);
        int row = (int) (py / REACH);
        for (int r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
            int first = start[r * columns + Math.max(0, column - 1)];
            int end = start[r * columns + Math.min(columns - 1, column + 1) + 1];
            for (int k = first; k < end; k++) {
                int i = order[k];
                double d2 = (x[i] - px) * (x[i] - px) + (y[i] - py) * (y[i] - py);
                double w = Math.exp(-0.5 * d2 / (WIDTH * WIDTH));
                sum += w;
                value += w * left[i];
            }
        }
        return value / sum;
    }
}
