package io.github.dinosplat.splat.stereo;

import java.util.function.IntPredicate;

/** Connected groups of a picture's pixels. */
public final class Islands {

    private Islands() {}

    /** Whether two pixels next to each other, both of islands, belong to the same one. */
    @FunctionalInterface
    public interface Join {

        /**
         * Compares neighbours.
         *
         * @param from index of a pixel, row by row
         * @param to index of a pixel beside, above or below
         * @return whether they belong together
         */
        boolean together(int from, int to);
    }

    /**
     * Finds the pixels of small islands.
     *
     * @param width of the picture
     * @param height of the picture
     * @param land which pixels, counted row by row, belong to islands at all
     * @param join which neighbours belong together
     * @param least how many pixels an island has that is not small
     * @return [height, width]: the pixels of islands that are smaller
     */
    public static boolean[] small(int width, int height, IntPredicate land, Join join, double least) {
        int n = width * height;
        boolean[] small = new boolean[n];
        boolean[] done = new boolean[n];
        int[] island = new int[n];
        for (int seed = 0; seed < n; seed++) {
            if (!done[seed] && land.test(seed)) {
                int size = grow(seed, width, land, join, done, island);
                for (int k = 0; k < size && size < least; k++) {
                    small[island[k]] = true;
                }
            }
        }
        return small;
    }

    /** Fills in the pixels of the island around a seed; returns how many there are. */
    private static int grow(int seed, int width, IntPredicate land, Join join, boolean[] done, int[] island) {
        int size = 0;
        island[size++] = seed;
        done[seed] = true;
        for (int k = 0; k < size; k++) {
            int i = island[k];
            int x = i % width;
            int[] neighbours = {
                x > 0 ? i - 1 : -1, x + 1 < width ? i + 1 : -1, i - width, i + width < done.length ? i + width : -1
            };
            for (int j : neighbours) {
                if (j >= 0 && !done[j] && land.test(j) && join.together(i, j)) {
                    done[j] = true;
                    island[size++] = j;
                }
            }
        }
        return size;
    }
}
