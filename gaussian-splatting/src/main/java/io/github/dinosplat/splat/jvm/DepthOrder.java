package io.github.dinosplat.splat.jvm;

/** Stable radix sort of the visible Gaussians by depth, nearest first; equal depths stay in index order. */
final class DepthOrder {

    private static final int BITS = 11;
    private static final int BUCKETS = 1 << BITS;

    private int[] keys = new int[0];
    private int[] otherKeys = new int[0];
    private int[] other = new int[0];
    private final int[][] histograms = new int[3][BUCKETS];

    /** Fills {@code frame.order}, {@code frame.visible}, {@code frame.slotStart} and {@code frame.hits}. */
    void run(Frame frame, int count) {
        if (keys.length < count) {
            keys = new int[count];
            otherKeys = new int[count];
            other = new int[count];
        }
        for (int[] histogram : histograms) {
            java.util.Arrays.fill(histogram, 0);
        }
        int visible = 0;
        long hits = 0;
        for (int i = 0; i < count; i++) {
            frame.slotStart[i] = (int) hits;
            if (frame.hitCount[i] > 0) {
                hits += frame.hitCount[i];
                // Depths are positive, so their bits order as they do.
                int key = Float.floatToRawIntBits(frame.splats[i * Splat.STRIDE + Splat.DEPTH]);
                keys[visible] = key;
                frame.order[visible++] = i;
                histograms[0][key & BUCKETS - 1]++;
                histograms[1][key >>> BITS & BUCKETS - 1]++;
                histograms[2][key >>> 2 * BITS]++;
            }
        }
        if (hits > Integer.MAX_VALUE) {
            throw new IllegalStateException("the picture needs " + hits + " tile hits, more than an array can hold");
        }
        frame.slotStart[count] = (int) hits;
        frame.visible = visible;
        frame.hits = (int) hits;
        pass(0, visible, keys, frame.order, otherKeys, other);
        pass(1, visible, otherKeys, other, keys, frame.order);
        pass(2, visible, keys, frame.order, otherKeys, other);
        System.arraycopy(other, 0, frame.order, 0, visible);
    }

    private void pass(int digit, int count, int[] fromKeys, int[] from, int[] toKeys, int[] to) {
        int[] start = histograms[digit];
        int sum = 0;
        for (int b = 0; b < BUCKETS; b++) {
            int size = start[b];
            start[b] = sum;
            sum += size;
        }
        int shift = digit * BITS;
        for (int i = 0; i < count; i++) {
            int at = start[fromKeys[i] >>> shift & BUCKETS - 1]++;
            toKeys[at] = fromKeys[i];
            to[at] = from[i];
        }
    }
}
